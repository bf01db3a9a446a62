"""All that models were asked and what they answered, word for word: a line a request; nothing is asked twice."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from woz.base.errors import WozError
from woz.base.outside import Unsound, ends_in_a_line, lines_of, read
from woz.dataset.models.endpoint import Answered, Endpoint

MOST_RAW = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """`about` says what it is for, to whoever reads the log; the answer follows from `body` alone."""

    endpoint: Endpoint
    body: Mapping[str, Any]
    about: Mapping[str, str]

    @property
    def kept(self) -> dict[str, Any]:
        """The body with each picture by its hash."""
        return {**self.body, "messages": [_without_pictures(each) for each in self.body["messages"]]}

    @property
    def key(self) -> str:
        return hashlib.sha256(json.dumps(self.kept, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    text: str | None = None


@dataclass(slots=True)
class AskLog:
    """Open with `with`; threads may add. A request that failed is logged, and counts as not asked.

    Raises WozError where the file can't be read or written.
    """

    path: Path
    _replies: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _file: TextIO | None = None

    def __enter__(self) -> AskLog:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.is_file():
                self._load()
            self._file = self.path.open("a", encoding="utf-8")
            if not ends_in_a_line(self.path):
                self._file.write("\n")
        except OSError as error:
            raise WozError(f"{self.path} can't be read and written ({error.strerror}).") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def reply(self, key: str) -> str | None:
        """What was answered; None where nothing was yet."""
        return self._replies.get(key)

    def add(self, request: Request, answered: Answered, utc_ns: int) -> None:
        line = {
            "key": request.key,
            "utc_ns": utc_ns,
            "host": request.endpoint.host,
            "about": dict(request.about),
            "request": request.kept,
            "text": answered.text,
            "trouble": answered.trouble,
            "tokens": [answered.tokens_in, answered.tokens_out],
            "took_s": round(answered.took_s, 3),
            "raw": answered.raw[:MOST_RAW],
        }
        with self._lock:
            self._write(json.dumps(line, ensure_ascii=False))
            if answered.text is not None:
                self._replies[request.key] = answered.text

    def _write(self, line: str) -> None:
        assert self._file
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            raise WozError(
                f"{self.path} can't be written ({error.strerror}); what was asked before is kept."
            ) from error

    def _load(self) -> None:
        """A line that was not written to its end is passed over."""
        for text in lines_of(self.path):
            try:
                line = read(text, _Line)
            except Unsound:
                continue
            if line.text is not None:
                self._replies[line.key] = line.text


def picture_part(jpeg: bytes) -> dict[str, Any]:
    """A picture as a part of a message."""
    return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"}}


def _without_pictures(message: Mapping[str, Any]) -> dict[str, Any]:
    content = message["content"]
    if isinstance(content, str):
        return dict(message)
    return {**message, "content": [_named(part) for part in content]}


def _named(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if part["type"] != "image_url":
        return part
    return {"type": "image_url", "sha256": hashlib.sha256(part["image_url"]["url"].encode()).hexdigest()}
