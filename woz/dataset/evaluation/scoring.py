"""What a run's replies come to, condition by condition."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woz.base.counts import counted
from woz.dataset.evaluation.conditions import Condition, Showing
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.predictions import Prediction, judged
from woz.dataset.evaluation.run_folder import write
from woz.dataset.evaluation.task_items import YES_NO
from woz.dataset.evaluation.windows import CONDITIONS, Windows, WindowsScore
from woz.dataset.measures.accuracy import Accuracy, Judged, Outcome, accuracy, compared
from woz.dataset.measures.average_precision import calibrated_ap
from woz.dataset.measures.clustered import Difference
from woz.dataset.models.exchanges import Exchange, Exchanges
from woz.dataset.models.replies import How, read_choice

_LENGTH = re.compile(r'"finish_reason"\s*:\s*"length"')


@dataclass(frozen=True, slots=True)
class ConditionScore:
    """`not_shown` counts questions for which there is nothing of this kind to show; `against_blind` is the paired
    difference to the blind condition; `calibrated` the calibrated AP by type of what is asked with yes and no.
    """

    answers: Accuracy
    not_shown: int = 0
    tokens: int = 0
    against_blind: Difference | None = None
    calibrated: dict[str, float | None] = field(default_factory=dict)


@dataclass(slots=True)
class RunScore:
    """`warnings` say where figures rest on a part of the questions."""

    release: str
    split: str
    model: str
    conditions: dict[str, ConditionScore] = field(default_factory=dict)
    windows: dict[str, WindowsScore] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def score_conditions(
    score: RunScore,
    items: Items,
    showing: Showing,
    conditions: Sequence[str],
    found: Exchanges,
    cluster: str,
    task: str = "",
) -> None:
    """Add each condition's figures; what was not asked, or failed, is in no figure. `task` is whose rows it is."""
    outcomes = {each: outcomes_of(items, found, named(each, task), cluster) for each in conditions}
    blind = outcomes.get(Condition.BLIND)
    for condition, each in outcomes.items():
        name = named(condition, task)
        missing = [one.id for one in each if one.outcome == Outcome.MISSING]
        not_shown = sum(showing.shown(Condition(condition), items.lines[key]) is None for key in missing)
        against = compared(each, blind)[0] if blind and condition != Condition.BLIND else None
        tokens = sum(exchange.tokens for (where, _), exchange in found.items() if where == name)
        figures = accuracy(each)
        calibrated = _calibrated(items, found, name)
        score.conditions[name] = ConditionScore(figures, not_shown, tokens, against, calibrated)
        if not figures.whole:
            score.warnings.append(_partial(name, figures, not_shown))
        if cut := cut_off(found, name):
            score.warnings.append(_thinking(name, cut))


def named(condition: str, task: str) -> str:
    """How exchanges name the condition under which a task's rows were asked."""
    return f"{task}/{condition}" if task else condition


def score_windows(score: RunScore, windows: Windows, conditions: Sequence[str], found: Exchanges) -> None:
    """Add the figures of steps or states under each condition that shows windows."""
    for name in conditions:
        if name in CONDITIONS:
            figures = windows.score(name, found)
            score.windows[windows.name(name)] = figures
            if cut := cut_off(found, windows.name(name)):
                score.warnings.append(_thinking(windows.name(name), cut))
            if figures.scored < figures.windows:
                of = counted(figures.windows, "window")
                score.warnings.append(
                    f"Figures of {windows.name(name)} rest on {figures.scored} of {of}:"
                    f" the others failed ({figures.failed}), were not asked, or have nothing of this kind to show."
                )


def _calibrated(items: Items, found: Exchanges, name: str) -> dict[str, float | None]:
    """A yes counts 1, a no 0, a reply that says neither a half."""
    by_type = dict[str, list[tuple[float, bool]]]()
    for line in items.lines.values():
        each = found.get((name, line.id))
        if line.options == YES_NO and each is not None and each.error is None:
            chosen = read_choice(each.reply, YES_NO).option
            scores = by_type.setdefault(line.type, [])
            scores.append((0.5 if chosen is None else 1.0 - chosen, line.answer == YES_NO[0]))
    return {kind: calibrated_ap(scores) for kind, scores in sorted(by_type.items())}


def outcomes_of(items: Items, found: Exchanges, condition: str, cluster: str) -> list[Judged]:
    """Of every question in one condition."""
    return judged(
        items, {each.id: each for each in predictions(found, condition) if each.id in items.lines}, cluster
    )


def predictions(found: Exchanges, condition: str) -> list[Prediction]:
    return [
        Prediction(each.id, None, each.reply, each.error) for each in found.values() if each.condition == condition
    ]


def write_predictions(folder: Path, found: Exchanges) -> None:
    """As `woz evaluate answers` reads them."""
    for name in dict.fromkeys(each.condition for each in found.values()):
        lines = [
            {"id": each.id} | ({"error": each.error} if each.error else {"reply": each.reply})
            for each in predictions(found, name)
        ]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        write(folder / "predictions" / f"{name}.jsonl", text)


def cut_off(found: Exchanges, name: str) -> int:
    """How many replies ended before the model was done thinking: within a thought, or with nothing said yet."""
    mine = (each for (where, _), each in found.items() if where == name and each.error is None)
    return sum(_unfinished(each) for each in mine)


def _unfinished(each: Exchange) -> bool:
    how = read_choice(each.reply, YES_NO).how
    return how == How.UNFINISHED or (how == How.SILENT and bool(_LENGTH.search(each.raw)))


def _thinking(name: str, count: int) -> str:
    told = "A reply" if count == 1 else f"{count} replies"
    return (
        f"{told} of {name} ended before the model had done thinking, and no option is named there: run it with a"
        " longer --reply-tokens, 1024 say, and another --out."
    )


def _partial(name: str, figures: Accuracy, not_shown: int) -> str:
    unasked = figures.outcomes[Outcome.MISSING] - not_shown
    parts = {
        "requests failed": figures.outcomes[Outcome.FAILED],
        "were not asked": unasked,
        "have nothing of this kind to show": not_shown,
    }
    why = ", ".join(f"{count} {what}" for what, count in parts.items() if count)
    return f"Figures of {name} rest on {figures.scored} of {counted(figures.items, 'question')} ({why})."
