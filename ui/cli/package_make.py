"""`woz package make`."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions, progress
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.remote.keys import Lock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--for", dest="whose", required=True, metavar="PSEUDONYM", help="the annotator it is for")
    parser.add_argument("--session", action="append", default=[], metavar="ID", help="which go; may be repeated")
    parser.add_argument("--until", required=True, metavar="DATE", help="its last day, as 2031-12-31 (UTC)")
    parser.add_argument("--by", required=True, metavar="PSEUDONYM", help="who makes it: a curator or a manager")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to send")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--passphrase-file", type=Path, metavar="FILE", help="a text file with the passphrase (asked)")
    key.add_argument("--recipient", default="", metavar="age1...", help="a key of age, as age-keygen prints it")
    parser.add_argument(
        "--because",
        default="",
        metavar="WORDS",
        help="why it may go where consent to public release lacks",
    )
    parser.add_argument(
        "--views", action="store_true", help="further cameras' views go, too, small and without sound"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs; asks nothing")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.package_making import make_package
    from woz.lab.packages import package_facts
    from woz.lab.packing import PackageOrder, plan_package

    clock, until = SystemClock(), _day(arguments.until)
    if not arguments.session:
        raise WozError("Name the sessions that go, with --session ID.")
    lock = _lock(arguments)
    with Project.open(arguments.project, clock) as project:
        person, by = (annotator_named(project, name) for name in (arguments.whose, arguments.by))
        sessions = tuple(chosen_sessions(project, arguments.session, False))
        order = PackageOrder(person, by, sessions, until, arguments.because, arguments.views)
        plan = plan_package(project, order, clock.utc_ns())
        made = make_package(project, plan, lock, arguments.out, _founded, clock, progress(arguments.json))
    size = arguments.out.stat().st_size
    if arguments.json:
        print(json.dumps({**package_facts(made), "file": str(arguments.out), "bytes": size, "told": plan.told}))
        return 0
    for text in plan.told:
        print(text)
    print(f"{arguments.out}: {size / 1e6:.1f} MB for {made.pseudonym}, until {made.until} (package {made.id}).")
    way = "key of age" if arguments.recipient else "passphrase, which goes another way than the file"
    print(f"{made.pseudonym} opens it with woz package open {quoted(arguments.out.name)}, by their {way}.")
    return 0


@contextmanager
def _founded(folder: Path, name: str) -> Iterator[Project]:
    from storage import Project

    with Project.create(folder, name, SystemClock()) as made:
        yield made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WozError(f"“{text}” is no day; write it as 2031-12-31.") from None


def _lock(arguments: argparse.Namespace) -> Lock:
    from woz.remote.keys import Lock, recipient, secret_in

    if arguments.recipient:
        recipient(arguments.recipient)
        return Lock(recipient=arguments.recipient)
    if arguments.passphrase_file:
        return Lock(secret_in(arguments.passphrase_file))
    if arguments.json or not sys.stdin.isatty():
        raise WozError("Say what it is encrypted to: --passphrase-file FILE, or --recipient age1...")
    words = getpass.getpass("Passphrase: ")
    if words != getpass.getpass("Once more: "):
        raise WozError("The two differ; nothing was made.")
    return Lock(words)
