"""What a curator settled stays settled at the window, whatever was read before it was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.test_questions_window import film, judged_otherwise, project
from ui.questions.curating import CuratorDesk
from woz.base.errors import WozError

__all__ = ["film", "project"]


class Held:
    """An executor that does the next piece of its work when it is told to."""

    def __init__(self) -> None:
        self._work: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[WozError], None]]] = []

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        self._work.append((work, done, failed))

    def go(self, pieces: int) -> None:
        for _ in range(pieces):
            AtOnce().submit(*self._work.pop(0))

    def close(self) -> None: ...


def _at_the_last(qtbot: QtBot, project: Project, held: Held) -> CuratorDesk:
    """One of two is settled and stored; what is open then is to be read still."""
    judged_otherwise(qtbot, project, sets=2)
    desk = CuratorDesk(project, project.annotators.named("A01"), held)
    desk.begin()
    held.go(2)
    desk.resolve(True, "A02 misread it", None)
    held.go(2)
    assert desk.now
    assert desk.item
    return desk


def test_what_is_settled_comes_back_by_nothing_that_was_read_before(qtbot: QtBot, project: Project) -> None:
    held = Held()
    desk = _at_the_last(qtbot, project, held)
    desk.resolve(False, "the answer is another one", None)
    assert desk.now is None
    held.go(1)
    assert desk.now is None, "the store had it as open when that was read"
    held.go(2)
    assert desk.now is None
    assert project.reviews.disputed(desk.person.id) == []
    desk.take_back()
    held.go(2)
    assert desk.now is not None, "taken back, it is open again"


def test_what_the_store_refused_to_settle_is_shown_again(qtbot: QtBot, project: Project) -> None:
    held = Held()
    desk = _at_the_last(qtbot, project, held)
    last, told = desk.now, list[str]()
    desk.told.connect(told.append)
    assert last
    desk.resolve(False, " ", None)
    assert desk.now is None
    held.go(3)
    assert "Say why" in told[0]
    assert desk.now == last
