"""`woz evaluate run`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.dataset.evaluation.items import Items
    from woz.dataset.evaluation.running import Ran


def options(parser: argparse.ArgumentParser) -> None:
    from woz.dataset.evaluation.conditions import WHAT, Condition
    from woz.dataset.evaluation.released_windows import TASKS
    from woz.dataset.evaluation.task_items import ROWS

    shown = "; ".join(f"{name}: {what}" for name, what in WHAT.items())
    parser.add_argument("release", type=Path, help="the release's folder")
    parser.add_argument("--endpoint", required=True, metavar="URL", help="http://127.0.0.1:8080/v1, say")
    parser.add_argument("--model", required=True, help="the model's name there")
    parser.add_argument(
        "--condition",
        action="append",
        choices=[str(each) for each in Condition],
        help=f"what is shown (video and blind); may be given again. {shown}",
    )
    parser.add_argument(
        "--task",
        action="append",
        default=[],
        choices=[*TASKS, *ROWS],
        help="ask a task of the release in its questions' stead; may be given again. Steps, states and online key"
        " steps are asked window by window under video, transcript and both, the others row by row",
    )
    parser.add_argument("--split", help="which questions; test, validation or train, the first that holds some")
    parser.add_argument("--sound", action="store_true", help="send the clip's sound with its pictures")
    parser.add_argument(
        "--windows",
        action="append",
        default=[],
        choices=("steps", "states"),
        help="ask these too, window by window, under video, transcript and both; may be given again",
    )
    parser.add_argument("--window", type=float, default=5, metavar="S", help="how long a window is (5)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the run's folder; the same one goes on")
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="requests under way at a time (4)")
    parser.add_argument("--most-requests", type=int, metavar="N", help="the budget of this call in requests")
    parser.add_argument(
        "--most-tokens", type=int, metavar="N", help="the same in tokens, as the server counts them"
    )
    parser.add_argument("--reply-tokens", type=int, default=16, metavar="N", help="how long a reply may be (16)")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="how long an answer may take (60)")
    parser.add_argument("--tries", type=int, default=3, metavar="N", help="how often one is asked for (3)")
    parser.add_argument("--cluster", choices=("group", "session"), default="group", help="of intervals (group)")
    parser.add_argument("--seed", type=int, default=0, help="what draws wrong videos, and is sent (0)")
    parser.add_argument("--send", action="store_true", help="send what goes to another computer")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.evaluation_words import run_words
    from woz.dataset.evaluation.items import items_of

    done = _ran(arguments, items_of(arguments.release, arguments.split, bool(arguments.task)))
    if arguments.json:
        facts = {"run": str(done.folder), "stopped": done.stopped, **asdict(done.score)}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        print(run_words(done.score))
        print(f"Kept in {done.folder}; woz evaluate report {quoted(done.folder)} --html FILE makes a page of it.")
    if done.stopped:
        print(f"woz: {done.stopped}", file=sys.stderr)
    return 1 if done.stopped else 0


def _ran(arguments: argparse.Namespace, items: Items) -> Ran:
    """The key comes from the environment (WOZ_MODEL_KEY), so that it stands in no history of commands."""
    from woz.dataset.evaluation.conditions import Condition
    from woz.dataset.evaluation.request import Asking
    from woz.dataset.evaluation.run_folder import usual_folder
    from woz.dataset.evaluation.running import run, settings_of
    from woz.dataset.models.asking import Asker, Limits
    from woz.dataset.models.endpoint import Endpoint

    if (
        min(arguments.at_once, arguments.tries, arguments.reply_tokens) < 1
        or min(arguments.timeout, arguments.window) <= 0
    ):
        raise WozError("--at-once, --tries, --reply-tokens, --timeout and --window are more than 0.")
    endpoint = Endpoint(arguments.endpoint, arguments.model, os.environ.get("WOZ_MODEL_KEY", ""), arguments.timeout)
    if not endpoint.local and not arguments.send:
        raise WozError(f"{endpoint.host} is another computer; --send lets the release's data go there.")
    asking = Asking(arguments.model, arguments.reply_tokens, seed=arguments.seed)
    conditions = [Condition(each) for each in arguments.condition or ("video", "blind")]
    limits = Limits(arguments.at_once, arguments.tries, arguments.most_requests, arguments.most_tokens)
    asker = Asker(SystemClock(), limits)
    if arguments.task and arguments.windows:
        raise WozError("--windows goes with a release's questions, --task with its tasks; give one of them.")
    show = progress(arguments.json)
    folder = arguments.out or Path(usual_folder(items.release.manifest.name, arguments.model))
    settings = settings_of(
        items,
        asking,
        conditions,
        arguments.sound,
        arguments.cluster,
        arguments.windows,
        arguments.window,
        list(dict.fromkeys(arguments.task)),
    )
    return run(items, settings, folder, endpoint, asker, lambda n, of: show(100 * n // of, f"request {n} of {of}"))
