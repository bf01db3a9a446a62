"""`woz questions list`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from ui.application.answers import chosen_sessions
from woz.base.clock import SystemClock
from woz.model.question import Question, ReviewStatus
from woz.model.review import ReviewState


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument("--status", choices=[str(each) for each in ReviewStatus], help="only those")
    parser.add_argument("--state", choices=[str(each) for each in ReviewState], help="only those")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.assigning_questions import counts_words, given_counts
    from woz.lab.questions import first_texts, question_facts, questions_of

    counts = Counter[str]()
    with Project.open(arguments.project, SystemClock()) as project:
        states, facts, lines = project.reviews.states(), [], []
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        given = given_counts(project, sessions)
        for session_id in sessions:
            first = first_texts(project, session_id)
            for each in questions_of(project, session_id):
                state = states.get(each.id, ReviewState.PROPOSED)
                counts[state] += 1
                if arguments.status in (None, each.status) and arguments.state in (None, state):
                    facts.append({**question_facts(each, first.get(each.id)), "state": state})
                    lines += _words(each, state)
    in_order = {str(state): counts[state] for state in ReviewState if counts[state]}
    if arguments.json:
        people = [asdict(each) for each in given]
        print(json.dumps({"questions": facts, "states": in_order, "given": people}))
    else:
        whole = ", ".join(f"{count} {state}" for state, count in in_order.items())
        none = "No question set is so; there are:" if whole else "No questions."
        print("\n".join([*(lines or [none]), *([f"{whole}."] if whole else []), *map(counts_words, given)]))
    return 0


def _words(question: Question, state: ReviewState) -> list[str]:
    marks = [str(question.kind), question.type or "no type", str(state)]
    lines = [f"{question.session_id}  {question.at_ns / 1e9:.3f} s  {question.text}  ({', '.join(marks)})"]
    lines += [f"    right  {question.answer}", *(f"    wrong  {each.text}" for each in question.distractors)]
    return [*lines, *(f"    {each.gate}: {each.reason}" for each in question.flags)]
