"""`woz withdraw`."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress
from woz.annotation.waiting_file import LOCKED
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.withdrawing import Tell
    from woz.privacy.withdrawal import CopyPlan, Plan


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("person", help="a participant's pseudonym")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")
    parser.add_argument("--yes", action="store_true", help="carry it out without being asked again")
    parser.add_argument(
        "--releases", type=Path, nargs="+", default=[], metavar="DIR", help="releases that may hold something"
    )
    parser.add_argument(
        "--rebuild",
        type=Path,
        metavar="DIR",
        help="build there, without what is theirs, the next version of each release that holds something",
    )
    parser.add_argument(
        "--backups", type=Path, nargs="+", default=[], metavar="DIR", help="folders with backups of this project"
    )
    parser.add_argument(
        "--folders",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="runs, evaluations, answers of models outside the project: what is theirs goes there, too",
    )
    parser.add_argument("--by", default="", metavar="NAME", help="who carries it out (the account's name)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs; asks nothing")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.copies.backup import copies_in
    from ui.reports.withdrawal_words import plan_facts, plan_words
    from woz.lab.session_names import known_as

    with Project.open(arguments.project, SystemClock()) as project:
        named = (copy for folder in arguments.backups for copy in copies_in(project, folder))
        backups = list(dict.fromkeys(named))
        plan = _plan(project, arguments, backups)
        if arguments.dry_run or not arguments.json:
            words = () if arguments.json else plan_words(plan, known_as(project))
            print(json.dumps(plan_facts(plan)) if arguments.json else "\n".join(words))
        if arguments.dry_run:
            return 0
        if plan.refused:
            raise WozError(plan.refused)
        if not (arguments.yes or arguments.json):
            _ask(arguments.person)
        return _carry_out(project, arguments, backups)


def _plan(project: Project, arguments: argparse.Namespace, backups: Sequence[Path]) -> Plan:
    from ui.reports.desk_drafts import drafts_of
    from woz.lab.next_versions import next_versions
    from woz.lab.withdrawing import plan_withdrawal

    drafts = drafts_of(project.path)
    plan = plan_withdrawal(project, arguments.person, arguments.releases, backups, arguments.folders, drafts)
    if arguments.rebuild is None:
        return plan
    return replace(plan, next=next_versions(project, map(Path, plan.releases), arguments.rebuild))


def _carry_out(project: Project, arguments: argparse.Namespace, backups: Sequence[Path]) -> int:
    from ui.application.own_file import in_no_window
    from ui.reports.desk_drafts import drafts_of, files_in_windows
    from ui.reports.withdrawal_page import write_certificate
    from ui.reports.withdrawal_words import certificate_facts, certificate_words
    from woz.lab.next_versions import rebuilt
    from woz.lab.withdrawing import Task, carry_out, person_named
    from woz.store.place import has_store, place_of

    clock, by = SystemClock(), arguments.by or getpass.getuser()
    person, plan = person_named(project, arguments.person), _plan(project, arguments, backups)
    task = Task(project, person, by, clock)
    files: list[Path] = []
    reached, known = [each.session_id for each in plan.sessions], [each.id for each in project.sessions.all()]
    with in_no_window(lambda: files_in_windows(project.path, reached, known), partial(_open_here, project)):
        done = carry_out(
            task,
            plan,
            progress(arguments.json),
            lambda tell: _in_copies(backups, arguments.person, by, tell),
            lambda tell: list(rebuilt(project, plan.next, clock, partial(tell, 92))),
            lambda certificate: files.extend(write_certificate(project.path / "withdrawals", certificate)),
            arguments.folders,
            drafts_of(project.path),
        )
    store = place_of(project.path).url if has_store(project.path) else ""
    if arguments.json:
        facts = {**certificate_facts(done), "certificate": [str(path) for path in files], "store": store}
        print(json.dumps(facts))
    else:
        told = [*certificate_words(done), f"The certificate: {files[1]}", *_in_store(store)]
        print("\n".join(with_project(each, arguments.project) for each in told))
    return 1 if done.found or any(each.why for each in done.rebuilt) else 0


def _open_here(project: Project, file: Path) -> WozError:
    """A window that goes on would show, and keep in its file, what is gone."""
    names = [each.pseudonym for each in project.annotators.all() if each.id in file.name]
    return WozError(
        f"{' or '.join(names) or 'Somebody'} has a window of this project open on this computer; close it, then"
        f" withdraw. Where it isn't open any more, delete {file}{LOCKED}."
    )


def _in_store(url: str) -> list[str]:
    """What is left to do where the recordings lie on a store as well."""
    if not url:
        return []
    return [
        f"The store {url} was not changed: woz media push PROJECT sends what was silenced and deletes the older"
        " versions there; woz media forget PROJECT --session ID deletes a session that is gone here."
    ]


def _in_copies(backups: Sequence[Path], pseudonym: str, by: str, tell: Tell) -> list[CopyPlan]:
    """The same in each copy of the project; one that doesn't know the person is left as it is."""
    from storage import Project
    from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
    from woz.privacy.withdrawal import CopyPlan

    clock, done = SystemClock(), []
    for folder in backups:
        tell(90, str(folder))
        with Project.open(folder, clock) as copy:
            person = next((each for each in copy.participants.all() if each.pseudonym == pseudonym), None)
            if person:
                plan = plan_withdrawal(copy, pseudonym)
                carry_out(Task(copy, person, by, clock), plan, lambda *_: None)
        done.append(CopyPlan(str(folder), 0))
    return done


def _ask(person: str) -> None:
    """Raises WozError for anything but the pseudonym."""
    try:
        answer = input(f"This can't be taken back. Type {person} to carry it out: ")
    except EOFError:
        answer = ""
    if answer.strip() != person:
        raise WozError("Nothing was changed.")
