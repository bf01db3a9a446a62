"""spaCy in the environment of the part “names”, for a program that has none itself.

`python -m woz.privacy.names.apart MODELS` is the other side: for each line of JSON on standard input, a text and
its language, it answers by one with the names in it, or why it can't.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.base.runtime import end_process
from woz.parts.known import part_named
from woz.parts.place import command
from woz.privacy.names.by_spacy import SpacyNames
from woz.privacy.names.recognised import Recognised, UnknownLanguageError

NAMES = part_named("names")
END_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class _Ask:
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class _Answer:
    found: tuple[Recognised, ...] = ()
    error: str = ""
    unknown: bool = False
    """Whether the error is that nobody knows the language."""


class Apart:
    """Asks a process of its own, which ends with it."""

    def __init__(self, models: Path) -> None:
        """Raises WozError where the process doesn't come up."""
        asked = command(NAMES, "woz.privacy.names.apart", str(models))
        self._process = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._end = weakref.finalize(self, _end, self._process)
        try:
            self._answer()
        except WozError:
            self.close()
            raise

    def __call__(self, text: str, language: str) -> Sequence[Recognised]:
        """Raises as `SpacyNames` does, and WozError where the process ends, as for want of memory."""
        assert self._process.stdin
        with contextlib.suppress(OSError):  # its answer tells of its end
            self._process.stdin.write(msgspec.json.encode(_Ask(text, language)) + b"\n")
            self._process.stdin.flush()
        return self._answer().found

    def close(self) -> None:
        self._end()

    def _answer(self) -> _Answer:
        assert self._process.stdout
        try:
            answer = read(self._process.stdout.readline(), _Answer)
        except Unsound:
            status = self._process.wait()
            raise WozError(
                f"The recogniser of names ended (status {status}); renew it with woz add names, and try again."
            ) from None
        if answer.error:
            raise (UnknownLanguageError if answer.unknown else WozError)(answer.error)
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    end_process(process, END_WITHIN_S)
    for stream in (process.stdin, process.stdout):
        assert stream
        with contextlib.suppress(OSError):
            stream.close()


def main() -> int:
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries print what they like
    try:
        names = SpacyNames(Path(sys.argv[1]))
    except WozError as error:
        _tell(own, _Answer(error=str(error)))
        return 1
    _tell(own, _Answer())
    while line := sys.stdin.buffer.readline():
        _tell(own, _answered(names, read(line, _Ask)))
    return 0


def _answered(names: SpacyNames, ask: _Ask) -> _Answer:
    try:
        return _Answer(tuple(names(ask.text, ask.language)))
    except WozError as error:
        return _Answer(error=str(error), unknown=isinstance(error, UnknownLanguageError))


def _tell(answers: BinaryIO, answer: _Answer) -> None:
    answers.write(msgspec.json.encode(answer) + b"\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
