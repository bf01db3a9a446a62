"""`woz media still`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.cli.media_options import media_options, opened
from woz.base.interval import NS_PER_S
from woz.model.ids import SessionId


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser, sessions=False)
    parser.add_argument("--session", required=True, help="its id")
    parser.add_argument("--at", type=float, required=True, metavar="S", help="seconds of session time")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the picture (.png, .jpg)")


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (project, media):
        session = project.sessions.get(SessionId(arguments.session)).id
        t_ns = media.still(session, round(arguments.at * NS_PER_S), arguments.out)
    facts = {"picture": str(arguments.out), "t_s": t_ns / NS_PER_S}
    print(json.dumps(facts) if arguments.json else f"{arguments.out}: the picture of {t_ns / NS_PER_S:.3f} s")
    return 0
