"""A file that is being read: in bounded memory, with progress, and stopped where somebody asks for it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, cast
from xml.parsers.expat import ExpatError

import ijson
from defusedxml import DTDForbidden

from woz.base.errors import WozError, unread
from woz.formats.xml_events import XmlEvent, xml_events
from woz.model.ids import new_id
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme

MOST_LINE_CHARS = 1024**2
DEEPEST_JSON = 100
MOST_JSON_BYTES = 32 * 1024**2
"""Of one value that is held at once, such as a task: a hundred thousand of its regions."""


class Cancelled(WozError):  # noqa: N818
    """Somebody stopped the reading."""

    def __init__(self) -> None:
        super().__init__("The import was stopped; nothing was imported.")


Progress = Callable[[float], bool]
"""Told how much has been read, 0 to 1; False stops the reading."""


def _go_on(_: float) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Reading:
    """`path` is a file, or a folder for formats that are one. `made` goes with each item. `scheme` is the user's
    choice, `language` that of the speech (BCP 47), `frame_rate` (1/s) for formats that count frames.
    """

    path: Path
    made: Made = field(default_factory=lambda: Made(Origin.IMPORTED))
    scheme: Scheme | None = None
    language: str = ""
    frame_rate: float | None = None
    progress: Progress = _go_on
    new_id: Callable[[], str] = field(default=new_id)

    def passes(self, count: int) -> tuple[Reading, ...]:
        """The same for each of several readings of the file, with a progress over all of them."""
        return tuple(replace(self, progress=self._part(i, count)) for i in range(count))

    def standing(self) -> Reading:
        """The same, with a progress that stays at its beginning, for a look ahead; it can be stopped, too."""
        return replace(self, progress=lambda _: self.progress(0))

    def _part(self, i: int, count: int) -> Progress:
        return lambda done: self.progress((i + done) / count)

    def open(self, path: Path | None = None) -> IO[bytes]:
        """The file's bytes. Raises WozError where it can't be read, and `Cancelled`."""
        path = path or self.path
        try:
            return io.BufferedReader(_Counted(path.open("rb", buffering=0), path, self.progress), 1 << 18)
        except OSError as error:
            raise WozError(unread(path, error)) from error

    def lines(self, path: Path | None = None, keep_ends: bool = False) -> Iterator[str]:
        """The lines of a text, without their ends, or with them as they are; UTF-8, or UTF-16 with its mark.

        Raises WozError for another encoding, no text at all, and for a line that is endless.
        """
        path = path or self.path
        with self.open(path) as file:
            if _has_zeros(file):
                raise WozError(f"{path} is no text, or in UTF-16 without its mark; save it in UTF-8.")
            text = io.TextIOWrapper(file, _encoding_of(file), newline="" if keep_ends else None)
            try:
                while line := text.readline(MOST_LINE_CHARS):
                    if len(line) == MOST_LINE_CHARS:
                        raise WozError(f"{path} has a line of more than a million characters; it is no such file.")
                    yield line if keep_ends else line.rstrip("\n")
            except UnicodeError as error:
                raise WozError(f"{path} is no text in UTF-8; save it in that encoding and try again.") from error

    def json_items(self, prefix: str, path: Path | None = None) -> Iterator[Any]:
        """The values at a place of a JSON file, as ijson names it ("events.item"), one by one. Raises WozError."""
        return self._json(path or self.path, lambda file: ijson.items(file, prefix, use_float=True))

    def json_events(self, path: Path | None = None) -> Iterator[tuple[str, str, Any]]:
        """ijson's (prefix, event, value) of a JSON file. Raises WozError."""
        return self._json(path or self.path, lambda file: ijson.parse(file, use_float=True))

    def json_tokens(self, path: Path | None = None) -> Iterator[tuple[str, Any]]:
        """ijson's (event, value) of a JSON file, which knows no places but costs no more where it is deep."""
        return self._json(path or self.path, lambda file: ijson.basic_parse(file, use_float=True))

    def _json(self, path: Path, walk: Callable[[IO[bytes]], Iterator[Any]]) -> Iterator[Any]:
        with self.open(path) as file:
            bounded = _Bounded(file, path)
            try:
                for value in walk(cast(IO[bytes], bounded)):
                    bounded.held = 0
                    yield value
            except ijson.IncompleteJSONError as error:
                raise WozError(f"{path} is cut short, or no JSON; get a whole copy of it.") from error
            except (ijson.JSONError, UnicodeError, OverflowError) as error:
                raise WozError(f"{path} is no JSON in UTF-8 ({_one_line(error)}).") from error

    def xml_events(self, path: Path | None = None) -> Iterator[XmlEvent]:
        """What begins, ends and stands between in an XML file, of which nothing is held.

        Raises WozError for what is no XML, is cut short, or declares entities or a document type.
        """
        path = path or self.path
        with self.open(path) as file:
            try:
                yield from xml_events(file)
            except DTDForbidden as error:
                raise WozError(
                    f"{path} declares entities or a document type, which is not read from files."
                ) from error
            except (ExpatError, UnicodeError, LookupError, ValueError) as error:
                raise WozError(f"{path} is no whole XML file ({_one_line(error)}).") from error


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: io.FileIO, path: Path, progress: Progress) -> None:
        self._file = file
        self._size = max(1, path.stat().st_size)
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._progress(min(1.0, self._file.tell() / self._size)):
            raise Cancelled
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Bounded:
    """JSON as it is read, refused before a parser sees brackets that are nested deeper than any format's, or a
    value that is longer than any. `held` is how many bytes were read since the last value.
    """

    _ESCAPED, _STRING = re.compile(rb"\\.", re.DOTALL), re.compile(rb'"[^"]*"')
    _NO_BRACKETS = bytes(set(range(256)) - set(b'[]{}"'))

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path
        self._depth, self._in_string, self._escaping = 0, False, False
        self.held = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.held += len(data)
        if self.held > MOST_JSON_BYTES:
            raise WozError(
                f"{self._path} holds a single task of more than {MOST_JSON_BYTES // 1024**2} MB; split it."
            )
        for bracket in self._brackets(data):
            self._depth += 1 if bracket in b"[{" else -1
            if self._depth > DEEPEST_JSON:
                raise WozError(f"{self._path} is nested deeper than any such file; it is none.")
        return data

    def _brackets(self, data: bytes) -> bytes:
        """Those that stand outside of strings; a string may go on from one piece to the next."""
        text = (b"\\" if self._escaping else b"") + data
        plain = self._ESCAPED.sub(b"", text)
        self._escaping = plain.endswith(b"\\")
        plain = (b'"' if self._in_string else b"") + plain.translate(None, self._NO_BRACKETS)
        self._in_string = plain.count(b'"') % 2 == 1
        plain = self._STRING.sub(b"", plain)
        return plain.partition(b'"')[0]


def _has_zeros(file: IO[bytes]) -> bool:
    """Whether a third of its beginning is zeros, as in UTF-16; with a mark they are told by it."""
    assert isinstance(file, io.BufferedReader)
    begin = file.peek(64)[:64]
    marked = begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not marked and 3 * begin.count(0) > len(begin)


def _encoding_of(file: IO[bytes]) -> str:
    assert isinstance(file, io.BufferedReader)
    begin = file.peek(4)[:4]
    return "utf-16" if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def nanoseconds(seconds: float | int | str | Decimal) -> int:
    """Seconds, as a file has them, in ns: decimal places stay as they stand. Raises ValueError for no number."""
    value = Decimal(str(seconds))
    if not value.is_finite() or abs(value) > 10**9:
        raise ValueError(f"{seconds} is no time in seconds")
    return int((value * 10**9).to_integral_value())
