"""`woz release install`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    from woz.dataset.harness.writing import HARNESSES

    forms = "; ".join(f"{name}: {each.title}" for name, each in HARNESSES.items())
    parser.add_argument("release", type=Path, help="the release's folder")
    parser.add_argument("tool", choices=list(HARNESSES), help=forms)
    parser.add_argument("--to", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.harness.writing import how_to_use, write_for

    made = write_for(arguments.tool, arguments.release, arguments.to)
    use = how_to_use(arguments.tool, arguments.release, arguments.to)
    if arguments.json:
        print(json.dumps({"files": [str(path) for path in made], "use": use}))
    else:
        print("\n".join(map(str, made)) + f"\nUse: {use}")
    return 0
