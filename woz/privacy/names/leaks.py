"""Searches files that are to leave the lab for names: their texts, and how they are called."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.privacy.names.joined import JoinedNames, together
from woz.privacy.names.listing import NameList
from woz.privacy.names.matching import matches

MEDIA = frozenset({".mp4", ".mkv", ".mka", ".jpg", ".png", ".wav", ".tar", ".parquet", ".npy"})
"""Not read as text; their names are searched."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`line` counts from 1; 0 where the file's name, below the folder, holds it."""

    file: str
    line: int
    form: str

    def __str__(self) -> str:
        where = f"line {self.line} of {self.file}" if self.line else f"the name of {self.file}"
        return f"{self.form!r} stands in {where}."


def leaks(folder: Path, names: NameList) -> Iterator[Leak]:
    """Raises WozError for a file that can't be read."""
    joined = JoinedNames(names)
    for base, _, files in os.walk(folder):
        for each in sorted(files):
            path = Path(base) / each
            name = path.relative_to(folder).as_posix()
            yield from (Leak(name, 0, form) for form in joined.in_file_name(name))
            if path.suffix not in MEDIA:
                yield from _in_text(path, name, names, joined)


def _in_text(path: Path, name: str, names: NameList, joined: JoinedNames) -> Iterator[Leak]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                found = [each.form for each in matches(line, names) if each.name]
                forms = {together(form): form for form in (*joined.in_text(line), *found)}
                yield from (Leak(name, number, form) for form in forms.values())
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
