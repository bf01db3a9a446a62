"""How much of the processor a process got of what it wanted."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Turns:
    """Nanoseconds that all threads of a process ran, and that they could have run and waited for a processor."""

    ran_ns: int
    waited_ns: int

    def waited_since(self, before: Turns) -> float:
        """The part of the time in which they wanted a processor that they waited for one."""
        ran, waited = self.ran_ns - before.ran_ns, self.waited_ns - before.waited_ns
        return waited / max(1, ran + waited)


def turns_of(pid: int) -> Turns:
    """By Linux's accounts (schedstat); nothing elsewhere. Threads that have ended are left out."""
    ran = waited = 0
    for account in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            thread_ran, thread_waited, _ = map(int, account.read_text().split())
            ran, waited = ran + thread_ran, waited + thread_waited
    return Turns(ran, waited)
