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
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n",)


FORMATS = (
    Format(
        "session",
        "what the session is, its labels, its licence, JSON",
        "session.json",
        ("start", "length", "licence", "labels' names"),
        ("turns", "annotations"),
        "docs/formats.md",
        write=each_session("session.json", _facts),
        by_default=True,
    ),
)
