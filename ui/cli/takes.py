"""`woz takes`."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session, say
from woz.base.clock import SystemClock
from woz.base.errors import WozError

if TYPE_CHECKING:
    from storage import Project
    from woz.model.ids import SessionId


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument(
        "--add", nargs=3, metavar=("NAME", "START", "END"), help="a take, in seconds of the session"
    )
    parser.add_argument("--task", default="", help="beside --add: what is done in it")
    parser.add_argument("--best-exo", default="", metavar="CAM", help="beside --add: the view that shows it best")
    parser.add_argument("--remove", default="", metavar="NAME", help="take a take away; nothing recorded is lost")
    parser.add_argument(
        "--cut", type=Path, metavar="OUT", help="films of all takes and views, frame i of each the same instant"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.views import add_take, remove_take, take_facts, take_span, views_of
    from woz.model.session import Take

    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        if arguments.remove:
            remove_take(project, session_id, arguments.remove)
        if arguments.add:
            name, start, end = arguments.add
            span = take_span(_number(start), _number(end))
            add_take(project, session_id, Take(name, span, arguments.task, arguments.best_exo))
        cut = _cut(project, session_id, arguments) if arguments.cut else []
        takes = project.sessions.get(session_id).takes
        views = views_of(project.streams.of_session(session_id))
    facts = [take_facts(take) for take in takes]
    if arguments.json:
        told = {"session": session_id, "views": views, "takes": facts}
        print(json.dumps({**told, "films": cut} if arguments.cut else told))
    elif arguments.cut:
        print("\n".join(cut))
    else:
        print("\n".join([_line(each) for each in facts] or [f"{session_id} has no take yet; add one with --add."]))
    return 0


def _cut(project: Project, session_id: SessionId, arguments: argparse.Namespace) -> list[str]:
    from woz.lab.aligned_films import cut_takes

    done = cut_takes(project, session_id, arguments.cut.absolute(), logging.info if arguments.json else say)
    if done.warning:
        print(f"woz: {done.warning}", file=sys.stderr)
    return [str(film) for film in done.films]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise WozError(f"{text!r} is no number of seconds; write --add NAME 12.5 80.") from None


def _line(take: dict[str, object]) -> str:
    more = [
        f"{take['task']}" if take["task"] else "",
        f"best seen by {take['best_exo']}" if take["best_exo"] else "",
    ]
    words = ", ".join(word for word in more if word)
    return f"{take['name']}  {take['start_s']:.1f} to {take['end_s']:.1f} s" + (f"  {words}" if words else "")
