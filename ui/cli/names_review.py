"""`woz names review`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import say
from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.lab.naming import Occurrence
    from woz.privacy.names.listing import NameList


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--keep", action="append", default=[], metavar="FORM", help="it is no name, and stays; may be given again"
    )
    what = "it is this name of the list, however it is written; may be given again"
    parser.add_argument("--replace", nargs=2, action="append", default=[], metavar=("FORM", "NAME"), help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.lab.exporting import export_bundle
    from woz.lab.naming import occurrences
    from woz.lab.seeing_all import demand_seeing_all

    def change(names: NameList) -> NameList:
        for form in arguments.keep:
            names = names.decided(form, None)
        for form, name in arguments.replace:
            names = names.decided(form, name)
        return names

    with Project.open(arguments.project, SystemClock()) as project:
        sessions = [session.id for session in project.sessions.all()]
        demand_seeing_all(project, sessions, "a search for names")
        names = project.names.change(change) if arguments.keep or arguments.replace else project.names.all()
        bundles = (export_bundle(project, each) for each in sessions)
        waiting = _waiting(list(occurrences(bundles, names)))
    _tell(waiting, names, arguments.json)
    return 0


def _waiting(found: list[Occurrence]) -> dict[str, list[Occurrence]]:
    """By form, those that nobody judged; the least like their name first."""
    from woz.lab.naming import Occurrence
    from woz.privacy.names.listing import folded

    by_form = dict[str, list[Occurrence]]()
    for each in sorted(found, key=lambda each: each.likeness):
        if not each.decided:
            by_form.setdefault(folded(each.form), []).append(each)
    return by_form


def _tell(waiting: dict[str, list[Occurrence]], names: NameList, as_json: bool) -> None:
    if as_json:
        told = [
            {"form": form, "name": found[0].name, "likeness": found[0].likeness, "places": len(found),
             "context": found[0].context}
            for form, found in waiting.items()
        ]  # fmt: skip
        print(json.dumps({"waiting": told, "decided": dict(names.forms)}, ensure_ascii=False))
        return
    for form, found in waiting.items():
        like = f"like {found[0].name} ({found[0].likeness:.2f})" if found[0].name else "proposed"
        say(f"{form:20} {like:30} {counted(len(found), 'time'):>10}, as in: {found[0].context}")
    if waiting:
        say("What is like a name of the list is replaced until somebody decides: --keep FORM, --replace FORM NAME.")
    else:
        say("Nothing waits: all that was found is a name of the list as it stands there, or was judged.")
