"""What a file format is to woz: its name, what it carries, what it would lose, its reader and its writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from woz.formats.bundle import SessionBundle
from woz.formats.parts import Lost, Part
from woz.formats.reading import Reading


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file to be written below the export's folder: `name` may hold folders, `text` comes in pieces (UTF-8)."""

    name: str
    text: Iterable[str]


@dataclass(frozen=True, slots=True)
class Writing:
    """`folder` is where the files will lie; `frame_rate` (1/s) is for formats that count frames."""

    folder: Path
    frame_rate: float | None = None


Read = Callable[[Reading], Iterator[Part]]
"""Streams what a file holds: a `Begin` a session, then its parts. Raises WozError for a file of another format."""
Write = Callable[[Sequence[SessionBundle], Writing], Iterable[OutFile]]
"""The same bundles make the same bytes. Raises WozError, before the first file, for what can't be written."""
Losses = Callable[[Sequence[SessionBundle]], Iterable[Lost]]
"""What of these sessions the format can't hold."""


def _nothing(_: Sequence[SessionBundle]) -> Iterable[Lost]:
    return ()


@dataclass(frozen=True, slots=True)
class Format:
    """`carries` and `loses` are nouns for people ("turns", "words' times"). `source` is where it is described.

    `by_default`: it is written where no format is named. `scheme` is the shipped scheme that its reader uses.
    """

    name: str
    title: str
    ending: str
    carries: tuple[str, ...]
    loses: tuple[str, ...]
    source: str
    read: Read | None = None
    write: Write | None = None
    losses: Losses = _nothing
    scheme: str = ""
    by_default: bool = False


def each_session(ending: str, one: Callable[[SessionBundle, Writing], Iterable[str]]) -> Write:
    """A writer of one file a session, named SESSION.ENDING."""

    def write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
        return [OutFile(f"{bundle.session.id}.{ending}", one(bundle, writing)) for bundle in bundles]

    return write
