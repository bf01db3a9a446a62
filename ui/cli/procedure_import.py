"""`woz procedure import`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    from woz.procedures.formats import FORMATS

    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", type=Path, help="; ".join(f"{f.name}: {f.title}" for f in FORMATS.values()))
    parser.add_argument("--format", default="", choices=FORMATS, help="its format; found where it is left out")
    parser.add_argument("--name", default="", help="the procedure's name, instead of the file's")
    parser.add_argument("--replace", action="store_true", help="take the place of the one of the same name")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.importing.material import require_file
    from woz.lab.procedures import import_procedures, procedure_facts
    from woz.procedures.words import counted

    require_file(arguments.file)
    with filled_or_unmade(arguments.project, SystemClock()) as project:
        made = import_procedures(project, arguments.file, arguments.format, arguments.name, arguments.replace)
    if arguments.json:
        print(json.dumps({"procedures": [procedure_facts(each) for each in made]}))
    else:
        print("\n".join(f"{each.name} ({each.id}), {counted(len(each.steps), 'step')}, is in." for each in made))
    return 0
