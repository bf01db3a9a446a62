"""What a model is shown of a question set by each gate, so that finding the answer means that something leaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from woz.dataset.gates.item import Item
from woz.dataset.models.endpoint import Message
from woz.dataset.models.replies import LETTERS
from woz.dataset.models.requests import picture_part
from woz.model.transcript import Turn

HEARD_BACK_NS = 30_000_000_000
PICTURES = 8
"""Of a clip, in the middles of so many equal parts, as a release takes them."""
NO_QUESTION = "The question is not given. Which of these is the right answer?"
ASK = "Answer with the letter of one option alone. Where you can't be sure, take the likeliest."


class Condition(StrEnum):
    BLIND = "blind"
    OPTIONS = "options"
    TRANSCRIPT = "transcript"
    STEPS = "steps"
    FIRST_FRAME = "first-frame"
    WRONG_VIDEO = "wrong-video"

    @property
    def seen(self) -> bool:
        """Whether pictures are shown."""
        return self in (Condition.FIRST_FRAME, Condition.WRONG_VIDEO)


FROM = {
    Condition.BLIND: "from the question and the options alone",
    Condition.OPTIONS: "from the options alone",
    Condition.TRANSCRIPT: "from what was said before",
    Condition.STEPS: "from the task and its steps",
    Condition.FIRST_FRAME: "from the clip's first picture",
    Condition.WRONG_VIDEO: "with the clip of another session",
}


@dataclass(frozen=True, slots=True)
class Task:
    """What is done in a session: the procedure's name, its steps, and those that were done by a question's time."""

    name: str = ""
    steps: tuple[str, ...] = ()
    done: tuple[str, ...] = ()


def told(condition: Condition, item: Item, task: Task) -> list[str] | None:
    """Lines that stand before the question; None where there is nothing that the condition could show."""
    if condition == Condition.TRANSCRIPT:
        heard = heard_before(item)
        return ["Said before the question:", *heard] if heard else None
    if condition == Condition.STEPS:
        steps = [f"Steps of the task: {'; '.join(task.steps)}."] if task.steps else []
        done = [f"Done before the question: {'; '.join(task.done)}."] if task.done else []
        return [f"Task: {task.name}.", *steps, *done] if task.name and (steps or done) else None
    return []


def heard_before(item: Item) -> list[str]:
    """What had been said by the time of the question, within its clip or half a minute, without the question."""
    question = item.question
    from_ns = min(question.clip.start_ns, question.at_ns - HEARD_BACK_NS)
    own = set(question.evidence.turns)
    return [_line(turn) for turn in item.turns if _heard(turn, from_ns, question.at_ns) and turn.id not in own]


def messages(
    condition: Condition, item: Item, turned: int, lines: Sequence[str], pictures: Sequence[bytes]
) -> list[Message]:
    """The options turned on by so many places: the first stands where option `turned` of the item stood."""
    options = turned_on(item.options, turned)
    asked = NO_QUESTION if condition == Condition.OPTIONS else f"Question: {item.question.text}"
    listed = [f"{letter}. {text}" for letter, text in zip(LETTERS, options, strict=False)]
    text = "\n".join((*lines, asked, *listed, ASK))
    if not pictures:
        return [{"role": "user", "content": text}]
    return [{"role": "user", "content": [*map(picture_part, pictures), {"type": "text", "text": text}]}]


def turned_on(options: Sequence[str], by: int) -> tuple[str, ...]:
    return (*options[by:], *options[:by])


def _heard(turn: Turn, from_ns: int, at_ns: int) -> bool:
    return from_ns < turn.interval.end_ns <= at_ns


def _line(turn: Turn) -> str:
    return f"{turn.speaker}: {turn.text}"
