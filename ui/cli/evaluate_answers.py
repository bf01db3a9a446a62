"""`woz evaluate answers`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("release", type=Path, help="the release's folder")
    parser.add_argument(
        "predictions", type=Path, help="JSON Lines: id with answer (a letter or an option's text), reply, or error"
    )
    parser.add_argument("--split", help="which questions; test, validation or train, the first that holds some")
    parser.add_argument("--blind", type=Path, metavar="FILE", help="predictions made without seeing anything")
    parser.add_argument("--human", type=Path, metavar="FILE", help="people's answers, of a sample perhaps")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="another model's predictions, compared in pairs"
    )
    parser.add_argument(
        "--cluster", choices=("group", "session"), default="group", help="what intervals are clustered by (group)"
    )
    parser.add_argument("--partial", action="store_true", help="figures though questions have no line; they say so")
    parser.add_argument("--seed", type=int, default=0, help="what draws the bootstrap (0)")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.evaluation_words import answers_words
    from woz.dataset.evaluation.answers import Beside, score_answers
    from woz.dataset.evaluation.items import items_of

    lines = {name: path for name in ("blind", "human") if (path := getattr(arguments, name))}
    score = score_answers(
        items_of(arguments.release, arguments.split),
        arguments.predictions,
        Beside(lines, arguments.against),
        arguments.cluster,
        arguments.partial,
        arguments.seed,
    )
    print(json.dumps(asdict(score), ensure_ascii=False) if arguments.json else answers_words(score))
    return 0
