"""`woz consent`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from woz.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path)
    parser.add_argument("person", nargs="?", default="", help="as for woz station: P01,release=2.1@2026-03-01")
    kinds = ("privacy", "recording", "transcription", "release")
    parser.add_argument("--take-back", action="append", choices=kinds, default=[], help="no longer agreed to")
    parser.add_argument(
        "--withdrawn",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="left the study: nothing is allowed",
    )
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from ui.consenting import consent_words, enter_consents
    from woz.session import ConsentKind

    with Project.open(arguments.project, clock := SystemClock()) as project:
        if arguments.person:
            taken_back = [ConsentKind(kind) for kind in arguments.take_back]
            enter_consents(project, arguments.person, taken_back, arguments.withdrawn, clock.utc_ns())
        people = project.participants.all()
    if arguments.json:
        print(json.dumps([asdict(person) for person in people]))
    else:
        print("\n".join(map(consent_words, people)) or "This project has no participant yet.")
    return 0
