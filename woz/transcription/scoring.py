"""How far a transcript is from another: WER, cpWER, DER, JER. Run as a child process, for what it imports.

`python -m woz.transcription.scoring` reads {"reference": …, "hypothesis": …} and writes the figures, both as JSON.

WER compares all words by time, whoever says them. cpWER (Watanabe et al., "CHiME-6 challenge", 2020) joins each
speaker's words, and takes the pairing of speakers that is best. DER and JER (Ryant et al., "The second DIHARD
challenge", 2019) compare who speaks when, without a collar, overlap counted.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from woz.base.errors import WozError
from woz.parts.place import command
from woz.transcription.models import SPEECH
from woz.transcription.references import Utterance

Figures = dict[str, float | None]


def score(reference: Sequence[Utterance], hypothesis: Sequence[Utterance]) -> Figures:
    """Figures as parts of one; None where a side holds no text. Raises WozError where nothing can be measured."""
    sides = {"reference": [asdict(u) for u in reference], "hypothesis": [asdict(u) for u in hypothesis]}
    asked = subprocess.run(
        command(SPEECH, "woz.transcription.scoring"),
        input=json.dumps(sides),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYANNOTE_METRICS_ENABLED": "0"},
    )
    if asked.returncode:
        words = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise WozError(f"The transcripts can't be compared ({words[0]}); run: woz add speech")
    figures: Figures = json.loads(asked.stdout)
    return figures


def figures(reference: list[Utterance], hypothesis: list[Utterance]) -> Figures:
    """In this process."""
    found: Figures = {"wer": None, "cpwer": None}
    if all(u.text is not None for u in (*reference, *hypothesis)):
        found = {"wer": _wer(reference, hypothesis), "cpwer": _cpwer(reference, hypothesis)}
    return {**found, **_diarization(reference, hypothesis)}


def normalised(text: str) -> str:
    """Lower case, no punctuation but apostrophes inside words."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower().replace("’", "'")).split())


def _wer(reference: list[Utterance], hypothesis: list[Utterance]) -> float | None:
    import jiwer

    said = _joined(reference)
    return float(jiwer.wer(said, _joined(hypothesis))) if said else None


def _cpwer(reference: list[Utterance], hypothesis: list[Utterance]) -> float | None:
    """By the pairing of speakers with the fewest errors; a speaker left over costs all words."""
    import jiwer
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    ours, theirs = _by_speaker(reference), _by_speaker(hypothesis)
    size, total = max(len(ours), len(theirs)), sum(len(text.split()) for text in ours)
    ours += [""] * (size - len(ours))
    theirs += [""] * (size - len(theirs))

    def errors(said: str, found: str) -> int:
        if not said:
            return len(found.split())
        out = jiwer.process_words(said, found)
        return int(out.substitutions + out.deletions + out.insertions)

    cost = np.array([[errors(said, found) for found in theirs] for said in ours])
    return float(cost[linear_sum_assignment(cost)].sum() / total) if total else None


def _by_speaker(utterances: list[Utterance]) -> list[str]:
    speakers = sorted({u.speaker for u in utterances})
    return [_joined([u for u in utterances if u.speaker == speaker]) for speaker in speakers]


def _joined(utterances: list[Utterance]) -> str:
    return " ".join(
        normalised(u.text or "") for u in sorted(utterances, key=lambda u: (u.start_s, u.end_s))
    ).strip()


def _diarization(reference: list[Utterance], hypothesis: list[Utterance]) -> Figures:
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate, JaccardErrorRate

    end_s = max(u.end_s for u in (*reference, *hypothesis))
    whole = Timeline([Segment(0.0, end_s)])
    sides = [_annotation(side) for side in (reference, hypothesis)]
    return {
        "der": float(DiarizationErrorRate(collar=0.0)(*sides, uem=whole)),
        "jer": float(JaccardErrorRate(collar=0.0)(*sides, uem=whole)),
    }


def _annotation(utterances: list[Utterance]) -> Any:
    from pyannote.core import Annotation, Segment

    found = Annotation()
    for i, u in enumerate(utterances):
        found[Segment(u.start_s, u.end_s), i] = u.speaker
    return found.support()


if __name__ == "__main__":
    data = json.load(sys.stdin)
    given = [[Utterance(**u) for u in data[side]] for side in ("reference", "hypothesis")]
    sys.stdout.write(json.dumps(figures(*given)))
