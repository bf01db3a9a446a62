"""`woz evaluate dialogue`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.counts import counted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.dataset.evaluation.dialogue_scores import DialogueScores


def options(parser: argparse.ArgumentParser) -> None:
    from woz.dataset.measures.talk_matching import WINDOWS

    parser.add_argument(
        "reference", type=Path, help="JSON Lines of video and utterances, or a .json of ProAssist's"
    )
    parser.add_argument("hypothesis", type=Path, help="the same with the predictions")
    parser.add_argument(
        "--rule",
        choices=("proassist", "streamingbench", "ovobench"),
        default="proassist",
        help="whose rules are followed (proassist, with PAUC and windows where the files have what they need)",
    )
    parser.add_argument(
        "--window", metavar="S,S", help=f"seconds before and after: -2,4, say, or one of {', '.join(WINDOWS)}"
    )
    parser.add_argument("--frame-rate", type=float, default=2.0, help="frames a second (2)")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    if arguments.rule != "proassist":
        return _other_rule(arguments)
    from woz.dataset.evaluation.dialogue_scores import score_dialogues
    from woz.dataset.evaluation.dialogues import paired_dialogues

    pairs = paired_dialogues(arguments.reference, arguments.hypothesis)
    score = score_dialogues(pairs, _window(arguments.window), arguments.frame_rate)
    print(json.dumps(asdict(score), ensure_ascii=False) if arguments.json else _words(score))
    return 0


def _other_rule(arguments: argparse.Namespace) -> int:
    from ui.reports.evaluation_words import percent
    from woz.dataset.evaluation.streaming import score_ovo, score_streaming

    score = score_ovo if arguments.rule == "ovobench" else score_streaming
    found = score(arguments.reference, arguments.hypothesis)
    if arguments.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:24} {percent(value) if isinstance(value, float) else value}")
    return 0


def _window(text: str | None) -> tuple[float, float] | None:
    from woz.dataset.measures.talk_matching import WINDOWS

    if text is None or text in WINDOWS:
        return WINDOWS[text] if text else None
    try:
        before, after = (float(part) for part in text.split(","))
    except ValueError:
        raise WozError(f"“{text}” is no window; give --window=-2,4, say, or {', '.join(WINDOWS)}.") from None
    return before, after


def _words(score: DialogueScores) -> str:
    from ui.reports.evaluation_words import percent

    before, after = score.window_s
    lines = [
        f"{counted(score.videos, 'video')}, {score.frame_rate:g} frames a second, window {before:g} to {after:g} s"
    ]
    lines.append(f"{'':16} {'mended':>12} {'published':>12}")
    for name, value in asdict(score.mended).items():
        other = getattr(score.published, name) if score.published else None
        lines.append(f"{name:16} {_cell(name, value):>12} {_cell(name, other):>12}")
    if score.windows:
        lines += [f"window {name}: {_cell(name, value)}" for name, value in asdict(score.windows).items()]
    for omega, value in (score.pauc or {}).items():
        lines.append(f"PAUC, omega {omega}: {percent(value)}")
    return "\n".join([*lines, *score.warnings])


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "not defined"
    if isinstance(value, int):
        return str(value)
    return f"{value:.2f} s" if name.endswith("_s") else f"{100 * value:.2f} %"
