"""Whether what somebody chose is there, in a sentence; empty where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from woz.base.errors import WozError, permitted


def no_file(path: Path) -> str:
    return _lacks("file", path, path.is_file)


def no_folder(path: Path) -> str:
    return _lacks("folder", path, path.is_dir)


def nothing_at(path: Path) -> str:
    """Of what may be either."""
    return _lacks("file", path, path.exists)


def _lacks(what: str, path: Path, there: Callable[[], bool]) -> str:
    try:
        with permitted():
            return "" if there() else f"There is no {what} {path}."
    except WozError as error:
        return str(error)
