"""Which models `woz questions gate` asks, as its options say."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.application.answers import progress
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.dataset.gates.conditions import Condition
    from woz.dataset.models.asking import Spent
    from woz.dataset.models.endpoint import Endpoint
    from woz.lab.model_gating import Models

TEXT = ("blind", "options", "transcript", "steps")
SEEN = ("first-frame", "wrong-video")


def model_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("models")
    group.add_argument(
        "--endpoint",
        action="append",
        default=[],
        metavar="URL",
        help="an OpenAI-compatible server; again for another model's",
    )
    group.add_argument("--model", action="append", default=[], help="a model's name there; may be given again")
    group.add_argument(
        "--condition",
        action="append",
        default=[],
        choices=[*TEXT, *SEEN],
        help="what is asked; may be given again; all that need no picture where it is left out",
    )
    group.add_argument("--hits", type=int, default=4, help="in how many of five orders a model must be right (4)")
    group.add_argument("--models", type=int, default=2, help="how many models must (2)")
    group.add_argument(
        "--most-false", type=float, default=0.2, help="the part of the flags that may be false alarms (0.2)"
    )
    group.add_argument("--at-once", type=int, default=4, help="requests at a time (4)")
    group.add_argument("--most-requests", type=int, help="what may be asked in all, for each condition")
    group.add_argument("--most-tokens", type=int, help="what may be spent in all, for each condition")
    group.add_argument(
        "--reply-tokens", type=int, default=16, help="a reply's length; more for one that thinks (16)"
    )
    group.add_argument("--timeout", type=float, default=60, metavar="S", help="how long an answer may take (60)")
    group.add_argument("--tries", type=int, default=3, metavar="N", help="how often one is asked for (3)")
    group.add_argument("--send", action="store_true", help="send what goes to another computer")


def models_of(arguments: argparse.Namespace) -> Models | None:
    """None where no endpoint is named. Raises WozError for what can't be."""
    from woz.dataset.gates.conditions import Condition
    from woz.dataset.gates.model_gate import Rule
    from woz.dataset.models.asking import Limits
    from woz.lab.model_gating import Models

    if not arguments.endpoint:
        if arguments.model or arguments.condition:
            raise WozError("Models answer at an address; give it with --endpoint http://127.0.0.1:8080/v1, say.")
        return None
    if not (1 <= arguments.hits <= 5 and arguments.models >= 1 and 0 <= arguments.most_false <= 1):
        raise WozError("A rule has --hits 1 to 5, --models 1 or more and --most-false 0 to 1.")
    if min(arguments.at_once, arguments.tries, arguments.reply_tokens) < 1 or arguments.timeout <= 0:
        raise WozError("--at-once, --tries, --reply-tokens and --timeout are above 0.")
    return Models(
        _endpoints(arguments),
        [Condition(each) for each in dict.fromkeys(arguments.condition or TEXT)],
        Rule(arguments.hits, models=arguments.models, most_false=arguments.most_false),
        Limits(arguments.at_once, arguments.tries, arguments.most_requests, arguments.most_tokens),
        arguments.reply_tokens,
        arguments.send,
        _teller(arguments.json),
    )


def _endpoints(arguments: argparse.Namespace) -> list[Endpoint]:
    """The key comes from the environment (WOZ_MODEL_KEY), so that it stands in no history of commands."""
    from woz.dataset.models.endpoint import Endpoint

    urls, names = arguments.endpoint, arguments.model or ["default"]
    if len(urls) == 1:
        urls = urls * len(names)
    if len(urls) != len(names):
        raise WozError("Give one --endpoint for all models, or one for each --model, in the same order.")
    key = os.environ.get("WOZ_MODEL_KEY", "")
    return [Endpoint(url, name, key, arguments.timeout) for url, name in zip(urls, names, strict=True)]


def _teller(quiet: bool) -> Callable[[Condition, Spent, int], None]:
    show, last = progress(quiet), [("", 0)]

    def tell(condition: Condition, spent: Spent, of: int) -> None:
        percent = 100 * (spent.through) // of
        if last[0] != (condition, percent):
            last[0] = condition, percent
            show(percent, f"{condition}: {spent.answered} answered, {spent.kept} before, {spent.failed} failed")

    return tell
