"""`woz questions assign`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions
from ui.cli.pseudonyms import add_pseudonym
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.review import ReviewTask

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.assigning_questions import SharedOut
    from woz.model.annotator import Annotator

Told = tuple[dict[str, object], list[str]]
"""For programs, and for people."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--to",
        nargs="+",
        action="extend",
        default=[],
        metavar="PSEUDONYM",
        help="who gets question sets to judge; without, who has how many is told",
    )
    parser.add_argument(
        "--session",
        "--sessions",
        dest="sessions",
        nargs="+",
        action="extend",
        default=[],
        metavar="ID",
        help="of these sessions (of all)",
    )
    parser.add_argument("--share", type=float, default=100, metavar="PERCENT", help="so many of them, drawn (100)")
    parser.add_argument("--seed", type=int, default=0, help="draws the same again (0)")
    parser.add_argument(
        "--stage", choices=[str(task) for task in ReviewTask], help="the words, or what the clip shows (text)"
    )
    parser.add_argument(
        "--take-back", action="store_true", help="those of --to no longer judge what they haven't judged yet"
    )
    add_pseudonym(parser, "--annotator", "annotator", "who gives them, or takes them back")
    parser.add_argument("--dry-run", action="store_true", help="say what would be given, and change nothing")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.assigning_questions import counts_words, given_counts

    if arguments.take_back and not arguments.to:
        raise WozError("Say whose question sets are taken back, with --to PSEUDONYM.")
    with Project.open(arguments.project, SystemClock()) as project:
        sessions = chosen_sessions(project, arguments.sessions, not arguments.sessions)
        facts, lines = _done(project, arguments, sessions)
        counts = given_counts(project, sessions)
    facts["people"] = [asdict(each) for each in counts]
    if arguments.json:
        print(json.dumps(facts))
    else:
        told = "\n".join([*lines, *map(counts_words, counts)]) or "No question set was given to anybody yet."
        print(with_project(told, arguments.project))
    return 0


def _done(project: Project, arguments: argparse.Namespace, sessions: Sequence[SessionId]) -> Told:
    if arguments.take_back:
        return _take_back(project, arguments, sessions)
    return _give(project, arguments, sessions) if arguments.to else ({}, [])


def _give(project: Project, arguments: argparse.Namespace, sessions: Sequence[SessionId]) -> Told:
    from woz.dataset.review.sharing import Draw
    from woz.lab.annotators import annotator_named
    from woz.lab.assigning_questions import QuestionOrder, give_questions, shared_words

    names = list(dict.fromkeys(arguments.to))
    people = [annotator_named(project, name) for name in names]
    task = ReviewTask(arguments.stage or ReviewTask.TEXT)
    draw = Draw(arguments.share / 100, arguments.seed)
    order = QuestionOrder(people, _giver(project, arguments), sessions, task, draw)
    found = give_questions(project, order, arguments.dry_run)
    return _facts(found, people), shared_words(found, task, names, arguments.dry_run)


def _take_back(project: Project, arguments: argparse.Namespace, sessions: Sequence[SessionId]) -> Told:
    from woz.lab.assigning_questions import take_back_questions, taken_words

    whose = [project.annotators.named(name) for name in arguments.to]
    task = ReviewTask(arguments.stage) if arguments.stage else None
    taken, done = take_back_questions(project, whose, _giver(project, arguments), sessions, task)
    return {"taken_back": taken, "kept": done}, [taken_words(taken, done)]


def _giver(project: Project, arguments: argparse.Namespace) -> Annotator:
    """On a server who logs in gives them, where nobody else is named."""
    from woz.lab.annotators import annotator_named

    if arguments.annotator:
        return annotator_named(project, arguments.annotator)
    if project.viewer is None:
        raise WozError("Say who gives them, or takes them back, with --annotator PSEUDONYM.")
    return project.annotators.get(project.viewer)


def _facts(found: SharedOut, people: Sequence[Annotator]) -> dict[str, object]:
    names = {each.id: each.pseudonym for each in people}
    given = [
        {"question": each.question_id, "session": each.session_id, "stage": each.task, "to": names[each.to]}
        for each in found.given
    ]
    kept_out = {"sets": found.sets, "short": found.short, "lacking": found.lacking, "barred": found.barred}
    return {"given": given, **kept_out}
