"""What a session is, its labels and its licence: one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable

from woz.base.clock import iso_utc
from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.places import relative
from woz.model.own_schemes import STATES, STEPS
from woz.model.stream import StreamKind


def _facts(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    """What the other files don't say of the session, one JSON object."""
    session, transcript = bundle.session, bundle.transcript
    provenance = session.provenance
    facts = {
        "session": session.id,
        "title": session.title,
        "start_utc": iso_utc(session.start_utc_ns),
        "duration_s": None if session.duration_ns is None else round(seconds(session.duration_ns), 3),
        "media": relative(bundle.media, writing.folder),
        "source": provenance.source if provenance else None,
        "licence": provenance.licence if provenance else None,
        "language": transcript.language if transcript else None,
        "transcript_origin": bundle.origin,
        "labels": {key: [{"id": k, "name": n} for k, n in bundle.labels(key).items()] for key in (STEPS, STATES)},
    }
    return (json.dumps({**facts, **_views_and_takes(bundle)}, ensure_ascii=False, indent=1) + "\n",)


def _views_and_takes(bundle: SessionBundle) -> dict[str, object]:
    """Nothing of a session that has its own view alone and no take."""
    views = [
        {"name": stream.view, "clock_map": json.loads(stream.clock_map) if stream.clock_map else None}
        for stream in bundle.streams
        if stream.kind == StreamKind.OTHER_VIEW and stream.view
    ]
    takes = [
        {
            "name": take.name,
            "start_s": seconds(take.interval.start_ns),
            "end_s": seconds(take.interval.end_ns),
            "task": take.task,
            "best_exo": take.best_exo,
        }
        for take in bundle.session.takes
    ]
    return {name: each for name, each in (("views", views), ("takes", takes)) if each}


FORMATS = (
    Format(
        "session",
        "what the session is, its labels, its licence, JSON",
        "session.json",
        ("start", "length", "licence", "labels' names", "views' clock maps", "takes"),
        ("turns", "annotations"),
        "docs/formats.md",
        write=each_session("session.json", _facts),
        by_default=True,
    ),
)
