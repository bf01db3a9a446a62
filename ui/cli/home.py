"""`woz` alone: the home window."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening woz", arguments.theme):
        from ui.home.run import run_home
        from ui.preview.place_player import PlacePlayer

        return run_home(getattr(arguments, "project", None), arguments.theme, PlacePlayer)
