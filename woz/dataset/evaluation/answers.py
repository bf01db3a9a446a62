"""Answers to a release's questions scored, beside chance, a model that sees nothing, people, and another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from woz.base.counts import counted
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.predictions import demand_all, judged, read_predictions
from woz.dataset.measures.accuracy import Accuracy, Line, accuracy, compared, line_of
from woz.dataset.measures.clustered import Difference


@dataclass(frozen=True, slots=True)
class Beside:
    """Files of predictions to hold against: lines by their name (blind, human), and another model."""

    lines: Mapping[str, Path] = field(default_factory=dict)
    against: Path | None = None


@dataclass(frozen=True, slots=True)
class AnswersScore:
    """`warnings` say where figures rest on a part of the questions, or lines on other ones."""

    release: str
    split: str
    cluster: str
    answers: Accuracy
    lines: dict[str, Line]
    against: Difference | None
    compared: int
    warnings: list[str]


def score_answers(
    items: Items, predictions: Path, beside: Beside, cluster: str = "group", partial: bool = False, seed: int = 0
) -> AnswersScore:
    """Raises WozError for predictions that can't be read, don't fit the release, or have gaps without `partial`.

    People may have answered a sample: their line is over what they answered, and says so.
    """
    own = judged(items, read_predictions(predictions, items), cluster)
    if not partial:
        demand_all(predictions, own)
    found = accuracy(own, seed)
    warnings = _partial(found, predictions)
    lines = dict[str, Line]()
    for name, path in beside.lines.items():
        lines[name] = line_of(judged(items, read_predictions(path, items), cluster))
        if lines[name].items < lines[name].of:
            warnings.append(
                f"The {name} line rests on {lines[name].items} of {counted(lines[name].of, 'question')}."
            )
    against, common = None, 0
    if beside.against:
        against, common = compared(own, judged(items, read_predictions(beside.against, items), cluster), seed)
        if common < len(own):
            warnings.append(
                f"The two models are compared on the {common} of {counted(len(own), 'question')} scored for both."
            )
    manifest = items.release.manifest
    name = f"{manifest.name} {manifest.version}"
    return AnswersScore(name, items.split, cluster, found, lines, against, common, warnings)


def _partial(found: Accuracy, path: Path) -> list[str]:
    if found.whole:
        return []
    apart = ", ".join(f"{found.outcomes[key]} {key}" for key in ("failed", "missing") if found.outcomes[key])
    return [f"Figures of {path.name} rest on {found.scored} of {counted(found.items, 'question')} ({apart})."]
