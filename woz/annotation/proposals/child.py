"""The child process of a proposer: `python -m woz.annotation.proposals.child MODULE:FUNCTION`.

Reads an `Ask` as a line of JSON on standard input, one after the other until that ends. Writes to each lines of
JSON: {"done": 0.5}, {"proposal": {...}}, and in the end {"end": true} or {"error": "a sentence"}. What the proposer
prints goes to the error stream.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import TextIO

import msgspec

from woz.annotation.proposals.asking import Ask
from woz.annotation.proposals.known import loaded
from woz.base.errors import WozError

TOLD = 0.01
"""Progress is told in steps of this at least."""


class _Telling:
    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = 0.0

    def line(self, **news: object) -> None:
        self._out.write(msgspec.json.encode(news).decode() + "\n")
        self._out.flush()

    def progress(self, part: float) -> None:
        if part - self._last >= TOLD or part >= 1:
            self._last = part
            self.line(done=part)


def main() -> int:
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    while line := sys.stdin.readline():
        _answer(line, _Telling(out))
    return 0


def _answer(line: str, told: _Telling) -> None:
    try:
        ask = msgspec.json.decode(line, type=Ask)
        for proposal in loaded(sys.argv[1])(ask, told.progress):
            told.line(proposal=proposal)
    except WozError as error:
        told.line(error=str(error))
    except Exception as error:
        traceback.print_exc()
        told.line(error=f"The proposer failed ({type(error).__name__}: {error}); tell whoever wrote it.")
    else:
        told.line(end=True)


if __name__ == "__main__":
    sys.exit(main())
