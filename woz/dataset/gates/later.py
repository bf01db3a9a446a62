"""Wrong answers that are said later in the session than the question, when they are right of something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.base.counts import counted
from woz.base.interval import seconds
from woz.dataset.gates.item import Finding, Gate, Item
from woz.model.question import Question

NAME = "said later"
MOST_LATER = 0.5
"""Of the question sets at most this part is flagged. Where a procedure has few sessions, wrong answers are mostly
from the same one, so that nearly all would be, and a flag would say nothing."""


def later_gate(items: Sequence[Item], most: float = MOST_LATER) -> Gate:
    """`most` is the part of the question sets, from 0 to 1; where more would be flagged, none is, which is said."""
    known: dict[str, Question] = {item.question.id: item.question for item in items}
    said = {item.question.id: times for item in items if (times := sorted(_later(item, known)))}
    findings = tuple(Finding(key, _reason(times)) for key, times in said.items())
    if not findings:
        return Gate(NAME, len(items))
    sets = counted(len(findings), "question set")
    told = f"Wrong answers that are said later in the same session: {sum(map(len, said.values()))}, of {sets}."
    if len(findings) <= most * len(items):
        return Gate(NAME, len(items), findings, (told,))
    off = f"That is more than {100 * most:.0f} % of {len(items)}, so that none is flagged (--most-later)."
    return Gate(NAME, len(items), (), (told, off))


def _later(item: Item, known: dict[str, Question]) -> Iterator[int]:
    """When each of them begins to be said, in session time."""
    for wrong in item.question.distractors:
        source = known.get(wrong.source)
        if source is None or source.session_id != item.question.session_id:
            continue
        if source.answered.start_ns >= item.question.at_ns:
            yield source.answered.start_ns


def _reason(times: Sequence[int]) -> str:
    wrong = counted(len(times), "wrong answer is", "wrong answers are")
    first = "" if len(times) == 1 else "the first "
    return f"{wrong} said later in the same session, {first}at {seconds(times[0]):.1f} s."
