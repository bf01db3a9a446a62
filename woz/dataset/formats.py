"""The export formats, each a function from a session's bundle to the text of a file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from woz.base.clock import iso_utc
from woz.base.interval import Interval, seconds
from woz.dataset.bundle import SessionBundle
from woz.model.own_schemes import MISTAKE, STATES, STEPS
from woz.model.question import Question

RTTM_NAMES = re.compile(r"\s+")


def session_facts(bundle: SessionBundle, folder: Path) -> str:
    """What the other files don't say of the session, one JSON object."""
    session, transcript = bundle.session, bundle.transcript
    provenance = session.provenance
    facts = {
        "session": session.id,
        "title": session.title,
        "start_utc": iso_utc(session.start_utc_ns),
        "duration_s": None if session.duration_ns is None else round(seconds(session.duration_ns), 3),
        "media": _relative(bundle.media, folder),
        "source": provenance.source if provenance else None,
        "licence": provenance.licence if provenance else None,
        "language": transcript.language if transcript else None,
        "transcript_origin": bundle.origin,
        "labels": {key: [{"id": k, "name": n} for k, n in bundle.labels(key).items()] for key in (STEPS, STATES)},
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def question_lines(bundle: SessionBundle, folder: Path) -> str:
    """JSON Lines, one question a line; fields are described in `schemas/qa.schema.json`."""
    media = _relative(bundle.media, folder)
    lines = (json.dumps(_question(bundle, question, media), ensure_ascii=False) for question in bundle.questions)
    return "".join(line + "\n" for line in lines)


def _question(bundle: SessionBundle, question: Question, media: str) -> dict[str, object]:
    return {
        "id": question.id,
        "session": question.session_id,
        "media": media,
        "clip": _span(question.clip),
        "question": question.text,
        "answer": question.answer,
        "asked_by": question.asked_by,
        "asked": _span(question.asked),
        "answered": _span(question.answered),
        "step": bundle.step_name(question.step),
        "step_id": question.step,
        "choices": list(question.choices),
        "status": question.status,
        "origin": question.made.origin,
        "transcript_origin": bundle.origin,
    }


def webvtt(bundle: SessionBundle, folder: Path) -> str:
    """Turns as cues with voices (W3C WebVTT)."""
    head = f"WEBVTT\n\nNOTE session {bundle.session.id}, transcript: {bundle.origin or 'none'}\n"
    cues = (
        f"\n{i}\n{_stamp(turn.interval.start_ns)} --> {_stamp(turn.interval.end_ns)}\n"
        f"<v {turn.speaker}>{_escaped(turn.text)}\n"
        for i, turn in enumerate(bundle.turns, 1)
    )
    return head + "".join(cues)


def rttm(bundle: SessionBundle, folder: Path) -> str:
    """Who spoke when, in NIST's Rich Transcription Time Marked format (RT-09 evaluation plan, appendix A)."""
    name = RTTM_NAMES.sub("_", bundle.session.id)
    return "".join(
        f"SPEAKER {name} 1 {seconds(turn.interval.start_ns):.3f} {seconds(turn.interval.duration_ns):.3f} "
        f"<NA> <NA> {turn.speaker} <NA> <NA>\n"
        for turn in bundle.turns
    )


def turns_csv(bundle: SessionBundle, folder: Path) -> str:
    header = ("start_s", "end_s", "said_start_s", "said_end_s", "speaker", "text", "confidence", "origin")
    rows = (
        (
            *_pair(turn.interval),
            *(_pair(turn.said) if turn.said else ("", "")),
            turn.speaker,
            turn.text,
            "" if turn.confidence is None else f"{turn.confidence:.3f}",
            bundle.origin or "",
        )
        for turn in bundle.turns
    )
    return _csv(header, rows)


def steps_csv(bundle: SessionBundle, folder: Path) -> str:
    return _segments_csv(bundle, STEPS)


def states_csv(bundle: SessionBundle, folder: Path) -> str:
    return _segments_csv(bundle, STATES)


def _segments_csv(bundle: SessionBundle, tier_type: str) -> str:
    header = ("start_s", "end_s", "label", "label_id", "mistake", "note", "tier", "annotator", "origin")
    rows = (
        (
            *_pair(segment.interval),
            bundle.label_name(tier, segment.label),
            segment.label,
            "yes" if segment.value(MISTAKE) is True else "no",
            segment.note,
            tier.name,
            bundle.maker(tier),
            tier.made.origin,
        )
        for tier, segment in bundle.of_type(tier_type)
    )
    return _csv(header, rows)


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _escaped(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(ns: int) -> str:
    milliseconds = round(ns / 1e6)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _pair(interval: Interval) -> tuple[str, str]:
    return f"{seconds(interval.start_ns):.3f}", f"{seconds(interval.end_ns):.3f}"


def _span(interval: Interval) -> dict[str, object]:
    return {
        "start_s": round(seconds(interval.start_ns), 3),
        "end_s": round(seconds(interval.end_ns), 3),
        "start_ns": interval.start_ns,
        "end_ns": interval.end_ns,
    }


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()
