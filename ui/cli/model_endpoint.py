"""What a command is told of a model behind an OpenAI-compatible server."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.dataset.models.endpoint import Endpoint
    from woz.lab.model_questions import Rewriting


def endpoint_options(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        required=required,
        help="an OpenAI-compatible server, http://127.0.0.1:8080/v1, say",
    )
    parser.add_argument("--model", default="default", help="the model's name there")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="how long an answer may take (60)")
    parser.add_argument("--send", action="store_true", help="send what goes to another computer")


def endpoint_of(arguments: argparse.Namespace) -> Endpoint:
    """The key comes from the environment (WOZ_MODEL_KEY), so that it stands in no history of commands."""
    from woz.dataset.models.endpoint import Endpoint

    return Endpoint(arguments.endpoint, arguments.model, os.environ.get("WOZ_MODEL_KEY", ""), arguments.timeout)


def tell_lacking(done: Rewriting, endpoint: Endpoint) -> None:
    """What was not sent, and what came back and could not be used."""
    if unfit := done.asked - done.answered:
        answers = f"{counted(done.asked, 'answer')} of {endpoint.model} {'was' if unfit == 1 else 'were'}"
        print(
            f"woz: {unfit} of {answers} not as asked for, and nothing of that is taken; {_how_better(endpoint)}.",
            file=sys.stderr,
        )
    for session, reason in done.stayed.items():
        print(f"woz: {session} was not sent to {endpoint.host}: {reason}", file=sys.stderr)


def _how_better(endpoint: Endpoint) -> str:
    if not endpoint.troubles:
        return "a model that keeps a JSON schema does better"
    ((trouble, _), *_) = endpoint.troubles.most_common(1)
    requests = counted(endpoint.troubles.total(), "request")
    return f"{requests} got no answer ({trouble}): see to the server, or give it longer with --timeout"
