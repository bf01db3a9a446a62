"""`woz release reach`: what of releases a withdrawal reaches."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", help="a participant's pseudonym")
    parser.add_argument("release", type=Path, nargs="+", help="folders of releases")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.release.comparing import reached

    found = {str(folder): reached(folder, arguments.person) for folder in arguments.release}
    if arguments.json:
        print(json.dumps({"person": arguments.person, "releases": found}))
        return 0
    for folder, files in found.items():
        if not files:
            print(f"{folder} holds nothing of {arguments.person}.")
            continue
        print(f"{folder}: {counted(len(files), 'file holds', 'files hold')} something of {arguments.person}.")
        print("\n".join(f"    {name}: {why}" for name, why in files.items()))
    if any(found.values()):
        print(
            "Carry the withdrawal out with woz withdraw PROJECT, and have the next version built by it (--rebuild):"
            " that leaves them out."
        )
    return 0
