"""`woz questions gate`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions
from ui.cli.gating_models import model_options, models_of
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.errors import WozError
from woz.dataset.splits.groups import GroupBy

if TYPE_CHECKING:
    from woz.dataset.gates.item import Gate

NOTHING = (
    "There is no question set to gate: none was proposed, or all are discarded. woz questions propose PROJECT"
    " proposes some."
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument("--split-by", choices=[str(each) for each in GroupBy], default="participant")
    parser.add_argument("--seed", type=int, default=0, help="of the splits and the options' order (0)")
    parser.add_argument("--sure", type=float, default=0.8, help="how sure a classifier is that flags (0.8)")
    parser.add_argument(
        "--most-later",
        type=float,
        default=0.5,
        help="flag wrong answers that are said later, unless more than this part of the sets has some (0.5)",
    )
    parser.add_argument("--vectors", action="store_true", help="flag options that sentence vectors find near")
    parser.add_argument("--only-tell", action="store_true", help="note nothing at the questions")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    model_options(parser)


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.dataset.distractors.sentence_vectors import sentence_vectors
    from woz.lab.gating import gate_questions

    if not 0 < arguments.sure <= 1:
        raise WozError("How sure a classifier is lies above 0 and at most at 1; give --sure 0.8, say.")
    if not 0 <= arguments.most_later <= 1:
        raise WozError(
            "The part of the question sets that may be flagged for what is said later lies between 0 and 1; give"
            " --most-later 0.5, say."
        )
    models, clock = models_of(arguments), SystemClock()
    vectors = sentence_vectors() if arguments.vectors else None
    with Project.open(arguments.project, clock) as project:
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        by, keep = GroupBy(arguments.split_by), not arguments.only_tell
        gates = gate_questions(
            project,
            sessions,
            by,
            arguments.seed,
            arguments.sure,
            keep,
            models,
            clock,
            vectors,
            arguments.most_later,
        )
    if arguments.json:
        print(json.dumps({"gates": [_facts(gate) for gate in gates]}))
    elif not any(gate.judged for gate in gates):
        print(with_project(NOTHING, arguments.project))
    else:
        print("\n".join(line for gate in gates for line in _words(gate)))
    return 0


def _facts(gate: Gate) -> dict[str, object]:
    findings = [{"question": each.question_id, "reason": each.reason} for each in gate.findings]
    flagged = len({each.question_id for each in gate.findings})
    return {"gate": gate.name, "judged": gate.judged, "flagged": flagged, "whole": gate.whole, "findings": findings}


def _words(gate: Gate) -> list[str]:
    flagged = len({each.question_id for each in gate.findings})
    return [f"{gate.name:<22}{flagged:>6} of {gate.judged} flagged", *(f"    {each}" for each in gate.whole)]
