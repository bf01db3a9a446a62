"""What the commands of `woz media` have in common."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import SystemClock

if TYPE_CHECKING:
    from storage import Project
    from woz.lab.storing import Media

GB = 10**9


def media_options(parser: argparse.ArgumentParser, sessions: bool = True) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    if sessions:
        parser.add_argument("--session", action="append", default=[], help="may be given again; all if left out")
    what = "how long to wait for a store that doesn't answer (600)"
    parser.add_argument("--wait", type=float, metavar="S", default=600.0, help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


@contextlib.contextmanager
def opened(arguments: argparse.Namespace) -> Iterator[tuple[Project, Media]]:
    """Raises WozError where the project has no store."""
    from storage import Project
    from woz.lab.storing import Media

    with Project.open(arguments.project, SystemClock()) as project:
        yield project, Media(project, warn, arguments.wait)


def chosen(project: Project, arguments: argparse.Namespace) -> list[str]:
    """Raises WozError for a session that the project hasn't."""
    known = [project.sessions.get(one).id for one in arguments.session]
    return list(known or [session.id for session in project.sessions.all()])


def warn(text: str) -> None:
    """Beside the answer."""
    print(text, file=sys.stderr, flush=True)


def size(count: int) -> str:
    return f"{count / GB:.2f} GB" if count >= GB / 10 else f"{count / 10**6:.1f} MB"
