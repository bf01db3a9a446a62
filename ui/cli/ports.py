"""A network port on the command line."""

from __future__ import annotations

import argparse

MOST = 65_535


def port(text: str) -> int:
    """0 for any. Raises ArgumentTypeError for what is no port."""
    if not text.isdecimal() or int(text) > MOST:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MOST}, not {text!r}")
    return int(text)
