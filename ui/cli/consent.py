"""`woz consent`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from woz.base.clock import SystemClock
from woz.model.ids import SessionId
from woz.model.people import Role


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("person", nargs="?", default="", help="as for woz station: P01,release=2.1@2026-03-01")
    kinds = ("privacy", "recording", "transcription", "release")
    parser.add_argument("--take-back", action="append", choices=kinds, default=[], help="no longer agreed to")
    parser.add_argument(
        "--withdrawn",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="left the study: nothing is allowed",
    )
    session = parser.add_argument_group("a session", "Who was in a session, or which published data set it is of.")
    session.add_argument("--session", default="", help="its id")
    session.add_argument("--role", choices=[str(role) for role in Role], help="who PERSON is in the session")
    add_provenance(session)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def add_provenance(group: argparse._ActionsContainer) -> None:
    """The two options that stand in the place of consents."""
    named = "the published data set that it is of; with its licence, it stands in the place of consents"
    group.add_argument("--source-name", default="", metavar="NAME", help=named)
    group.add_argument("--licence", default="", metavar="NAME", help="the data set's: CC-BY-4.0, for example")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.consenting import (
        consent_words,
        enter_attendance,
        enter_consents,
        enter_provenance,
        session_words,
    )
    from woz.model.people import ConsentKind

    with Project.open(arguments.project, clock := SystemClock()) as project:
        if arguments.source_name or arguments.licence:
            enter_provenance(project, arguments.session, arguments.source_name, arguments.licence)
        if arguments.person and arguments.role:
            enter_attendance(project, arguments.session, arguments.person, Role(arguments.role), clock.utc_ns())
        if arguments.person:
            taken_back = [ConsentKind(kind) for kind in arguments.take_back]
            enter_consents(project, arguments.person, taken_back, arguments.withdrawn, clock.utc_ns())
        people = project.participants.all()
        session = project.sessions.get(SessionId(arguments.session)) if arguments.session else None
    if arguments.json:
        print(json.dumps([asdict(person) for person in people]))
    else:
        lines = [*map(consent_words, people)] or ["This project has no participant yet."]
        print("\n".join([*lines, session_words(session, people)] if session else lines))
    return 0
