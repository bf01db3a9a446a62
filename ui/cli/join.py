"""`woz join`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ui.cli.devices import add_devices, devices_of


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("link", help="the invitation, woz://…")
    parser.add_argument("--recordings", type=Path, help="where your own voice is recorded")
    parser.add_argument("--no-spare-view", action="store_true", help="don't keep the view as it comes, as a spare")
    add_devices(parser)


def run(arguments: argparse.Namespace) -> int:
    from ui.app import ConsoleOptions, run_console

    recordings = arguments.recordings or _data_folder() / "console"
    return run_console(
        ConsoleOptions(
            arguments.link,
            recordings,
            devices_of(arguments),
            arguments.theme,
            arguments.control,
            not arguments.no_spare_view,
        )
    )


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("woz")
