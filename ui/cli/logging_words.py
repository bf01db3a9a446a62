"""How the program's log is told on the terminal."""

from __future__ import annotations

import logging

OWN = ("woz", "storage", "ui", "__main__")
"""The packages whose warnings are sentences for a person."""


class _Words(logging.Formatter):
    """The sentence alone; what a library warns of has the library's name before it."""

    def __init__(self) -> None:
        super().__init__("woz: %(message)s")
        self._others = logging.Formatter("%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.partition(".")[0] in OWN
        return super().format(record) if own else self._others.format(record)


def keep_log(verbose: bool) -> None:
    """On standard error: warnings in words, or (`verbose`) all there is, with its level and where it is from."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT) if verbose else _Words())
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, handlers=[handler])
