"""How much of the processor a process got of what it wanted."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Turns:
    """Of each thread of a process, by its id: nanoseconds that it ran, and that it could have run and waited for a
    processor.
    """

    threads: Mapping[int, tuple[int, int]]

    def waited_since(self, before: Turns) -> float:
        """The part of the time in which they wanted a processor that they waited for one.

        Threads that began or ended meanwhile are left out: one that ended takes with it what it ran before.
        """
        ran = waited = 0
        for thread in self.threads.keys() & before.threads.keys():
            (ran_now, waited_now), (ran_then, waited_then) = self.threads[thread], before.threads[thread]
            ran, waited = ran + ran_now - ran_then, waited + waited_now - waited_then
        return waited / max(1, ran + waited)


def turns_of(pid: int) -> Turns:
    """By Linux's accounts (schedstat); nothing elsewhere."""
    threads = {}
    for account in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            ran, waited, _ = map(int, account.read_text().split())
            threads[int(account.parent.name)] = (ran, waited)
    return Turns(threads)
