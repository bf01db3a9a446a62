"""`woz comments`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import nanoseconds

if TYPE_CHECKING:
    from storage import Project
    from woz.model.annotator import Annotator


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    add_pseudonym(parser, "--annotator", "annotator", "who asks or says it")
    parser.add_argument("--mine", action="store_true", help="only what concerns them, in all sessions")
    parser.add_argument("--session", help="its id; all sessions, or the newest to say something in")
    parser.add_argument("--say", default="", metavar="TEXT", help="a new comment")
    parser.add_argument("--at", type=float, metavar="SECOND", help="at this time")
    parser.add_argument("--tier", default="", metavar="NAME", help="on this tier: its name or its id")
    parser.add_argument("--item", default="", metavar="ID", help="on this item")
    parser.add_argument("--to", default="", metavar="PSEUDONYM", help="to whom (to whose tier it is)")
    parser.add_argument("--answer", nargs=2, metavar=("ID", "TEXT"), help="answer a comment")
    parser.add_argument("--close", default="", metavar="ID", help="this one is settled")
    parser.add_argument("--open", action="store_true", help="what concerns --annotator, in a window")
    parser.add_argument("--shot", type=Path, help="save a picture of the window and close it")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    if arguments.open:
        return _open(arguments)
    from storage import Project
    from woz.lab.annotators import annotator_named
    from woz.lab.commenting import talk_facts, talk_words, talks
    from woz.lab.item_names import pseudonyms

    with Project.open(arguments.project, SystemClock()) as project:
        viewer = annotator_named(project, arguments.annotator) if arguments.annotator else None
        _do(project, viewer, arguments)
        session = project.sessions.get(arguments.session).id if arguments.session else None
        found = talks(project, viewer, session, arguments.mine)
        names = pseudonyms(project)
    if arguments.json:
        print(json.dumps({"comments": [talk_facts(each, names) for each in found]}))
    else:
        print("\n".join(talk_words(each, names) for each in found) or "Nobody said anything yet.")
    return 0


def _open(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    if arguments.shot and not arguments.annotator:
        raise WozError("Say who sits at the window, with --annotator PSEUDONYM.")
    with opening("Opening the comments", arguments.theme, hidden=arguments.shot is not None):
        from ui.home.comments_run import run_comments

        return run_comments(arguments.project, arguments.annotator, arguments.theme, arguments.shot)


def _do(project: Project, viewer: Annotator | None, arguments: argparse.Namespace) -> None:
    from woz.lab.annotators import annotator_named
    from woz.lab.commenting import Place, answer, close, comment

    if not (arguments.say or arguments.answer or arguments.close or arguments.mine):
        return
    if viewer is None:
        raise WozError("Say who you are, with --annotator PSEUDONYM.")
    if arguments.say:
        at_ns = nanoseconds(arguments.at) if arguments.at is not None else None
        place = Place(chosen_session(project, arguments.session), at_ns, arguments.item, arguments.tier)
        to = annotator_named(project, arguments.to) if arguments.to else None
        comment(project, place, viewer, arguments.say, to)
    if arguments.answer:
        answer(project, arguments.answer[0], viewer, arguments.answer[1])
    if arguments.close:
        close(project, arguments.close, viewer)
