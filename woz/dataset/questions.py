"""Proposes questions and answers from the dialogue: a turn that asks, and the other's reply."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

from woz.annotation.staleness import sources_of
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import QuestionId, SessionId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question
from woz.model.transcript import Turn

REPLY_WITHIN_NS = 8 * NS_PER_S
CLIP_BEFORE_NS = 2 * NS_PER_S
CLIP_AFTER_NS = NS_PER_S // 2
_NAMESPACE = uuid.UUID("b6a0c9d4-2a1f-4f0e-8f55-8b3a53b1d9a7")

_ENDS = re.compile(r"[?？؟]\s*[\"'”’)]*\s*$")
_OPENINGS = re.compile(
    r"^\W*(what|which|where|when|who|why|how|is|are|do|does|did|can|could|should|shall|will|may"
    r"|cosa|che|quale|quali|dove|quando|chi|perché|come|posso|devo"
    r"|was|welche[rs]?|wo|wann|wer|warum|wie|kann|soll|muss"
    r"|que|quoi|quel(?:le)?s?|où|quand|qui|pourquoi|comment|est-ce"
    r"|qué|cuál(?:es)?|dónde|cuándo|quién|por qué|cómo|puedo|debo)\b",
    re.IGNORECASE,
)
_CJK_ENDS = re.compile(r"(ですか|ますか|かな|吗|呢)[。．.]?\s*$")


def asks(text: str) -> bool:
    """Whether a turn asks something: by its punctuation, or, where it has none, by its first or last word."""
    if _ENDS.search(text) or _CJK_ENDS.search(text):
        return True
    unpunctuated = not re.search(r"[.!。！]\s*$", text)
    return unpunctuated and bool(_OPENINGS.match(text))


def propose(
    session_id: SessionId, turns: Sequence[Turn], steps: Sequence[Annotation], duration_ns: int
) -> tuple[Question, ...]:
    """Each asking turn with the other's first reply that begins within some seconds of its end.

    A question names both turns as its sources. The clip begins a little before it and ends with the answer. The ids
    follow from session and time, so that proposing again gives the same ones.
    """
    ordered = sorted(turns, key=lambda turn: turn.interval)
    found = []
    for i, turn in enumerate(ordered):
        reply = _reply(turn, ordered[i + 1 :]) if asks(turn.text) else None
        if reply:
            found.append(_question(session_id, turn, reply, steps, duration_ns))
    return tuple(found)


def _reply(asked: Turn, later: Sequence[Turn]) -> Turn | None:
    for turn in later:
        if turn.interval.start_ns > asked.interval.end_ns + REPLY_WITHIN_NS:
            return None
        if turn.speaker not in (asked.speaker, Role.OTHER):
            return turn
        if asks(turn.text):
            return None
    return None


def _question(
    session_id: SessionId, asked: Turn, reply: Turn, steps: Sequence[Annotation], duration_ns: int
) -> Question:
    start_ns = max(0, asked.interval.start_ns - CLIP_BEFORE_NS)
    clip = Interval(start_ns, max(start_ns, min(duration_ns, reply.interval.end_ns + CLIP_AFTER_NS)))
    step = next((s.label for s in steps if asked.interval.start_ns in s.interval), None)
    question_id = QuestionId(uuid.uuid5(_NAMESPACE, f"{session_id}/{asked.interval.start_ns}").hex)
    made = Made(Origin.DERIVED, sources=sources_of((asked, reply)))
    spans = asked.interval, reply.interval
    return Question(question_id, session_id, clip, asked.speaker, asked.text, reply.text, *spans, step, made=made)
