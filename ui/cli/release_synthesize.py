"""`woz release synthesize`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions, progress
from ui.cli.model_endpoint import endpoint_of, endpoint_options
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.tier import SETTLED, TierState

if TYPE_CHECKING:
    from woz.lab.synthesizing import Writing, Written
    from woz.model.ids import SessionId

DIALOGUES, INSTRUCTIONS = "synthetic-dialogues", "instructions"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument(
        "--task",
        action="append",
        default=[],
        choices=(DIALOGUES, INSTRUCTIONS),
        help="what is written for which task; may be given again (both)",
    )
    parser.add_argument(
        "--session", action="append", default=[], help="may be given again; all where it is left out"
    )
    parser.add_argument(
        "--dialogues",
        type=int,
        default=10,
        metavar="N",
        help="of each session (10): 2 of 10 with a user of the kind no_talk, 4 talk_some, 4 talk_more",
    )
    parser.add_argument("--without-progress", action="store_true", help="no summaries at the assistant's turns")
    parser.add_argument(
        "--tier-state",
        action="append",
        choices=[str(each) for each in TierState],
        help="of which tiers (accepted, adjudicated, locked); may be given again, and must be as in the release",
    )
    parser.add_argument("--task-tier", metavar="TYPE", help="the tier type that dialogues are made of")
    endpoint_options(parser, required=True)
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="requests under way at a time (4)")
    parser.add_argument("--most-requests", type=int, metavar="N", help="the budget of this call in requests")
    parser.add_argument(
        "--most-tokens", type=int, metavar="N", help="the same in tokens, as the server counts them"
    )
    parser.add_argument("--tries", type=int, default=3, metavar="N", help="how often one is asked for (3)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.synthesizing import write_for_tasks, write_instructions_for

    if min(arguments.at_once, arguments.tries) < 1 or not 1 <= arguments.dialogues <= 1000:
        raise WozError("--at-once and --tries are 1 or more, --dialogues 1 to 1000.")
    clock, writing = SystemClock(), _writing(arguments)
    wanted = dict.fromkeys(arguments.task or (DIALOGUES, INSTRUCTIONS))
    writers = {DIALOGUES: write_for_tasks, INSTRUCTIONS: write_instructions_for}
    done: dict[str, Written] = {}
    with Project.open(arguments.project, clock) as project:
        sessions: list[SessionId] = chosen_sessions(project, arguments.session, not arguments.session)
        for task in wanted:
            done[task] = writers[task](project, sessions, writing, clock)
    if arguments.json:
        print(json.dumps({task: asdict(each) for task, each in done.items()}, ensure_ascii=False))
    else:
        _tell(done, writing)
    nothing = [task for task, each in done.items() if not each.usable]
    for task in nothing:
        print(f"woz: {_nothing(task, done[task])}", file=sys.stderr)
    return 1 if nothing or any(each.spent.left for each in done.values()) else 0


def _writing(arguments: argparse.Namespace) -> Writing:
    from woz.dataset.models.asking import Limits
    from woz.dataset.tasks.task import Settings
    from woz.lab.synthesizing import Writing

    show = progress(arguments.json)
    limits = Limits(arguments.at_once, arguments.tries, arguments.most_requests, arguments.most_tokens)
    return Writing(
        endpoint_of(arguments),
        limits,
        arguments.send,
        arguments.dialogues,
        not arguments.without_progress,
        tuple(TierState(each) for each in arguments.tier_state or ()) or SETTLED,
        Settings(tiers={DIALOGUES: arguments.task_tier} if arguments.task_tier else {}),
        lambda spent, of: show(
            100 * spent.through // max(1, of),
            f"{spent.answered} answered, {spent.kept} before, {spent.failed} failed, of {of}",
        ),
    )


def _tell(done: dict[str, Written], writing: Writing) -> None:
    model = writing.endpoint.model
    for task, each in done.items():
        if task == INSTRUCTIONS:
            print(f"instructions: {model} wrote ten for {len(each.kinds)} of {each.wanted} kinds of samples.")
        else:
            kinds = ", ".join(f"{count} {kind}" for kind, count in each.whole.items())
            print(
                f"synthetic-dialogues: {model} wrote {sum(each.whole.values())} of {each.wanted} ({kinds}); by"
                f" their score {each.train} can be trained on, {each.evaluated} evaluated on."
            )
        for sentence in _lacking(each, writing):
            print(f"woz: {sentence}", file=sys.stderr)


def _nothing(task: str, done: Written) -> str:
    what = "no instructions" if task == INSTRUCTIONS else "no dialogue that is good enough to be trained on"
    return f"For {task} the model wrote {what}; a release can take nothing of it. {_way_out(done)}"


def _way_out(done: Written) -> str:
    if done.stayed and not done.wanted:
        return "See to the consents of the sessions named, or ask a model on this computer."
    if done.spent.left:
        return "Give it a larger budget (--most-requests, --most-tokens)."
    return "Ask a larger model, or one that keeps a JSON schema; the answers lie in models/synthetic.jsonl."


def _lacking(done: Written, writing: Writing) -> list[str]:
    said = [f"{session} was not sent to {writing.endpoint.host}: {why}" for session, why in done.stayed.items()]
    if done.unfit:
        said.append(
            f"{counted(done.unfit, 'answer')} of {writing.endpoint.model} {'was' if done.unfit == 1 else 'were'}"
            " twice not as asked for; nothing of that is taken, and a model that keeps a JSON schema does better."
        )
    said += [f"{counted(count, 'request')} failed: {why}." for why, count in sorted(done.spent.troubles.items())]
    if done.spent.left:
        spent = done.spent
        put = counted(spent.put, "request")
        said.append(f"The budget is spent ({put}, {spent.tokens} tokens); the same command goes on.")
    return said
