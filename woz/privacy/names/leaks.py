"""Searches files that are to leave the lab for names: texts, what media say of themselves, the files' own names,
and all that in archives.
"""

from __future__ import annotations

import codecs
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TextIO

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.privacy.archives import Room, UnpackError, is_archive, members
from woz.privacy.arrays import is_array, words_in
from woz.privacy.media_tags import MEDIA, said_in
from woz.privacy.names.joined import JoinedNames, together
from woz.privacy.names.listing import NameList
from woz.privacy.names.matching import matches

DEEP = 4
"""Archives within each other that are opened."""
MOST_TOLD = 5
PIECE, OVERLAP = 1 << 20, 200
"""Characters of a line that are searched at once, and those that are searched again with the next."""
BY_CHANCE = 3
"""Names of so many bytes stand in files that are no text."""
_NO_TEXT = re.compile(r"[\0\ufffd]")
CLOSED = {
    b"PAR1": "Parquet",
    b"\x89HDF\r\n\x1a\n": "HDF5",
    b"%PDF-": "PDF",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "RAR",
    b"age-encryption.org/": "encrypted",
}
"""What isn't looked into, by its first bytes."""
CLOSED_ENDS = {".vrs": "VRS", ".parquet": "Parquet", ".pkl": "objects of Python"}


@dataclass(frozen=True, slots=True)
class Leak:
    """`where` in the folder a form of a name stands."""

    form: str
    where: str

    def __str__(self) -> str:
        return f"{self.form!r} stands in {self.where}."


@dataclass(frozen=True, slots=True)
class Unsearched:
    """What was not looked into, and why; its name was searched."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what} ({self.why})"


def not_looked_into(left: Sequence[Unsearched]) -> str:
    """A sentence of them all; empty where there are none."""
    if not left:
        return ""
    told = ", ".join(map(str, left[:MOST_TOLD]))
    more = f", and {counted(len(left) - MOST_TOLD, 'more', 'more')}" if len(left) > MOST_TOLD else ""
    return f"Not looked into for names: {told}{more}; look into them yourself, or take them out."


def leaks(folder: Path, names: NameList, left: list[Unsearched]) -> Iterator[Leak]:
    """`left` gets what was not looked into. Raises WozError for a file that can't be read, once all others are
    searched.
    """
    search = _Search(names, left)

    def closed(error: OSError) -> None:
        left.append(Unsearched(_within(folder, Path(error.filename)), error.strerror or "it can't be read"))

    for base, folders, files in os.walk(folder, onerror=closed):
        for path in (Path(base) / each for each in sorted(files)):
            yield from search.file(path, _within(folder, path))
        linked = (path for path in (Path(base) / each for each in sorted(folders)) if path.is_symlink())
        left.extend(Unsearched(_within(folder, path), "a link to a folder") for path in linked)
    if search.faults:
        raise search.faults[0]


def leaks_of(files: Iterable[Path], folder: Path, names: NameList, left: list[Unsearched]) -> Iterator[Leak]:
    """The same of these files in it."""
    search = _Search(names, left)
    for path in files:
        yield from search.file(path, _within(folder, path))
    if search.faults:
        raise search.faults[0]


def _within(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


class _Search:
    def __init__(self, names: NameList, left: list[Unsearched]) -> None:
        self._names = names
        self._joined = JoinedNames(names)
        self._left = left
        self.faults = list[WozError]()

    def file(self, path: Path, name: str) -> Iterator[Leak]:
        """Of a folder."""
        yield from self._called(name, name)
        yield from self._content(path, path.name, name)

    def _called(self, own: str, name: str) -> Iterator[Leak]:
        return (Leak(form, f"the name of {name}") for form in self._joined.in_file_name(own))

    def _content(self, path: Path, own: str, name: str, room: Room | None = None, deep: int = 0) -> Iterator[Leak]:
        """`own` is its name, `name` what it is called in the folder; `deep` in how many archives it lies, unpacked
        into `room`.
        """
        try:
            if path.exists() and not path.is_file():
                self._left.append(Unsearched(name, "no plain file"))
            elif path.suffix.lower() in MEDIA:
                yield from self._media(path, name)
            elif kind := _closed(path):
                self._left.append(Unsearched(name, kind))
            elif is_archive(path):
                yield from (
                    self._archive(path, own, name, room, deep) if room else self._first_archive(path, own, name)
                )
            elif is_array(path):
                yield from self._array(path, name)
            else:
                yield from self._text(path, name)
        except OSError as error:
            self.faults.append(WozError(f"{name} can't be read ({error.strerror})."))
        except WozError as fault:
            self.faults.append(fault)

    def _first_archive(self, path: Path, own: str, name: str) -> Iterator[Leak]:
        with tempfile.TemporaryDirectory(prefix="woz-names-", ignore_cleanup_errors=True) as folder:
            yield from self._archive(path, own, name, Room(Path(folder)), 0)

    def _archive(self, path: Path, own: str, name: str, room: Room, deep: int) -> Iterator[Leak]:
        if deep == DEEP:
            self._left.append(Unsearched(name, f"in more than {DEEP} archives"))
            return
        try:
            for member in members(path, own, room):
                called = f"{member.name} in {name}"
                yield from self._called(member.name, called)
                for said in member.says:
                    yield from (Leak(form, f"what {name} says of {member.name}") for form in self._forms(said))
                if member.why:
                    self._left.append(Unsearched(called, member.why))
                if member.file:
                    yield from self._content(member.file, PurePosixPath(member.name).name, called, room, deep + 1)
        except UnpackError as error:
            self._left.append(Unsearched(name, str(error)))

    def _media(self, path: Path, name: str) -> Iterator[Leak]:
        """What its writer leaves in every file is nobody's."""
        for said in said_in(path, name):
            if not said.is_form:
                yield from (Leak(form, f"what {name} says of itself: {said}") for form in self._forms(said.text))

    def _array(self, path: Path, name: str) -> Iterator[Leak]:
        try:
            for text in words_in(path):
                yield from (Leak(form, f"the array {name}") for form in self._forms(text))
        except ValueError:
            self._left.append(Unsearched(name, "objects of Python, or damaged"))

    def _text(self, path: Path, name: str) -> Iterator[Leak]:
        """Where it proves to be no text, forms that stand in any bytes by chance are told as not searched for."""
        is_text, by_chance = True, list[Leak]()
        with path.open(encoding=_encoding(path), errors="replace") as file:
            for number, line in _lines(file):
                is_text = is_text and not _NO_TEXT.search(line)
                for leak in (Leak(form, f"line {number} of {name}") for form in self._forms(line)):
                    if len(leak.form.encode()) > BY_CHANCE:
                        yield leak
                    elif is_text or not by_chance:
                        by_chance.append(leak)
        if is_text:
            yield from by_chance
        elif by_chance:
            self._left.append(Unsearched(name, "no text: names of up to three letters may stand there by chance"))

    def _forms(self, text: str) -> list[str]:
        found = [each.form for each in matches(text, self._names) if each.name]
        return list({together(form): form for form in (*self._joined.in_text(text), *found)}.values())


def _closed(path: Path) -> str:
    """What it is; empty where it can be looked into."""
    with path.open("rb") as file:
        head = file.read(max(map(len, CLOSED)))
    known = (kind for magic, kind in CLOSED.items() if head.startswith(magic))
    return next(known, CLOSED_ENDS.get(path.suffix.lower(), ""))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(2)
    return "utf-16" if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"


def _lines(file: TextIO) -> Iterator[tuple[int, str]]:
    """With their numbers; long ones in pieces that overlap and end between words, so that none cuts a name, nor
    makes one.
    """
    number, before = 1, ""
    while piece := file.readline(PIECE):
        text, ended = before + piece, piece.endswith("\n")
        if ended or len(piece) < PIECE:
            yield number, text
            before = ""
        else:
            end = _gap(text, len(text))
            yield number, text[:end]
            before = text[_gap(text, max(0, end - OVERLAP)) :]
        number += ended
    if before:
        yield number, before


def _gap(text: str, at: int) -> int:
    """The last place before which no letter or digit stands, where there is one near: a part of a word may be a
    name that the word isn't.
    """
    return next((each for each in range(at, max(0, at - OVERLAP), -1) if not text[each - 1].isalnum()), at)
