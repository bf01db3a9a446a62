"""What was found out about a question is kept when it is proposed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.model.question import Question


def taken_over(proposed: Sequence[Question], present: Iterable[Question]) -> list[Question]:
    """Proposals with the wrong answers, type, English, flags and clip's length of those that ask the same."""
    known = {question.id: question for question in present}
    return [_with(new, known.get(new.id)) for new in proposed]


def _with(new: Question, old: Question | None) -> Question:
    if old is None or (old.text, old.answer) != (new.text, new.answer):
        return new
    same = replace(
        new, distractors=old.distractors, type=old.type or new.type, english=old.english, flags=old.flags
    )
    return replace(same, clip=old.clip) if old.clip.end_ns == new.clip.end_ns else same
