"""Who somebody is, among the arguments of a command: `--annotator` or `--as`, where one alone is needed."""

from __future__ import annotations

import argparse

NAMES = ("--annotator", "--as")


def add_pseudonym(parser: argparse.ArgumentParser, shown: str, dest: str, help_text: str) -> None:
    """The help tells of the one that is `shown`; the other of the two is taken as well."""
    (other,) = (name for name in NAMES if name != shown)
    parser.add_argument(shown, dest=dest, default="", metavar="PSEUDONYM", help=help_text)
    parser.add_argument(other, dest=dest, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
