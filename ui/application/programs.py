"""The program's own windows, as commands for processes of their own, in the look of this one."""

from __future__ import annotations

import sys

from ui import theme


def program(*arguments: str) -> list[str]:
    """`woz` with these arguments."""
    return own("--theme", theme.mode(), *arguments)


def own(*arguments: str) -> list[str]:
    """The same in whatever look they ask for."""
    return [sys.executable, "-m", "ui.cli", *arguments]
