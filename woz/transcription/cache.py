"""Results of stages as JSON files, each under a digest of all that it depends on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from woz.base.errors import WozError

VERSION = 10
"""Goes up when a stage gives something else for the same input."""


def digest(*depends: object) -> str:
    """The same for equal JSON-like values, in this process and in any other."""
    text = json.dumps(depends, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Cache:
    """Keeps each stage's result in a folder; None keeps nothing.

    `libraries` are what the results are made with, by version: what others made is not taken.
    """

    def __init__(self, folder: Path | None, libraries: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._libraries = dict(libraries or {})

    def has(self, stage: str, *depends: object) -> bool:
        path = self._path(stage, depends)
        return path is not None and path.is_file()

    def get(self, stage: str, make: Callable[[], Any], *depends: object) -> Any:
        """The kept result, or the one that `make` gives, kept from now on, whole or not at all.

        Raises WozError where the disk takes no more.
        """
        path = self._path(stage, depends)
        if path is None:
            return make()
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError, RecursionError):
            made = make()
        _keep(path, json.dumps(made, ensure_ascii=False))
        return json.loads(json.dumps(made))

    def _path(self, stage: str, depends: tuple[object, ...]) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{stage}-{digest(VERSION, self._libraries, stage, *depends)}.json"


def _keep(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WozError(
            f"The stage's result can't be kept in {path.parent} ({error.strerror}); make room."
        ) from error


def model_key(path: str | None) -> list[object]:
    """A model is told from another by its files' names, sizes and times, not by where it lies."""
    if path is None:
        return []
    root = Path(path)
    files = sorted(file for file in root.rglob("*") if file.is_file())
    return [(str(f.relative_to(root)), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
