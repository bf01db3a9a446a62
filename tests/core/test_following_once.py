"""What others did is read once more, however often it was asked for meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from woz.annotation.document import Document
from woz.annotation.logged import LoggedEdit
from woz.annotation.ports import History, Opened
from woz.base.errors import WozError
from woz.model.ids import SessionId


class Waiting:
    """Does what it was given when it is told to."""

    def __init__(self) -> None:
        self.given: list[Callable[[], None]] = []

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        self.given.append(lambda: done(work()))

    def close(self) -> None: ...

    def go_on(self) -> None:
        self.given.pop(0)()


class Reads:
    def __init__(self) -> None:
        self.count = 0

    def since(self, session_id: SessionId, edit_id: int, by: str = "") -> tuple[LoggedEdit, ...]:
        self.count += 1
        return ()


def test_what_is_asked_for_while_it_is_read_is_read_once_more() -> None:
    reads, waiting = Reads(), Waiting()
    document = Document(SessionId("s"), Opened(()), cast(History, reads), "ada", waiting)
    for _ in range(5):
        document.follow()
    assert len(waiting.given) == 1
    waiting.go_on()
    assert len(waiting.given) == 1
    waiting.go_on()
    assert (waiting.given, reads.count) == ([], 2)
    document.follow()
    assert len(waiting.given) == 1
