"""`woz` alone: the home window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def run(arguments: argparse.Namespace) -> int:
    return show_home(lambda: getattr(arguments, "project", None), arguments.theme)


def show_home(project: Callable[[], Path | None], theme: str) -> int:
    """`project` is called behind the sign, since it may take a while to find; None is the last one."""
    from ui.application.opening import opening

    with opening("Opening woz", theme):
        from ui.home.run import run_home
        from ui.preview.place_player import PlacePlayer

        return run_home(project(), theme, PlacePlayer)
