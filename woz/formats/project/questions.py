"""Questions and answers, JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.places import relative, span_facts
from woz.model.question import Question


def _lines(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    """JSON Lines, one question a line; fields are described in `schemas/qa.schema.json`."""
    media = relative(bundle.media, writing.folder)
    for question in bundle.questions:
        yield json.dumps(_question(bundle, question, media), ensure_ascii=False) + "\n"


def _question(bundle: SessionBundle, question: Question, media: str) -> dict[str, object]:
    return {
        "id": question.id,
        "session": question.session_id,
        "media": media,
        "clip": span_facts(question.clip),
        "question": question.text,
        "answer": question.answer,
        "asked_by": question.asked_by,
        "asked": span_facts(question.asked),
        "answered": span_facts(question.answered),
        "step": bundle.step_name(question.step),
        "step_id": question.step,
        "kind": question.kind,
        "type": question.type,
        "asked_at_ns": question.at_ns,
        "language": question.language,
        "distractors": [each.text for each in question.distractors],
        "english": _english(question),
        "status": question.status,
        "origin": question.made.origin,
        "transcript_origin": bundle.origin,
    }


def _english(question: Question) -> dict[str, object] | None:
    if question.english is None:
        return None
    return {
        "question": question.english.text,
        "answer": question.english.answer,
        "distractors": [each.english for each in question.distractors],
        "checked": question.english.checked,
    }


FORMATS = (
    Format(
        "qa",
        "questions and answers, JSON Lines",
        "qa.jsonl",
        ("questions", "answers"),
        ("turns", "annotations"),
        "woz/formats/project/schemas/qa.schema.json",
        write=each_session("qa.jsonl", _lines),
        by_default=True,
    ),
)
