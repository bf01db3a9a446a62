"""Searches files that are to leave the lab for names: texts, what media say of themselves, the files' own names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.privacy.media_tags import MEDIA, said_in
from woz.privacy.names.joined import JoinedNames, together
from woz.privacy.names.listing import NameList
from woz.privacy.names.matching import matches

CLOSED = frozenset({".tar", ".parquet", ".npy", ".vrs"})
"""Not looked into; their names are searched."""


@dataclass(frozen=True, slots=True)
class Leak:
    """`where` in the folder a form of a name stands."""

    form: str
    where: str

    def __str__(self) -> str:
        return f"{self.form!r} stands in {self.where}."


def leaks(folder: Path, names: NameList) -> Iterator[Leak]:
    """Raises WozError for a file that can't be read, once all others are searched."""
    search, faults = _Search(names), list[WozError]()
    for base, _, files in os.walk(folder):
        for each in sorted(files):
            path = Path(base) / each
            try:
                yield from search.file(path, path.relative_to(folder).as_posix())
            except WozError as fault:
                faults.append(fault)
    if faults:
        raise faults[0]


class _Search:
    def __init__(self, names: NameList) -> None:
        self._names = names
        self._joined = JoinedNames(names)

    def file(self, path: Path, name: str) -> Iterator[Leak]:
        yield from (Leak(form, f"the name of {name}") for form in self._joined.in_file_name(name))
        end = path.suffix.lower()
        if end in MEDIA:
            yield from self._media(path, name)
        elif end not in CLOSED:
            yield from self._text(path, name)

    def _media(self, path: Path, name: str) -> Iterator[Leak]:
        """What its writer leaves in every file is nobody's."""
        for said in said_in(path):
            if not said.is_form:
                yield from (Leak(form, f"what {name} says of itself: {said}") for form in self._forms(said.text))

    def _text(self, path: Path, name: str) -> Iterator[Leak]:
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    yield from (Leak(form, f"line {number} of {name}") for form in self._forms(line))
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}).") from error

    def _forms(self, text: str) -> list[str]:
        found = [each.form for each in matches(text, self._names) if each.name]
        return list({together(form): form for form in (*self._joined.in_text(text), *found)}.values())
