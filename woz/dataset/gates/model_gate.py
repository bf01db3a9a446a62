"""Which questions models answer without what they are about, with the false alarms measured.

A model that likes one text takes it in every order, whatever is asked. So the same replies are scored as if a wrong
option were right: how many questions would be flagged then is how many flags are false, and a rule is only taken
where that is a small part of what it flags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from woz.base.counts import counted
from woz.dataset.gates.conditions import FROM, Condition
from woz.dataset.gates.item import Finding, Gate
from woz.dataset.models.replies import Choice


@dataclass(frozen=True, slots=True)
class Rule:
    """A question is flagged where `models` or more find its answer in `hits` of `orders` orders or more.

    `most_false` is the share of flags that may be false.
    """

    hits: int = 4
    orders: int = 5
    models: int = 2
    most_false: float = 0.2

    def needed(self, orders: int) -> int:
        """Of another number of orders, the same part, rounded up."""
        return -(-self.hits * orders // self.orders)


@dataclass(slots=True)
class Tally:
    """How often each model took each option of a question, each order put once.

    `taken` has, for each model that answered in every order, a count per option; `unread` counts replies that named
    none, `failed` requests without an answer.
    """

    question_id: str
    right: int
    options: int
    taken: dict[str, list[int]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)

    def add(self, model: str, choices: Sequence[Choice | None]) -> None:
        """What a model chose in each order, by the options' own numbers; None where no answer came."""
        given = [choice for choice in choices if choice is not None]
        self.failed[model] = len(choices) - len(given)
        self.unread[model] = sum(not choice.answered for choice in given)
        if len(given) == len(choices):
            self.taken[model] = [sum(choice.option == n for choice in given) for n in range(self.options)]

    def finders(self, option: int, rule: Rule) -> list[str]:
        needed = rule.needed(self.options)
        return [model for model, taken in self.taken.items() if taken[option] >= needed]

    def flagged(self, option: int, rule: Rule) -> bool:
        return len(self.finders(option, rule)) >= rule.models


def gate_of(condition: Condition, tallies: Sequence[Tally], models: Sequence[str], rule: Rule) -> Gate:
    """What a condition's replies say. With fewer models than the rule asks for, all of them must find an answer.
    One that named no option in any reply can find none, and doesn't count.
    """
    name = f"model, {condition}"
    heard = [model for model in models if not _silent(model, tallies)]
    rule = replace(rule, models=max(1, min(rule.models, len(heard))))
    judged = [each for each in tallies if len(each.taken.keys() & set(heard)) >= rule.models]
    told = [line for model in models for line in _of_model(model, tallies)]
    if not judged:
        return Gate(name, 0, whole=(*told, "Nothing that it could show, or no answers: nothing is judged."))
    taken = next(_trusted(judged, rule, len(heard)), None)
    if taken is None:
        flags, false = _flags(judged, rule)
        told.append(
            f"{_said(rule)} would flag {flags}, but {false:.1f} of them by liking one text: nothing is flagged."
        )
        return Gate(name, len(judged), whole=tuple(told))
    flags, false = _flags(judged, taken)
    raised = "" if taken == rule else f" (raised from {rule.hits} of {rule.orders} in {rule.models})"
    told.append(
        f"{_said(taken)}{raised} flags {flags}; by the wrong options, {false:.1f} of them are false alarms."
    )
    findings = [
        Finding(each.question_id, _reason(condition, each, taken))
        for each in judged
        if each.flagged(each.right, taken)
    ]
    return Gate(name, len(judged), tuple(findings), tuple(told))


def _silent(model: str, tallies: Sequence[Tally]) -> bool:
    """Whether it answered, and never by naming an option."""
    taken = [each.taken[model] for each in tallies if model in each.taken]
    return bool(taken) and not any(map(sum, taken))


def _trusted(tallies: Sequence[Tally], rule: Rule, models: int) -> Iterator[Rule]:
    """The rule, then stricter ones, where few enough flags are false."""
    for count in range(rule.models, models + 1):
        for hits in range(rule.hits, rule.orders + 1):
            stricter = replace(rule, hits=hits, models=count)
            flags, false = _flags(tallies, stricter)
            if false <= rule.most_false * flags:
                yield stricter


def _flags(tallies: Sequence[Tally], rule: Rule) -> tuple[int, float]:
    """How many are flagged, and how many would be if a wrong option, drawn at random, were right: its mean."""
    flagged = sum(each.flagged(each.right, rule) for each in tallies)
    return flagged, sum(_wrongly(each, rule) for each in tallies)


def _wrongly(tally: Tally, rule: Rule) -> float:
    wrong = [option for option in range(tally.options) if option != tally.right]
    return sum(tally.flagged(option, rule) for option in wrong) / len(wrong)


def _said(rule: Rule) -> str:
    models = "one model" if rule.models == 1 else f"{rule.models} models"
    return f"{rule.hits} of {counted(rule.orders, 'order')} in {models}"


def _of_model(model: str, tallies: Sequence[Tally]) -> Iterator[str]:
    whole = [each for each in tallies if model in each.taken]
    put = sum(each.options for each in whole)
    failed, unread = (sum(counts.get(model, 0) for counts in each) for each in _counts(tallies))
    if put:
        right, replies = sum(each.taken[model][each.right] for each in whole), counted(put, "reply", "replies")
        line = f"{model}: right in {100 * right / put:.1f} % of {replies}; chance {100 * len(whole) / put:.1f} %."
        none = f" {unread} named no option." if unread else ""
        yield line + (f"{none} It doesn't count." if _silent(model, tallies) else none)
    if failed:
        yield f"{model}: {counted(failed, 'request')} got no answer; their questions are not judged by it."


def _counts(tallies: Sequence[Tally]) -> tuple[list[Mapping[str, int]], list[Mapping[str, int]]]:
    return [each.failed for each in tallies], [each.unread for each in tallies]


def _reason(condition: Condition, tally: Tally, rule: Rule) -> str:
    found = [
        f"{model} in {tally.taken[model][tally.right]} of {counted(tally.options, 'order')}"
        for model in tally.finders(tally.right, rule)
    ]
    return f"Found {FROM[condition]} by {', '.join(found)}."
