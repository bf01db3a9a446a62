"""`woz rendezvous`."""

from __future__ import annotations

import argparse

from ui.application.answers import say
from ui.cli.ports import port


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", default="0.0.0.0", help="the address to listen on")
    parser.add_argument("--port", type=port, default=7443, help="the port to listen on; 0 for any")


def run(arguments: argparse.Namespace) -> int:
    from ui.cli.rendezvous_server import run_rendezvous

    return run_rendezvous(arguments.address, arguments.port, say)
