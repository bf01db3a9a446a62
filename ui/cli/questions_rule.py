"""`woz questions rule`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.model.review import ReviewRule


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--people", type=int, metavar="N", help="how many judge each question set (1)")
    parser.add_argument(
        "--release-people",
        type=int,
        metavar="N",
        help="how many must have judged one that a release takes (5); woz release build --judges says otherwise",
    )
    parser.add_argument(
        "--wrong",
        type=int,
        metavar="N",
        help="how many wrong answers each question set is to have (4, as Ego-EXTRA; 10 are harder)",
    )
    parser.add_argument(
        "--grounding", choices=("yes", "no"), help="whether they look at the clip, too, once the words have passed"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project

    with Project.open(arguments.project, SystemClock()) as project:
        rule = project.reviews.rule()
        new = replace(
            rule,
            people=rule.people if arguments.people is None else arguments.people,
            grounding=rule.grounding if arguments.grounding is None else arguments.grounding == "yes",
            release_people=rule.release_people if arguments.release_people is None else arguments.release_people,
            wrong_answers=rule.wrong_answers if arguments.wrong is None else arguments.wrong,
        )
        if new != rule:
            project.reviews.set_rule(new)
    people = "1 person judges" if new.people == 1 else f"{new.people} people judge"
    tasks = "the words, then the clip" if new.grounding else "the words only"
    takes = f"A release takes those that {new.release_people} or more judged."
    if new.people < new.release_people:
        takes += (
            f" So nothing is released before --people is {new.release_people}, or --release-people {new.people}."
        )
    print(
        json.dumps(asdict(new)) if arguments.json else f"{people} each question set: {tasks}. {_wrong(new)} {takes}"
    )
    return 0


def _wrong(rule: ReviewRule) -> str:
    return f"Each is to have {counted(rule.wrong_answers, 'wrong answer')}."
