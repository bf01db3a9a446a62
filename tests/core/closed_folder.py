"""A folder that may not be entered, also by a test that runs as root, whom no permission stops."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def close_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Nothing in it is seen or opened."""
    for name in ("stat", "open", "iterdir"):
        monkeypatch.setattr(Path, name, _refused(getattr(Path, name), folder))


def _refused(own: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    def refused(path: Path, *arguments: Any, **options: Any) -> Any:
        if folder in path.parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return own(path, *arguments, **options)

    return refused
