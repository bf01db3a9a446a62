"""`woz people`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project

OTHERS = "others"
"""Stands for protocols without a rule of their own."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("person", nargs="?", default="", help="the page of one person, by pseudonym")
    parser.add_argument("--due", action="store_true", help="only what should have gone by now, and the way to it")
    keeping = parser.add_argument_group("how long", "Nothing goes by itself: what is over is listed, with --due.")
    keeping.add_argument("--keep", type=int, metavar="MONTHS", help="keep recordings so long; 0 for no end")
    keeping.add_argument(
        "--protocol", default=OTHERS, metavar="NAME", help="of this protocol (all that have no rule of their own)"
    )
    parser.add_argument("--open", action="store_true", help="the window of people")
    parser.add_argument("--tab", type=int, choices=range(1, 5), default=1, help="which page of it (1)")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    if arguments.open:
        return _open(arguments)
    from storage import Project

    clock = SystemClock()
    with Project.open(arguments.project, clock) as project:
        if arguments.keep is not None:
            _keep(project, arguments)
        facts, words = _told(project, arguments, clock.utc_ns())
    print(json.dumps(facts) if arguments.json else with_project("\n".join(words), arguments.project))
    return 0


def _open(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the people", arguments.theme, hidden=arguments.shot is not None):
        from ui.home.people_run import run_people

        return run_people(arguments.project, arguments.tab - 1, arguments.theme, arguments.shot)


def _keep(project: Project, arguments: argparse.Namespace) -> None:
    from woz.privacy.retention import ANY, with_rule

    name = ANY if arguments.protocol == OTHERS else arguments.protocol
    known = {each.protocol.name for each in project.sessions.all() if each.protocol}
    if name != ANY and name not in known and arguments.keep:
        listed = ", ".join(sorted(known)) or "none yet"
        raise WozError(f"No session has the protocol {name!r}; this project's are: {listed}.")
    project.keeping.set_retention(with_rule(project.keeping.retention(), name, arguments.keep or None))


def _told(project: Project, arguments: argparse.Namespace, now_utc_ns: int) -> tuple[object, list[str]]:
    from woz.lab.people import due_in, due_words, page_facts, page_words, people_lines, person_page, release_lines

    over = due_in(project, now_utc_ns)
    if arguments.due:
        words = [due_words(each) for each in over] or ["Nothing is due to go."]
        return [asdict(each) for each in over], words
    if arguments.person:
        page = person_page(project, arguments.person, now_utc_ns)
        return page_facts(page), page_words(page)
    lines, releases = people_lines(project, now_utc_ns), release_lines(project, now_utc_ns)
    kept = project.keeping.retention()
    words = [
        f"{each.pseudonym}  {each.role}, {counted(each.sessions, 'session')},"
        f" {each.hours:.1f} h  " + (f"⚠ {each.lamp}" if each.lamp else "✓")
        for each in lines
    ] or ["Nobody is on record yet."]
    words += [
        f"release {each.released.name} {each.released.version}  "
        + (f"⚠ {'; '.join(f'{key}: {why}' for key, why in each.against.items())}" if each.against else "✓")
        for each in releases
    ]
    words += [
        f"kept for {counted(months, 'month')}: {name or 'all other protocols'}"
        for name, months in kept.months.items()
    ]
    facts = {
        "people": [{**asdict(each), "lamp": each.lamp} for each in lines],
        "releases": [asdict(each) for each in releases],
        "kept_months": dict(kept.months),
        "due": [asdict(each) for each in over],
    }
    return facts, words
