"""Work on the store that waits while the database is away, and is done in its order when it answers again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from woz.annotation.patience import Patience
from woz.annotation.writing import Executor, Post
from woz.base.errors import UnreachableError, WozError


class Lasting:
    """An executor. `tell` gets why its work waits, and None when it no longer does; on the window's thread."""

    def __init__(self, executor: Executor, post: Post, tell: Callable[[UnreachableError | None], None]) -> None:
        self._executor = executor
        self._patience = Patience(lambda fault: post(lambda: tell(fault)))

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        self._executor.submit(lambda: self._patience.ask(work), done, failed)

    def close(self) -> None:
        """When all is done; what waits is tried once more, and given up."""
        self._patience.close()
        self._executor.close()
