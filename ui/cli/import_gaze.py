"""`woz import gaze`."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import nanoseconds, seconds

if TYPE_CHECKING:
    from woz.importing.screen_gaze import Rectangle

_NUMBER = r"(-?\d+(?:\.\d+)?)"
_PLACE = re.compile(rf"{_NUMBER},{_NUMBER},{_NUMBER}x{_NUMBER}")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument(
        "file", type=Path, help="a CSV file of the eye tracker: time, x and y of the point looked at"
    )
    parser.add_argument("--session", help="its id; the newest, or a new one, where it is left out")
    place = "where the view was shown on the screen, in the unit of x and y; the whole screen, x and y from 0 to 1"
    parser.add_argument("--picture", default="", metavar="LEFT,TOP,WIDTHxHEIGHT", help=place)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--offset", type=float, metavar="S", help="where its first sample lies in the session (seconds)"
    )
    how.add_argument("--utc", action="store_true", help="its times are UTC, since 1970")
    parser.add_argument(
        "--drift-ppm", type=float, default=0.0, metavar="PPM", help="how much faster session time runs"
    )
    for name in ("time", "x", "y"):
        parser.add_argument(
            f"--{name}", default="", metavar="COLUMN", help=f"the column of {name}; found by itself"
        )
    parser.add_argument("--unit", default="", choices=("s", "ms", "us", "ns"), help="of its times; found by itself")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.importing.material import require_file
    from woz.importing.screen_gaze import GazeFile
    from woz.lab.alone import import_gaze_alone
    from woz.lab.views import import_expert_gaze

    require_file(arguments.file)
    file = GazeFile(
        arguments.file,
        _rectangle(arguments.picture),
        arguments.time,
        arguments.x,
        arguments.y,
        arguments.unit,
        None if arguments.utc else nanoseconds(arguments.offset),
        arguments.drift_ppm,
    )
    with filled_or_unmade(arguments.project, clock := SystemClock()) as project:
        if arguments.session or project.sessions.all():
            session_id = chosen_session(project, arguments.session)
            made = import_expert_gaze(project, session_id, file)
        else:
            session_id, made = import_gaze_alone(project, file, clock)
    if arguments.json:
        facts = {"session": session_id, "samples": made.samples, "in_view": made.in_view}
        print(json.dumps({**facts, "start_s": seconds(made.start_ns)}))
    else:
        samples = counted(made.samples, "sample")
        print(f"{session_id}: {samples} of the expert's gaze, {made.in_view} of them in the view.")
    return 0


def _rectangle(text: str) -> Rectangle:
    from woz.importing.screen_gaze import SCREEN, Rectangle

    if not text:
        return SCREEN
    match = _PLACE.fullmatch(text.replace(" ", ""))
    if match is None or min(float(match[3]), float(match[4])) <= 0:
        raise WozError(f"{text!r} is no place on a screen; write --picture 320,0,1280x1280.")
    return Rectangle(*(float(number) for number in match.groups()))
