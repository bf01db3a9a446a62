"""A question set as the gates see it, and what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from woz.model.ids import AnnotationId
from woz.model.question import Question
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Item:
    """`group` is what stays together in a split, `options` are as released, `turns` the session's by time, `people`
    are in it by pseudonym, `starts` says when the segments that it rests on begin (ns).
    """

    question: Question
    group: str
    split: str
    place: str
    options: tuple[str, ...]
    turns: Sequence[Turn] = field(repr=False)
    people: tuple[str, ...] = ()
    starts: Mapping[AnnotationId, int] = field(default_factory=dict, repr=False)

    @property
    def right(self) -> int:
        return self.options.index(self.question.answer)

    @property
    def put(self) -> bool:
        """Whether the question's text is the rule's own, the same for all."""
        return bool(self.question.wording.how)


@dataclass(frozen=True, slots=True)
class Finding:
    """`reason` is a sentence for a person."""

    question_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What a gate found: of how many it judged, and what holds of all of them together, in words."""

    name: str
    judged: int
    findings: tuple[Finding, ...] = ()
    whole: tuple[str, ...] = ()
