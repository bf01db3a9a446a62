"""`woz join`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.invitation import add_invitation, handed_over, invitation_of
from ui.cli.devices import add_devices, devices_of

if TYPE_CHECKING:
    from ui.console.run import ConsoleOptions


def options(parser: argparse.ArgumentParser) -> None:
    add_invitation(parser)
    parser.add_argument(
        "--recordings", type=Path, help="where your own voice is recorded, a folder for each session"
    )
    parser.add_argument("--no-spare-view", action="store_true", help="don't keep the view as it comes, as a spare")
    add_devices(parser)


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening
    from woz.link.handshake.invitation import Invitation

    handed = handed_over()
    link = invitation_of(arguments)
    Invitation.parse(link)
    with opening("Joining the session", arguments.theme, hidden=arguments.control or handed):
        from ui.console.run import run_console

        return run_console(_console_options(arguments, link, handed))


def _console_options(arguments: argparse.Namespace, link: str, handed: bool) -> ConsoleOptions:
    from ui.console.run import ConsoleOptions

    recordings = arguments.recordings or _data_folder() / "console"
    return ConsoleOptions(
        link,
        recordings,
        devices_of(arguments),
        arguments.theme,
        arguments.control,
        not arguments.no_spare_view,
        handed,
    )


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("woz")
