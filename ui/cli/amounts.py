"""Amounts among the arguments of a command."""

from __future__ import annotations

import argparse


def some(text: str) -> int:
    """Raises ArgumentTypeError for what isn't a whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"give a number from 1 on, not {text!r}")
    return int(text)


def some_or_none(text: str) -> int:
    """Raises ArgumentTypeError for what isn't a whole number from 0 on."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"give a number from 0 on, not {text!r}")
    return int(text)


def seconds(text: str) -> float:
    """Raises ArgumentTypeError for what is no time above nothing."""
    try:
        amount = float(text)
    except ValueError:
        amount = 0.0
    if not 0 < amount < float("inf"):
        raise argparse.ArgumentTypeError(f"give seconds, as 4 or 0.5, not {text!r}")
    return amount


def gigabytes(text: str) -> float:
    """Raises ArgumentTypeError for what is no amount above nothing."""
    try:
        amount = float(text)
    except ValueError:
        amount = 0.0
    if not 0 < amount < float("inf"):
        raise argparse.ArgumentTypeError(f"give gigabytes, as 4 or 0.5, not {text!r}")
    return amount
