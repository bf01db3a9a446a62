"""`woz licences`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", nargs="?", help="the texts of this one; all in a table where it is left out")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.licences import licences, texts_of

    if arguments.package:
        texts = dict(texts_of(arguments.package))
        told = "\n\n".join(f"{name}\n\n{text}" for name, text in texts.items())
        print(
            json.dumps(texts) if arguments.json else told or f"{arguments.package} brings no text of its licence."
        )
        return 0
    found = licences()
    if arguments.json:
        print(json.dumps([asdict(one) for one in found]))
        return 0
    print("woz is licensed under the Apache License 2.0. What it runs with here:\n")
    for one in found:
        print(f"{one.package:<28}{one.version:<16}{one.licence}")
        if one.within:
            print(f"{'':<44}{one.within}")
    return 0
