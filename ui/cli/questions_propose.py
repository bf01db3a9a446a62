"""`woz questions propose`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions, progress
from ui.cli.model_endpoint import endpoint_of, endpoint_options, tell_lacking
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import nanoseconds
from woz.model.ids import SessionId

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.model_questions import Rewriting
    from woz.lab.questions import Proposed

NOTHING_ASKED = (
    "No question set: no transcript here asks anything that is answered, or tells anything unasked; where there is"
    " none yet, woz transcribe PROJECT makes one."
)
NO_OTHER = "No question set: nothing else in the transcripts is asked and answered."


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument(
        "--clip", type=float, metavar="S", help="the clips' length in seconds: 5, 15, 30, or any other"
    )
    parser.add_argument(
        "--wrong",
        type=int,
        metavar="N",
        help="how many wrong answers each is to have, from now on in this project (4)",
    )
    parser.add_argument(
        "--vectors", action="store_true", help="fill up with the nearest answers and labels by sentence vectors"
    )
    endpoint_options(parser)
    parser.add_argument("--find", action="store_true", help="let the model find questions that the rules did not")
    parser.add_argument(
        "--every", action="store_true", help="ask the model also about those that have wrong answers enough"
    )
    parser.add_argument(
        "--model-alone",
        action="store_true",
        help="wrong answers by the model alone: those that rules found are taken away",
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.dataset.distractors.sentence_vectors import sentence_vectors
    from woz.lab.questions import propose_questions, short_of_wrong

    if arguments.clip is not None and not 0 < arguments.clip <= 3600:
        raise WozError("A clip is longer than 0 s and at most an hour; give --clip 5, say.")
    if (arguments.find or arguments.every or arguments.model_alone) and not arguments.endpoint:
        raise WozError("--find, --every and --model-alone ask a model; name its server with --endpoint.")
    clip_ns = None if arguments.clip is None else nanoseconds(arguments.clip)
    by_rules = not arguments.model_alone
    clock, vectors = SystemClock(), sentence_vectors() if arguments.vectors else None
    with Project.open(arguments.project, clock) as project:
        if arguments.wrong is not None:
            project.reviews.set_rule(replace(project.reviews.rule(), wrong_answers=arguments.wrong))
        sessions = chosen_sessions(project, arguments.session, not arguments.session)
        done = propose_questions(project, sessions, clock, clip_ns, vectors, by_rules)
        found = _found(arguments, project, sessions, clock) if arguments.find else None
        if found and found.changed:
            before, done = done, propose_questions(project, sessions, clock, clip_ns, vectors, by_rules)
            done.changed += before.changed
        by_model = _by_model(arguments, project, sessions, clock) if arguments.endpoint else None
        done.short = short_of_wrong(project, sessions) if by_model else done.short
    _tell(arguments, done, found, by_model)
    return 0


def _tell(
    arguments: argparse.Namespace, done: Proposed, found: Rewriting | None, by_model: Rewriting | None
) -> None:
    if arguments.json:
        asked = {"found": asdict(found) if found else None, "model": asdict(by_model) if by_model else None}
        print(json.dumps({**asdict(done), **asked}))
        return
    if not done.questions:
        left_out = done.of_recording or done.cut_off
        print(NO_OTHER if left_out else with_project(NOTHING_ASKED, arguments.project))
        _tell_left_out(done)
        return
    kinds = ", ".join(f"{count} {kind}" for kind, count in done.kinds.items())
    print(f"{counted(done.questions, 'question set')} ({kinds}); made or changed: {done.changed}.")
    _tell_left_out(done)
    if found:
        print(f"{arguments.model} found {found.changed} of them that the rules did not.")
    if by_model:
        print(f"{arguments.model} was asked about {by_model.asked}, and answered {by_model.answered} as wanted.")
    if done.short:
        how = "let another model write some" if by_model else "let a model, with --endpoint"
        few = counted(done.short, "question set has", "question sets have")
        wanted = counted(done.wanted, "wrong answer")
        tell = f"{few} fewer than {wanted}: add some in woz questions review PROJECT (W), or {how}."
        print(with_project(tell, arguments.project))


def _tell_left_out(done: Proposed) -> None:
    if done.of_recording:
        print(f"About the recording, and no question set: {counted(done.of_recording, 'turn')}.")
    if done.cut_off:
        print(f"Cut off, and no question set: {counted(done.cut_off, 'question')}.")


def _found(
    arguments: argparse.Namespace, project: Project, sessions: Sequence[SessionId], clock: SystemClock
) -> Rewriting:
    from woz.lab.finding_questions import find_questions

    endpoint, show = endpoint_of(arguments), _progress(arguments, "part")
    done = find_questions(project, sessions, endpoint, clock, arguments.send, show)
    tell_lacking(done, endpoint)
    return done


def _by_model(
    arguments: argparse.Namespace, project: Project, sessions: Sequence[SessionId], clock: SystemClock
) -> Rewriting:
    from woz.lab.model_questions import rewrite_questions

    endpoint, show = endpoint_of(arguments), _progress(arguments, "question")
    done = rewrite_questions(project, sessions, endpoint, clock, arguments.send, show, arguments.every)
    tell_lacking(done, endpoint)
    return done


def _progress(arguments: argparse.Namespace, what: str) -> Callable[[int, int], None]:
    show = progress(arguments.json)
    return lambda n, of: show(100 * n // of, f"{what} {n} of {of}")
