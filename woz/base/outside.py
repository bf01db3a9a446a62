"""What comes from outside, over the link or in a file that another program wrote: read by a schema, or refused.

A schema is a type: a dataclass, a msgspec.Struct, a container of such; bounds stand in its annotations. Whatever
the text holds, a reader gives a value of that type or raises `Unsound`; it holds a few times the text's length.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

T = TypeVar("T")

MOST_FILE_BYTES = 64 * 1024**2
MOST_LINE_BYTES = 1024**2
MOST_WORDS = 300
DEEPEST = 8
"""Lists and objects inside one another, where a schema leaves open what there is."""

Whole = Annotated[int, Meta(ge=-(2**62), le=2**62)]
"""A whole number that fits wherever numbers are kept, with room to add."""
Count = Annotated[int, Meta(ge=0, le=2**53)]
Duration = Annotated[int, Meta(ge=0, le=30 * 86_400 * 10**9)]
"""Nanoseconds; a month at most."""


def _nested(depth: int) -> Any:
    leaf: Any = str | Whole | float | bool | None
    return leaf | list[_nested(depth - 1)] | dict[str, _nested(depth - 1)] if depth else leaf  # type: ignore[misc]


if TYPE_CHECKING:
    Data = dict[str, Any]
    Fields = Mapping[str, Any]
else:
    Data = Fields = dict[str, _nested(DEEPEST)]
    """A JSON object of which no more is known than that it is neither deep nor has numbers beyond all measure;
    `Fields` where nobody changes it."""


class Unsound(ValueError):  # noqa: N818
    """What came is not as it should be; the message says where."""


def read(text: str | bytes, kind: type[T]) -> T:
    """A JSON text as a value of a kind. Raises Unsound for anything else."""
    try:
        schema: Any = kind
        found: T = _decoder(schema).decode(text)
    except RecursionError:
        raise Unsound("it is nested too deep") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unsound(_words(error)) from None
    return found


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """What is known of a kind, worked out once: of `Data` that takes as long as reading a thousand lines."""
    return msgspec.json.Decoder(kind)


def checked(data: object, kind: type[T]) -> T:
    """What was read already, as a value of a kind. Raises Unsound for anything else."""
    try:
        return msgspec.convert(data, kind)
    except RecursionError:
        raise Unsound("it is nested too deep") from None
    except msgspec.ValidationError as error:
        raise Unsound(_words(error)) from None


def read_file(path: Path, kind: type[T]) -> T:
    """A JSON file as a value of a kind. Raises OSError where it can't be read, Unsound for anything else."""
    return read(_bytes(path), kind)


def read_toml(path: Path, kind: type[T]) -> T:
    """A TOML file as a value of a kind. Raises OSError where it can't be read, Unsound for anything else."""
    try:
        return checked(tomllib.loads(_bytes(path).decode()), kind)
    except RecursionError:
        raise Unsound("it is nested too deep") from None
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise Unsound(f"it is no TOML: {error}"[:MOST_WORDS]) from None


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file; one that is longer than any of ours is passed over. Raises OSError."""
    with path.open("rb") as file:
        whole = True
        while line := file.readline(MOST_LINE_BYTES):
            ends = line.endswith(b"\n")
            if whole and (ends or len(line) < MOST_LINE_BYTES):
                yield line
            whole = ends


def whole_lines(path: Path, most: int = MOST_FILE_BYTES) -> Iterator[bytes]:
    """The lines of a file, none passed over, without the mark that some editors begin UTF-8 with. Raises OSError,
    and Unsound for a line of more than `most` bytes.
    """
    with path.open("rb") as file:
        mark = b"\xef\xbb\xbf"
        while line := file.readline(most + 1):
            if len(line) > most:
                raise Unsound(f"a line is longer than {most // 1024**2} MB")
            yield line.removeprefix(mark)
            mark = b""


def ends_in_a_line(path: Path) -> bool:
    """Whether a file is empty, or its last line was written to its end. Raises OSError."""
    with path.open("rb") as file:
        if not file.seek(0, 2):
            return True
        file.seek(-1, 2)
        return file.read() == b"\n"


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(MOST_FILE_BYTES + 1)
    if len(raw) > MOST_FILE_BYTES:
        raise Unsound(f"it is larger than {MOST_FILE_BYTES // 1024**2} MB")
    return raw


def _words(error: Exception) -> str:
    """Where it is wrong and why, on one line: the place first."""
    what, _, place = str(error).replace("`", "").partition(" - at $")
    where = place.lstrip(".") or "it"
    return f"{where} is not as it should be ({what})".replace("\n", " ")[:MOST_WORDS]
