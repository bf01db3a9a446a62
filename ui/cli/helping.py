"""The help of every command there is, as the program itself tells it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from ui.cli.program import parser
from ui.cli.verbs import VerbParser

WIDTH = 86


def command_helps() -> Iterator[tuple[str, str]]:
    """Names, as they are typed, and texts of `--help`; a group of commands comes before its own."""
    columns = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(WIDTH)
    try:
        yield from _helps(parser())
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns


def _helps(one: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    if isinstance(one, VerbParser):
        one.load()
    yield one.prog, one.format_help()
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _helps(inner)
