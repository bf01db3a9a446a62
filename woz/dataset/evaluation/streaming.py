"""Replies scored by StreamingBench's and by OVO-Bench's rules, from their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean

from woz.base.errors import WozError
from woz.dataset.evaluation.files import demand_same, lines_by, value_of
from woz.dataset.measures.proactive import (
    OVO_GROUPS,
    ovo_choice,
    ovo_count,
    ovo_scores,
    ovo_yes_no,
    streaming_bench,
)

Figures = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be said, and when (s)."""

    id: str
    time: float
    output: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The last reply, and when it was given (s)."""

    id: str
    time: float
    reply: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """`type` is 1 where yes is right."""

    response: str | None = None
    type: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    id: int | str
    task: str
    ground_truth: str | None = None
    response: str | None = None
    test_info: list[_Asked] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ovo:
    backward: list[_Item] = field(default_factory=list)
    realtime: list[_Item] = field(default_factory=list)
    forward: list[_Item] = field(default_factory=list)


def score_streaming(reference: Path, predicted: Path) -> Figures:
    """JSON Lines of `Wanted` and of `Answered`. Raises WozError for what can't be read or doesn't fit."""
    wanted = lines_by(reference, Wanted, lambda each: each.id)
    told = lines_by(predicted, Answered, lambda each: each.id)
    demand_same(wanted, told, reference, predicted)
    judged = [
        streaming_bench(each.time, each.output, told[key].time, told[key].reply) for key, each in wanted.items()
    ]
    timely, right = (fmean(float(each[i]) for each in judged) for i in (0, 1))
    return {"items": len(judged), "time_accuracy": timely, "answer_accuracy": right}


def score_ovo(reference: Path, predicted: Path) -> Figures:
    """Results as OVO-Bench stores them; what is right is taken from the reference, which may be the same file.

    Raises WozError for what can't be read, doesn't fit, or has no task of OVO-Bench's.
    """
    known, told = (_named(_items(path)) for path in (reference, predicted))
    demand_same(known, told, reference, predicted)
    hits = dict[str, list[bool]]()
    for key, item in known.items():
        if item.task not in {task for tasks in OVO_GROUPS.values() for task in tasks}:
            raise WozError(f"{reference}: {item.task} is no task of OVO-Bench.")
        if len(item.test_info) != len(told[key].test_info):
            raise WozError(
                f"{predicted} answers {key} {len(told[key].test_info)} times, not {len(item.test_info)}."
            )
        hits.setdefault(item.task, []).extend(_hits(item, told[key]))
    found = ovo_scores(hits)
    doubled = len(known) - len({(each.task, each.id) for each in known.values()})
    more: Figures = {"items_twice": doubled} if doubled else {}
    return {
        "items": len(known),
        **more,
        **found.tasks,
        **found.groups,
        "total": found.total,
        **_lacking(asdict(found)),
    }


def _lacking(found: Mapping[str, object]) -> Figures:
    """How many of the tasks there is no figure of."""
    tasks = found["tasks"]
    assert isinstance(tasks, dict)
    lacking = sum(map(len, OVO_GROUPS.values())) - len(tasks)
    return {"tasks_without_items": lacking} if lacking else {}


def _hits(known: _Item, told: _Item) -> Iterable[bool]:
    if not known.test_info:
        yield ovo_choice(told.response, known.ground_truth or "")
    for asked, answered in zip(known.test_info, told.test_info, strict=True):
        if asked.count is not None:
            yield ovo_count(answered.response, asked.count)
        else:
            yield ovo_yes_no(answered.response, asked.type == 1)


def _named(items: Iterable[_Item]) -> dict[str, _Item]:
    """By task, id and how often it came before: stored results hold some twice, and both are counted."""
    found = dict[str, _Item]()
    seen = Counter[str]()
    for each in items:
        name = f"{each.task} {each.id}"
        found[f"{name} again {seen[name]}" if seen[name] else name] = each
        seen[name] += 1
    return found


def _items(path: Path) -> list[_Item]:
    found = value_of(path, _Ovo)
    return [*found.backward, *found.realtime, *found.forward]
