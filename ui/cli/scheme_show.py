"""`woz scheme show`."""

from __future__ import annotations

import argparse
import json

from ui.application.schemes import named_scheme


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="a scheme of woz, a file, or with --project its name or id there")
    parser.add_argument("--project", default="", metavar="PROJECT", help="the project that it is in")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.lab.scheme_words import scheme_facts, scheme_words

    scheme = named_scheme(arguments.name, arguments.project)
    print(json.dumps(scheme_facts(scheme)) if arguments.json else "\n".join(scheme_words(scheme)))
    return 0
