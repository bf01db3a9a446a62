"""`woz media forget`."""

from __future__ import annotations

import argparse
import json

from ui.cli.media_options import media_options, opened
from woz.model.ids import SessionId


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser, sessions=False)
    parser.add_argument("--session", required=True, help="its id")


def run(arguments: argparse.Namespace) -> int:
    session = SessionId(arguments.session)
    with opened(arguments) as (_, media):
        media.forget(session)
    words = f"{session} is not in the store any more; what is on computers stays."
    print(json.dumps({"forgotten": session}) if arguments.json else words)
    return 0
