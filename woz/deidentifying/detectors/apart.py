"""EgoBlur's detectors in the environment of the part “blur”, for a program that has no torch itself.

`python -m woz.deidentifying.detectors.apart MODEL` is the other side: for each picture it reads a line of JSON and
the bytes on standard input, and answers in lines of JSON: first its facts, then what it found, or why it can't.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.base.runtime import end_process
from woz.deidentifying.detectors.egoblur import EgoBlur
from woz.deidentifying.detectors.port import Detector, DetectorFacts, Found, Picture
from woz.parts.known import part_named
from woz.parts.place import command

BLUR = part_named("blur")
END_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class _Ask:
    height: int
    width: int
    least: float


@dataclass(frozen=True, slots=True)
class _Answer:
    facts: DetectorFacts | None = None
    found: tuple[Found, ...] = ()
    error: str = ""


class Apart:
    """A detector in a process of its own, which ends with it. Threads that share it are answered in turn."""

    def __init__(self, model: Path) -> None:
        """Raises WozError where the model can't be used, or the process doesn't come up."""
        asked = command(BLUR, "woz.deidentifying.detectors.apart", str(model))
        self._process = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._end = weakref.finalize(self, _end, self._process)
        self._turn = threading.Lock()
        try:
            facts = self._answer().facts
        except WozError:
            self.close()
            raise
        assert facts
        self._facts = facts

    @property
    def facts(self) -> DetectorFacts:
        return self._facts

    def find(self, picture: Picture, least: float) -> list[Found]:
        """Raises WozError where the process ends, as for want of memory."""
        assert self._process.stdin
        ask = _Ask(picture.shape[0], picture.shape[1], least)
        with self._turn:
            with contextlib.suppress(OSError):  # its answer tells of its end
                self._process.stdin.write(
                    msgspec.json.encode(ask) + b"\n" + np.ascontiguousarray(picture).tobytes()
                )
                self._process.stdin.flush()
            return list(self._answer().found)

    def close(self) -> None:
        self._end()

    def _answer(self) -> _Answer:
        assert self._process.stdout
        try:
            answer = read(self._process.stdout.readline(), _Answer)
        except Unsound:
            status = self._process.wait()
            raise WozError(
                f"The detector ended (status {status}), perhaps for want of memory; close others, try again."
            ) from None
        if answer.error:
            raise WozError(answer.error)
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    end_process(process, END_WITHIN_S)
    for stream in (process.stdin, process.stdout):
        assert stream
        with contextlib.suppress(OSError):
            stream.close()


def serve(detector: Detector, source: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there is nothing more to read."""
    _tell(answers, _Answer(facts=detector.facts))
    while line := source.readline():
        ask = read(line, _Ask)
        picture = np.frombuffer(source.read(ask.height * ask.width * 3), np.uint8)
        try:
            found = detector.find(picture.reshape(ask.height, ask.width, 3), ask.least)
        except WozError as error:
            _tell(answers, _Answer(error=str(error)))
        else:
            _tell(answers, _Answer(found=tuple(found)))


def main() -> int:
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries print what they like
    try:
        detector = EgoBlur(Path(sys.argv[1]))
    except WozError as error:
        _tell(own, _Answer(error=str(error)))
        return 1
    serve(detector, sys.stdin.buffer, own)
    return 0


def _tell(answers: BinaryIO, answer: _Answer) -> None:
    answers.write(msgspec.json.encode(answer) + b"\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
