"""Work on the store that waits while the database is away, and is done in its order when it answers again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from woz.annotation.patience import Patience
from woz.annotation.writing import Executor, Post
from woz.base.errors import UnreachableError, WozError

WAITS = "What you decide waits in this window, and is kept when it answers again."


class Lasting:
    """An executor. `tell` gets why its work waits, and an empty sentence when it no longer does; on the window's
    thread.
    """

    def __init__(self, executor: Executor, post: Post, tell: Callable[[str], object]) -> None:
        self._executor, self._tell = executor, tell
        self._patience = Patience(lambda fault: post(lambda: self._waits(fault)))
        self.unkept = 0
        """So many decisions were made that the store hasn't answered for yet."""

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        self._executor.submit(lambda: self._patience.ask(work), done, failed)

    def keep(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        """The same, of a decision."""
        self.unkept += 1
        self.submit(work, lambda found: self._answered(done, found), lambda fault: self._answered(failed, fault))

    def close(self) -> None:
        """When all is done; what waits is tried once more, and given up."""
        self._patience.close()
        self._executor.close()

    def _answered(self, take: Callable[[Any], None], answer: object) -> None:
        self.unkept -= 1
        take(answer)

    def _waits(self, fault: UnreachableError | None) -> None:
        self._tell(f"{fault} {WAITS}" if fault else "")
