"""`woz questions nearest`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("question", metavar="ID", help="a question set's id, as woz questions list tells it")
    parser.add_argument("--count", type=int, default=4, metavar="N", help="how many: 4, or 10, say (4)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.dataset.distractors.sentence_vectors import sentence_vectors
    from woz.lab.questions import nearest_of

    if arguments.count < 1:
        raise WozError("One is the least; give --count 4, say.")
    with Project.open(arguments.project, SystemClock()) as project:
        found = nearest_of(project, arguments.question, arguments.count, sentence_vectors())
    if arguments.json:
        facts = [
            {
                "text": each.candidate.text,
                "cosine": round(each.cosine, 3),
                "question": each.candidate.question.id if each.candidate.question else None,
            }
            for each in found
        ]
        print(json.dumps({"question": arguments.question, "nearest": facts}, ensure_ascii=False))
    else:
        print("\n".join(f"{each.cosine:5.2f}  {each.candidate.text}" for each in found) or "Nothing fits.")
    return 0
