"""What was found out about a question is kept when it is proposed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from woz.model.question import Question


def taken_over(proposed: Sequence[Question], present: Iterable[Question]) -> list[Question]:
    """Proposals with what was found out about those that ask the same: wrong answers, type, English, flags, the
    clip's length, and the texts that a model mended while the turns are as they were.
    """
    known = {question.id: question for question in present}
    return [_with(new, known.get(new.id)) for new in proposed]


def _with(new: Question, old: Question | None) -> Question:
    if old is None or not (_alike(new, old) or _mended(new, old)):
        return new
    same = replace(
        new,
        text=old.text,
        answer=old.answer,
        wording=old.wording,
        answer_wording=old.answer_wording,
        distractors=old.distractors,
        type=old.type or new.type,
        english=old.english,
        flags=old.flags,
    )
    return replace(same, clip=old.clip) if old.clip.end_ns == new.clip.end_ns else same


def _alike(new: Question, old: Question) -> bool:
    return (old.text, old.answer) == (new.text, new.answer)


def _mended(new: Question, old: Question) -> bool:
    """Whether only its texts were written anew, of turns that are as they are."""
    written = (old.wording, old.answer_wording) != (new.wording, new.answer_wording)
    return written and old.made.sources == new.made.sources and not old.made.stale
