"""How what woz can do without is added, where it isn't here."""

from __future__ import annotations

import sys


def how_to_add(extra: str) -> str:
    """The end of a sentence. The program without Python holds no packages of others' choice."""
    if getattr(sys, "frozen", False):
        return f"this program can't hold it: install woz's wheel by uv, with its extra {extra} (see Installing woz)"
    return f"run: pip install 'woz[{extra}]'"
