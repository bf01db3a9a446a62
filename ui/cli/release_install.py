"""`woz release install`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    from woz.dataset.harness.writing import HARNESSES

    forms = "; ".join(f"{name}: {each.title}" for name, each in HARNESSES.items())
    parser.add_argument("release", type=Path, help="the release's folder")
    parser.add_argument("tool", choices=list(HARNESSES), help=forms)
    parser.add_argument("--to", type=Path, required=True, help="the folder to write to")
    parser.add_argument(
        "--english",
        action="store_true",
        help="the English texts that a person has checked; what has none is left out, with its count",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.harness.released import Released
    from woz.dataset.harness.writing import how_to_use, write_for

    release = Released.open(arguments.release, arguments.english)
    left_out = release.without_english() if arguments.english else 0
    made = write_for(arguments.tool, release, arguments.to)
    use = how_to_use(arguments.tool, release, arguments.to)
    if arguments.json:
        print(json.dumps({"files": [str(path) for path in made], "use": use, "left_out": left_out}))
        return 0
    if left_out:
        sets = counted(left_out, "question set")
        why = "not known to be in English, and nobody has checked an English text"
        print(f"woz: {sets} left out: {why}.", file=sys.stderr)
    print("\n".join(map(str, made)) + f"\nUse: {use}")
    return 0
