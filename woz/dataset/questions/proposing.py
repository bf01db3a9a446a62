"""Proposes question sets from a dialogue: what was asked and answered, and what the expert said unasked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.staleness import sources_of
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.questions.asking import asked_at, said
from woz.dataset.questions.cut_off import question_cut_off
from woz.dataset.questions.exchanges import Exchange, exchanges
from woz.dataset.questions.of_recording import about_recording
from woz.dataset.questions.types import type_of
from woz.dataset.questions.unasked import question_for, unasked, unasked_of_recording
from woz.model.annotation import Annotation
from woz.model.ids import QuestionId, SessionId, TurnId
from woz.model.made import PROGRAM, Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Evidence, Question, QuestionKind, Wording
from woz.model.transcript import Turn

CLIP_NS = 5 * NS_PER_S
CLIPS_S = (5, 15, 30)
"""The lengths that are usual in the field."""
_NAMESPACE = uuid.UUID("b6a0c9d4-2a1f-4f0e-8f55-8b3a53b1d9a7")


def propose(
    session_id: SessionId,
    turns: Sequence[Turn],
    steps: Sequence[Annotation],
    duration_ns: int,
    language: str = "",
    clip_ns: int = CLIP_NS,
) -> tuple[Question, ...]:
    """Each question that is answered, and each thing that the expert says unasked, by time, without what is about
    the recording (`of_recording`) and without questions that were cut off (`questions_cut_off`).

    A question names its turns as its sources, those that ask first. Its clip ends when it has been asked. The ids
    follow from session and time, so that proposing again gives the same ones.
    """
    maker = _Maker(session_id, steps, duration_ns, language, clip_ns)
    answered = exchanges(turns)
    found = [maker.asked(each) for each in answered if not _unfit(said(each.asked), language)]
    found += [maker.unasked(turn) for turn in unasked(turns, _answering(answered))]
    return tuple(sorted(found, key=lambda question: (question.at_ns, question.id)))


def of_recording(turns: Sequence[Turn]) -> int:
    """How many questions and things said unasked `propose` leaves out since they are about the recording."""
    answered = exchanges(turns)
    asked = sum(about_recording(said(each.asked)) for each in answered)
    return asked + len(unasked_of_recording(turns, _answering(answered)))


def questions_cut_off(turns: Sequence[Turn], language: str) -> int:
    """How many questions `propose` leaves out since they were cut off, besides those about the recording."""
    texts = [said(each.asked) for each in exchanges(turns)]
    return sum(question_cut_off(each, language) and not about_recording(each) for each in texts)


def _unfit(asked: str, language: str) -> bool:
    return about_recording(asked) or question_cut_off(asked, language)


def _answering(answered: Sequence[Exchange]) -> set[TurnId]:
    return {turn.id for each in answered for turn in each.answered}


def asked_sets(
    session_id: SessionId,
    answered: Sequence[Exchange],
    steps: Sequence[Annotation],
    duration_ns: int,
    language: str = "",
) -> list[Question]:
    """Question sets of exchanges that somebody else found, as `propose` would make them."""
    maker = _Maker(session_id, steps, duration_ns, language, CLIP_NS)
    return [maker.asked(each) for each in answered]


def clip_before(at_ns: int, clip_ns: int, duration_ns: int) -> Interval:
    """The clip of a length that ends at a time, cut where the session begins or ends."""
    end_ns = max(0, min(at_ns, duration_ns))
    return Interval(max(0, end_ns - clip_ns), end_ns)


class _Maker:
    def __init__(
        self, session_id: SessionId, steps: Sequence[Annotation], duration_ns: int, language: str, clip_ns: int
    ) -> None:
        self._session_id = session_id
        self._steps = steps
        self._duration_ns = duration_ns
        self._language = language
        self._clip_ns = clip_ns

    def asked(self, exchange: Exchange) -> Question:
        last, spans = exchange.asked[-1], (exchange.question_span, exchange.answer_span)
        turns = (*exchange.asked, *exchange.answered)
        texts = said(exchange.asked), said(exchange.answered)
        made = self._question(str(spans[0].start_ns), turns, asked_at(last), last.speaker, texts, spans)
        return replace(made, type=type_of(made.text))

    def unasked(self, turn: Turn) -> Question:
        """Asked in the moment before it is said, and before it is heard."""
        at_ns = min(turn.interval.start_ns, turn.said.start_ns if turn.said else turn.interval.start_ns)
        texts, spans = (question_for(self._language), said([turn])), (Interval(at_ns, at_ns), turn.interval)
        made = self._question(f"unasked/{turn.interval.start_ns}", (turn,), at_ns, Role.TRAINEE, texts, spans)
        by_rule = Wording(PROGRAM, "unasked")
        return replace(made, kind=QuestionKind.UNASKED, type="instructional", wording=by_rule)

    def _question(
        self,
        key: str,
        turns: Sequence[Turn],
        at_ns: int,
        asked_by: Role,
        texts: tuple[str, str],
        spans: tuple[Interval, Interval],
    ) -> Question:
        """`texts` and `spans` are the question's, then the answer's."""
        steps = [step for step in self._steps if step.start_ns is not None and at_ns in step.interval]
        return Question(
            QuestionId(uuid.uuid5(_NAMESPACE, f"{self._session_id}/{key}").hex),
            self._session_id,
            clip_before(at_ns, self._clip_ns, self._duration_ns),
            asked_by,
            *texts,
            *spans,
            steps[0].label if steps else None,
            made=Made(Origin.DERIVED, sources=sources_of(turns)),
            asked_ns=at_ns,
            language=self._language,
            evidence=Evidence(tuple(turn.id for turn in turns), tuple(step.id for step in steps)),
        )
