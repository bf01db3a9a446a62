"""The recogniser's process that the threads of a batch's worker share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from woz.batch.kinds.transcribe import Transcribe
from woz.transcription.queue import Done, News
from woz.transcription.task import Progress, Result, Task

THREADS, SESSIONS = 4, 40


class OnePipe:
    """Answers about what it was asked last, as a process does whose answers whoever reads first gets."""

    asked = ""

    def one(self, task: Task) -> Iterator[News]:
        self.asked = task.name
        for part in range(10):
            time.sleep(0)  # another thread's chance
            yield Progress("speech", part / 10, None, task.name)
        yield Done(task.name, Result((), "en", "stub", (self.asked,)))


def test_each_session_has_the_transcript_of_its_own_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    kind: Any = Transcribe()
    monkeypatch.setattr(kind, "_queue", OnePipe())
    names = [str(number) for number in range(SESSIONS)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda name: kind._recognised(Task((), name=name)).notes, names))
    assert found == [(name,) for name in names]
