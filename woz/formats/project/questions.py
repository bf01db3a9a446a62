"""Questions and answers, JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.places import relative, span_facts
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.question import Evidence, Question
from woz.model.tier import Tier


def _lines(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    """JSON Lines, one question a line; fields are described in `schemas/qa.schema.json`."""
    media = relative(bundle.media, writing.folder)
    tiers = {tier.id: tier for tier in bundle.tiers}
    marks = {each.id: (tiers[each.tier_id], each) for each in bundle.annotations if each.tier_id in tiers}
    for question in bundle.questions:
        line = {**_question(bundle, question, media), "evidence": _evidence(bundle, question.evidence, marks)}
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _evidence(
    bundle: SessionBundle, evidence: Evidence, marks: Mapping[AnnotationId, tuple[Tier, Annotation]]
) -> dict[str, object]:
    """Segments that are gone are left out."""
    return {
        "turns": list(evidence.turns),
        "segments": [_segment(bundle, *marks[key]) for key in evidence.annotations if key in marks],
        "frames_ns": list(evidence.frames_ns),
    }


def _segment(bundle: SessionBundle, tier: Tier, segment: Annotation) -> dict[str, object]:
    return {
        "id": segment.id,
        "kind": tier.tier_type,
        "label": bundle.label_name(tier, segment.label),
        "label_id": segment.label,
        "span": None if segment.start_ns is None else span_facts(segment.interval),
    }


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
