"""Figures of an evaluation in words, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.dataset.evaluation.answers import AnswersScore
    from woz.dataset.evaluation.scoring import RunScore
    from woz.dataset.evaluation.windows import WindowsScore
    from woz.dataset.measures.accuracy import Accuracy
    from woz.dataset.measures.clustered import Difference, Figure

NONE = "not defined"


def percent(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.2f} %"


def figure_words(figure: Figure) -> str:
    """The value with its interval."""
    if figure.value is None or figure.low is None or figure.high is None:
        return percent(figure.value)
    return f"{percent(figure.value)} [{100 * figure.low:.2f}, {100 * figure.high:.2f}]"


def answers_words(score: AnswersScore) -> str:
    scored = f"{score.answers.scored} of {counted(score.answers.items, 'question')} scored"
    lines = [f"{score.release}, {score.split}: {scored}"]
    lines.append(f"{counted(score.answers.clusters, 'cluster')} by {score.cluster}; 95 % intervals in brackets")
    lines += accuracy_lines(score.answers)
    for name, line in score.lines.items():
        lines.append(f"{name:22} {figure_words(line.accuracy)}  ({counted(line.items, 'question')})")
    if score.against:
        lines.append(f"{'less the other':22} {_difference(score.against, score.compared)}")
    return "\n".join([*lines, *score.warnings])


def accuracy_lines(found: Accuracy) -> Iterator[str]:
    told = ", ".join(f"{count} {name}" for name, count in found.outcomes.items() if count)
    yield f"{'outcomes':22} {told}"
    yield f"{'accuracy':22} {figure_words(found.micro)}"
    for key, macro in found.macro.items():
        yield f"{f'macro by {key}':22} {figure_words(macro)}"
    yield f"{'chance':22} {percent(found.chance)}"
    for key, parts in found.by.items():
        for name, part in parts.items():
            yield f"  {key} {name or 'none'}: {figure_words(part.accuracy)}  ({counted(part.items, 'question')})"


def _difference(found: Difference, items: int) -> str:
    told = f"{100 * found.value:+.2f} points"
    if found.low is not None and found.high is not None and found.p is not None:
        told += f" [{100 * found.low:+.2f}, {100 * found.high:+.2f}], p = {found.p:.4f}"
    return f"{told}; {found.wins} won, {found.losses} lost, {found.ties} tied of {items}"


def run_words(score: RunScore) -> str:
    lines = [f"{score.model} on {score.release}, {score.split}; 95 % intervals in brackets"]
    for name, each in score.conditions.items():
        lines.append(f"\n{name}: {each.answers.scored} of {counted(each.answers.items, 'question')} scored")
        lines += accuracy_lines(each.answers)
        if each.against_blind:
            lines.append(f"{'less blind':22} {_difference(each.against_blind, each.answers.scored)}")
        lines += [f"{'calibrated AP':22} {kind}: {percent(ap)}" for kind, ap in each.calibrated.items()]
    for name, windows in score.windows.items():
        lines += ["", *windows_words(name, windows)]
    return "\n".join([*lines, *(["", *score.warnings] if score.warnings else [])])


def windows_words(name: str, score: WindowsScore) -> Iterator[str]:
    found = score.figures
    f1 = ", ".join(f"F1@{iou} {percent(value)}" for iou, value in found.f1.items())
    unread = f"{counted(score.unread, 'reply', 'replies')} named no label"
    yield f"{name}: {score.scored} of {counted(score.windows, 'window')} scored, {unread}"
    yield f"accuracy {percent(found.accuracy)}, edit {percent(found.edit)}, {f1}"
