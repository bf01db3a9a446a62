"""Who spoke when, in NIST's Rich Transcription Time Marked format (RT-09 evaluation plan, appendix A)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session

_BLANKS = re.compile(r"\s+")


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    name = _BLANKS.sub("_", bundle.session.id)
    for turn in bundle.turns:
        yield (
            f"SPEAKER {name} 1 {seconds(turn.interval.start_ns):.3f} {seconds(turn.interval.duration_ns):.3f} "
            f"<NA> <NA> {turn.speaker} <NA> <NA>\n"
        )


FORMATS = (
    Format(
        "rttm",
        "who spoke when, RTTM",
        "turns.rttm",
        ("turns' times", "speakers"),
        ("what was said", "annotations"),
        "NIST RT-09 evaluation plan, appendix A",
        write=each_session("turns.rttm", _write),
        by_default=True,
    ),
)
