"""What a run's replies come to, condition by condition."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woz.dataset.evaluation.conditions import Condition, Showing
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.predictions import Prediction, judged
from woz.dataset.evaluation.run_folder import write
from woz.dataset.evaluation.windows import CONDITIONS, Windows, WindowsScore
from woz.dataset.measures.accuracy import Accuracy, Judged, Outcome, accuracy, compared
from woz.dataset.measures.clustered import Difference
from woz.dataset.models.exchanges import Exchanges


@dataclass(frozen=True, slots=True)
class ConditionScore:
    """`not_shown` counts questions for which there is nothing of this kind to show; `against_blind` is the paired
    difference to the blind condition.
    """

    answers: Accuracy
    not_shown: int = 0
    tokens: int = 0
    against_blind: Difference | None = None


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
    score: RunScore, items: Items, showing: Showing, conditions: Sequence[str], found: Exchanges, cluster: str
) -> None:
    """Add each condition's figures; what was not asked, or failed, is in no figure."""
    outcomes = {name: outcomes_of(items, found, name, cluster) for name in conditions}
    blind = outcomes.get(Condition.BLIND)
    for name, each in outcomes.items():
        missing = [one.id for one in each if one.outcome == Outcome.MISSING]
        not_shown = sum(showing.shown(Condition(name), items.lines[key]) is None for key in missing)
        against = compared(each, blind)[0] if blind and name != Condition.BLIND else None
        tokens = sum(exchange.tokens for (condition, _), exchange in found.items() if condition == name)
        figures = accuracy(each)
        score.conditions[name] = ConditionScore(figures, not_shown, tokens, against)
        if not figures.whole:
            score.warnings.append(_partial(name, figures, not_shown))


def score_windows(score: RunScore, windows: Windows, conditions: Sequence[str], found: Exchanges) -> None:
    """Add the figures of steps or states under each condition that shows windows."""
    for name in conditions:
        if name in CONDITIONS:
            figures = windows.score(name, found)
            score.windows[windows.name(name)] = figures
            if figures.scored < figures.windows:
                score.warnings.append(
                    f"Figures of {windows.name(name)} rest on {figures.scored} of {figures.windows} windows: the"
                    f" others failed ({figures.failed}), were not asked, or have nothing of this kind to show."
                )


def outcomes_of(items: Items, found: Exchanges, condition: str, cluster: str) -> list[Judged]:
    """Of every question in one condition."""
    return judged(
        items, {each.id: each for each in predictions(found, condition) if each.id in items.lines}, cluster
    )


def predictions(found: Exchanges, condition: str) -> list[Prediction]:
    return [
        Prediction(each.id, None, each.reply, each.error) for each in found.values() if each.condition == condition
    ]


def write_predictions(folder: Path, conditions: Sequence[str], found: Exchanges) -> None:
    """As `woz evaluate answers` reads them."""
    for name in conditions:
        lines = [
            {"id": each.id} | ({"error": each.error} if each.error else {"reply": each.reply})
            for each in predictions(found, name)
        ]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        write(folder / "predictions" / f"{name}.jsonl", text)


def _partial(name: str, figures: Accuracy, not_shown: int) -> str:
    unasked = figures.outcomes[Outcome.MISSING] - not_shown
    parts = {
        "requests failed": figures.outcomes[Outcome.FAILED],
        "were not asked": unasked,
        "have nothing of this kind to show": not_shown,
    }
    why = ", ".join(f"{count} {what}" for what, count in parts.items() if count)
    return f"Figures of {name} rest on {figures.scored} of {figures.items} questions ({why})."
