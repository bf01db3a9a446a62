"""`woz scheme new`."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from ui.application.schemes import named_scheme, write_new
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FROM", help="a scheme of woz (woz scheme list), or a file")
    parser.add_argument("--out", type=Path, metavar="FILE", required=True, help="where to")
    parser.add_argument("--name", default="", help="the new scheme's name; its id is made from it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from woz.model.ids import SchemeId
    from woz.schemes.writing import scheme_to_text

    scheme = named_scheme(arguments.source)
    if arguments.name:
        own = re.sub(r"\W+", "-", arguments.name.casefold()).strip("-")
        if not own:
            raise WozError("A name has at least one letter or digit.")
        scheme = replace(scheme, id=SchemeId(own), name=arguments.name)
    write_new(arguments.out, scheme_to_text(replace(scheme, version=1, moves=())))
    if arguments.json:
        print(json.dumps({"file": str(arguments.out), "scheme": scheme.id, "name": scheme.name}))
    else:
        print(f"{arguments.out} is {scheme.name}; change it, and take it in with woz scheme import.")
    return 0
