"""All that models were asked and what came back, word for word, a line each as it comes; nothing is asked twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from woz.base.errors import WozError
from woz.base.outside import Data, Unsound, ends_in_a_line, lines_of, read

MOST_RAW = 1 << 16
Exchanges = Mapping[tuple[str, str], "Exchange"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """`reply` is what the model said, `raw` the server's whole answer; `error` why there is none.

    `condition` and `id` tell what it was for, `key` what its reply follows from.
    """

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
    host: str = ""

    @property
    def place(self) -> tuple[str, str]:
        return self.condition, self.id


class ExchangeLog:
    """Open with `with`; threads may add. What an interrupted write left is closed off and passed over.

    `shared`: one reply serves all requests of the same key; else each condition and id has its own. Raises WozError
    where the file can't be read or written.
    """

    def __init__(self, path: Path, shared: bool = False) -> None:
        self._path = path
        self._shared = shared
        self._replies: dict[tuple[str, ...], str] = {}
        self._lock = threading.Lock()
        self._file: TextIO | None = None

    def __enter__(self) -> ExchangeLog:
        for each in _all(self._path):
            self._know(each)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
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

    def reply(self, key: str, condition: str = "", id: str = "") -> str | None:
        """What was answered; None where nothing was yet, or the request failed."""
        return self._replies.get(self._known_by(key, condition, id))

    def add(self, exchange: Exchange) -> None:
        assert self._file
        with self._lock:
            try:
                self._file.write(json.dumps(asdict(exchange), ensure_ascii=False) + "\n")
                self._file.flush()
            except OSError as error:
                raise self._trouble(error) from error
            self._know(exchange)

    def _know(self, exchange: Exchange) -> None:
        if exchange.reply is not None:
            self._replies[self._known_by(exchange.key, *exchange.place)] = exchange.reply

    def _known_by(self, key: str, *place: str) -> tuple[str, ...]:
        return (key,) if self._shared else (key, *place)

    def _trouble(self, error: OSError) -> WozError:
        return WozError(
            f"{self._path} can't be written ({error.strerror}); make room or see to its folder's rights. What was"
            " asked so far is kept."
        )


def exchanges(path: Path) -> Exchanges:
    """The last one of each condition and id; an answer that came is not lost to a later failure.

    Raises WozError where the file can't be read.
    """
    found = dict[tuple[str, str], Exchange]()
    for each in _all(path):
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
