"""What a model is asked about a dialogue: which lines ask something, and which answer it.

It names lines and writes nothing, so that each text stays what was said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from woz.base.interval import NS_PER_S
from woz.base.outside import Count
from woz.dataset.models.endpoint import Endpoint, Message, Wanted
from woz.dataset.questions.asking import repairs
from woz.dataset.questions.exchanges import HEARD_OUT_NS, Exchange, stalls, whole_answer
from woz.dataset.texts import cut_off, words_of
from woz.model.ids import TurnId
from woz.model.people import Role
from woz.model.transcript import Turn

PROMPT = """\
A trainee does a task by hand, and an expert helps by speech. You get numbered lines of what they said.
Find each question about the task that one of them asks and the other one answers, also without a question mark.
For each give "question", the number of the line that asks, and "answer", that of the first line that answers it.
Leave out what only asks to hear something again, and what nobody answers. Answer in JSON alone."""
WINDOW, STEP = 16, 12
"""Turns that are shown at a time, and how many on the next time begins."""
ANSWERED_WITHIN_NS = 60 * NS_PER_S
FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Pair:
    question: Count
    answer: Count


@dataclass(frozen=True, slots=True)
class Pairs:
    found: Annotated[list[Pair], Meta(max_length=WINDOW)]


def prompt_name() -> str:
    """How what is found names it: its text by hash, so that another text is told from it."""
    return f"prompt {hashlib.sha256(PROMPT.encode()).hexdigest()[:8]}"


def windows(turns: Sequence[Turn]) -> Iterator[Sequence[Turn]]:
    """Of a session's turns by time, runs that overlap, so that most exchanges are whole in one."""
    for first in range(0, max(1, len(turns) - WINDOW + STEP), STEP):
        if window := turns[first : first + WINDOW]:
            yield window


def exchanges_in(
    endpoint: Endpoint, window: Sequence[Turn], turns: Sequence[Turn], taken: Collection[TurnId]
) -> list[Exchange] | None:
    """What the model finds in a window of a session's turns by time; None where it gives no answer.

    An exchange that can't be is not taken: of one speaker or of a third, answered before it was asked or long
    after, of too few words, or of turns that are in `taken`. The answer goes on while its speaker does.
    """
    answer = endpoint.ask_for(_messages(window), _wanted())
    if answer is None:
        return None
    found, used = list[Exchange](), set(taken)
    for each in sorted(answer.found, key=lambda pair: (pair.question, pair.answer)):
        lines = [window[n - 1] for n in (each.question, each.answer) if 1 <= n <= len(window)]
        if len(lines) == 2 and _may_be(*lines) and not used & {line.id for line in lines}:
            later = turns[turns.index(lines[1]) + 1 :]
            found.append(Exchange((lines[0],), whole_answer(lines[1], later)))
            used |= {turn.id for turn in (lines[0], *found[-1].answered)}
    return found


def _may_be(asked: Turn, answer: Turn) -> bool:
    after_ns = answer.interval.start_ns - asked.interval.start_ns
    late = answer.interval.start_ns > asked.interval.end_ns + ANSWERED_WITHIN_NS
    speakers = {asked.speaker, answer.speaker} == {Role.TRAINEE, Role.EXPERT}
    asks = len(words_of(asked.text)) >= FEWEST_WORDS and not repairs(asked.text) and not cut_off(asked.text)
    says = bool(words_of(answer.text)) and not stalls(answer.text) and not cut_off(answer.text)
    return speakers and asks and says and after_ns >= HEARD_OUT_NS and not late


def _messages(window: Sequence[Turn]) -> list[Message]:
    lines = [f"{n}. {turn.speaker}: {turn.text}" for n, turn in enumerate(window, 1)]
    return [{"role": "system", "content": PROMPT}, {"role": "user", "content": "\n".join(lines)}]


def _wanted() -> Wanted[Pairs]:
    number = {"type": "integer"}
    pair = {
        "type": "object",
        "properties": {"question": number, "answer": number},
        "required": ["question", "answer"],
        "additionalProperties": False,
    }
    found = {"found": {"type": "array", "items": pair}}
    schema = {"type": "object", "properties": found, "required": ["found"], "additionalProperties": False}
    return Wanted("exchanges", Pairs, schema)
