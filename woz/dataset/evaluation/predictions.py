"""Predictions as JSON Lines: an id with an answer, a model's raw reply, or what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import Unsound, read, whole_lines
from woz.dataset.evaluation.items import Items
from woz.dataset.harness.released import Line
from woz.dataset.measures.accuracy import Judged, Outcome
from woz.dataset.models.replies import How, read_choice

FAILURES = ("[LMMS_EVAL_REQUEST_FAILED", "Failed to obtain answer via API")
"""How other tools write a request that failed where its reply should stand."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """`answer` is a letter or an option's text, `reply` what a model said; `error` why there is neither."""

    id: str
    answer: str | None = None
    reply: str | None = None
    error: str | None = None


def read_predictions(path: Path, items: Items) -> Mapping[str, Prediction]:
    """By the question's id. Raises WozError for what can't be read, unknown ids, and doubles."""
    found = dict[str, Prediction]()
    try:
        for nr, raw in enumerate(whole_lines(path), 1):
            if not raw.strip():
                continue
            each = _read(raw, path, nr)
            if each.id not in items.lines:
                raise WozError(f"{path} answers {each.id} in line {nr}, which is no question of {items.split}.")
            if each.id in found:
                raise WozError(f"{path} answers {each.id} twice, again in line {nr}; keep one answer.")
            found[each.id] = each
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
    except Unsound as error:
        raise WozError(f"{path} is not as predictions are: {error}.") from error
    if not any(each.answer or each.reply or each.error for each in found.values()):
        what = "an answer in none of its lines" if found else "no predictions"
        raise WozError(f'{path} holds {what}; it needs a line {{"id": ..., "answer": "B"}} a question.')
    return found


def _read(raw: bytes, path: Path, nr: int) -> Prediction:
    try:
        return read(raw, Prediction)
    except Unsound as error:
        raise WozError(f"{path} is not as predictions are in line {nr}: {error}.") from error


def judged(items: Items, found: Mapping[str, Prediction], cluster: str = "group") -> list[Judged]:
    """Every item's outcome, in the release's order; those without a line are missing."""
    return [
        items.judged(key, outcome_of(line, found[key]) if key in found else Outcome.MISSING, cluster)
        for key, line in items.lines.items()
    ]


def outcome_of(line: Line, prediction: Prediction) -> Outcome:
    said = prediction.answer if prediction.answer is not None else prediction.reply
    if prediction.error or (said or "").startswith(FAILURES):
        return Outcome.FAILED
    choice = read_choice(said, line.options)
    if choice.how == How.SILENT:
        return Outcome.UNANSWERED
    if not choice.answered:
        return Outcome.UNPARSED
    return Outcome.RIGHT if choice.option == line.answer_index else Outcome.WRONG


def demand_all(path: Path, outcomes: list[Judged]) -> None:
    """Raises WozError where questions have no line: no figure is made from a part of the data unasked."""
    missing = [each.id for each in outcomes if each.outcome == Outcome.MISSING]
    if missing:
        raise WozError(
            f"{path} lacks {len(missing)} of {counted(len(outcomes), 'question')}, {missing[0]} among them; add"
            " them, or give --partial for figures that say so."
        )
