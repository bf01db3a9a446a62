"""`woz questions list`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import chosen_sessions
from woz.base.clock import SystemClock
from woz.model.question import Question, ReviewStatus


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument("--status", choices=[str(each) for each in ReviewStatus], help="only those")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.questions import first_texts, question_facts, questions_of

    with Project.open(arguments.project, SystemClock()) as project:
        facts, lines = [], []
        for session_id in chosen_sessions(project, arguments.session, not arguments.session):
            first = first_texts(project, session_id)
            found = [q for q in questions_of(project, session_id) if arguments.status in (None, q.status)]
            facts += [question_facts(each, first.get(each.id)) for each in found]
            lines += [line for each in found for line in _words(each)]
    print(json.dumps({"questions": facts}) if arguments.json else "\n".join(lines or ["No questions."]))
    return 0


def _words(question: Question) -> list[str]:
    marks = [str(question.kind), question.type or "no type", str(question.status)]
    marks += ["stale"] if question.made.stale else []
    lines = [f"{question.session_id}  {question.at_ns / 1e9:.3f} s  {question.text}  ({', '.join(marks)})"]
    lines += [f"    right  {question.answer}", *(f"    wrong  {each.text}" for each in question.distractors)]
    return [*lines, *(f"    {each.gate}: {each.reason}" for each in question.flags)]
