"""`woz scheme check`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the scheme's file")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.lab.findings import finding_facts
    from woz.model.scheme import Level
    from woz.schemes.checking import check
    from woz.schemes.finding import Finding, errors
    from woz.schemes.reading import scheme_from_file

    try:
        found = check(scheme_from_file(arguments.file))
    except WozError as error:
        found = [Finding(Level.ERROR, "", str(error))]
    if arguments.json:
        print(json.dumps({"file": str(arguments.file), "findings": [finding_facts(each) for each in found]}))
    else:
        lines = [f"{each.level}: {each.words}" for each in found]
        print("\n".join(lines or [f"{arguments.file} is a sound scheme."]))
    return int(bool(errors(found)))
