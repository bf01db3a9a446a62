"""Every request of a run with what came back, a line each, written as it comes: a run that is killed goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from woz.base.errors import WozError
from woz.base.outside import Data, Unsound, ends_in_a_line, lines_of, read

NAME = "exchanges.jsonl"


@dataclass(frozen=True, slots=True)
class Exchange:
    """`reply` is what the model said, `raw` the server's whole answer; `error` why there is none."""

    condition: str
    id: str
    key: str
    request: Data = field(default_factory=dict)
    reply: str | None = None
    raw: str = ""
    error: str | None = None
    seconds: float = 0.0
    tokens: int = 0
    utc_ns: int = 0

    @property
    def place(self) -> tuple[str, str]:
        return self.condition, self.id


class ExchangeLog:
    """Opened to write on; what an interrupted write left is closed off first. Raises WozError on a full disk."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._file: TextIO | None = None

    def __enter__(self) -> ExchangeLog:
        try:
            torn = self._path.exists() and not ends_in_a_line(self._path)
            self._file = self._path.open("a", encoding="utf-8", newline="")
            if torn:
                self._file.write("\n")
        except OSError as error:
            raise self._trouble(error) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, exchange: Exchange) -> None:
        assert self._file
        try:
            self._file.write(json.dumps(asdict(exchange), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError) -> WozError:
        return WozError(f"{self._path} can't be written ({error.strerror}); what was asked so far is kept.")


def exchanges(folder: Path) -> Mapping[tuple[str, str], Exchange]:
    """The last one of each question and condition; an answer that came is not lost to a later failure."""
    found = dict[tuple[str, str], Exchange]()
    for each in _all(folder / NAME):
        known = found.get(each.place)
        if known is None or each.error is None or known.error is not None or known.key != each.key:
            found[each.place] = each
    return found


def _all(path: Path) -> Iterator[Exchange]:
    """A line that was not written to its end is passed over."""
    if not path.is_file():
        return
    try:
        for raw in lines_of(path):
            try:
                yield read(raw, Exchange)
            except Unsound:
                continue
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}).") from error
