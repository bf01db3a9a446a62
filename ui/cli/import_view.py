"""`woz import view`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import chosen_session, quiet, say
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "project", type=Path, help="the project's folder; made, with a session of the view alone, where it is new"
    )
    parser.add_argument("file", type=Path, help="the camera's video, or a VRS recording of Aria glasses")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument(
        "--name", default="", help="the camera, such as cam01; the file's name where it is left out"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--by", choices=("sound",), default="sound", help="how it is laid on session time (sound)")
    how.add_argument("--offset", type=float, metavar="S", help="where it begins in the session (seconds)")
    how.add_argument("--table", type=Path, metavar="CSV", help="a table of matching frames, as timesync.csv is")
    parser.add_argument(
        "--drift-ppm", type=float, default=0.0, metavar="PPM", help="beside --offset: its clock's drift"
    )
    parser.add_argument("--camera", default="", metavar="NAME", help="its name in the table (as --name)")
    parser.add_argument("--glasses", default="", metavar="NAME", help="the session's own view in the table (found)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.importing.material import require_file
    from woz.lab.media_import import MediaOptions, import_media, media_words
    from woz.lab.views import ViewOptions, import_view

    require_file(arguments.file)
    options = ViewOptions(
        arguments.file,
        arguments.name,
        arguments.offset,
        arguments.drift_ppm,
        arguments.table,
        arguments.camera,
        arguments.glasses,
    )
    tell = quiet if arguments.json else say
    with filled_or_unmade(arguments.project, SystemClock()) as project:
        first = not arguments.session and not project.sessions.all()
        if first:
            _demand_free(arguments)
            made = import_media(project, MediaOptions(arguments.file), tell)
        else:
            session_id = chosen_session(project, arguments.session)
            made = import_view(project, session_id, options, tell)
    print(json.dumps(made) if arguments.json else media_words(made) if first else _words(made))
    return 0


def _demand_free(arguments: argparse.Namespace) -> None:
    """The first view of a project is its session's own, and begins with it."""
    if arguments.offset is not None or arguments.table:
        raise WozError(
            f"{arguments.project} has no session yet, so the view can't be laid on one: leave out --offset and"
            " --table, and it becomes a session of its own."
        )


def _words(made: dict[str, object]) -> str:
    placed = made["placed"]
    assert isinstance(placed, dict)
    frames = made["frames"]
    assert isinstance(frames, int)
    where = f"begins at {placed['offset_ns'] / 1e9:+.4f} s, drift {placed['drift_ppm']:+.1f} ppm"
    near = (
        "" if made["residual_p95_ms"] is None else f", within {made['residual_p95_ms']} ms of 95 % of its readings"
    )
    how = f"by {placed['placed_by']}{near}"
    return f"{made['session_id']}: view {made['view']}, {counted(frames, 'frame')}, {where}, {how}."
