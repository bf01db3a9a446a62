"""What the store took from a program that was killed before it heard so is not done a second time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.memory_history import MemoryHistory
from tests.core.test_document import SCHEMES, SID, TIER, mark
from tests.core.test_unstored import Desk
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.model.annotation import Annotation


class Room:
    """A desk whose deeds wait in the file, over what was done and stored before; and the ones after it."""

    def __init__(self, folder: Path, *items: Annotation) -> None:
        self.path = folder / "s.unstored"
        self.history = MemoryHistory((TIER, *items), SCHEMES)
        self.desk = Desk(self.history, self.path)

    def do(self, *deeds: Callable[[Document], None]) -> None:
        for deed in deeds:
            deed(self.desk.document)

    def wait(self) -> None:
        """Until all is stored that was done so far; what is done from here on is in the file."""
        self.desk.settle()
        self.desk.unstored.waits(True)

    def store_unheard(self, count: int) -> None:
        kept = self.path.read_bytes()
        for _ in range(count):
            self.desk.later.step()
        self.path.write_bytes(kept)

    def open_again(self) -> None:
        self.desk = Desk(self.history, self.path)
        self.desk.resume()
        self.desk.settle()
        assert (self.desk.told, self.desk.document.saved, self.path.exists()) == ([], True, False)
        assert set(self.desk.document.items) == set(self.history.load(SID))

    @property
    def log(self) -> str:
        return "".join(logged.name for logged in self.history.log)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    found = Room(tmp_path)
    found.do(_add("a"), _add("b"))
    found.wait()
    return found


def _add(name: str) -> Callable[[Document], None]:
    start_ns = 10 * ord(name)
    return lambda document: document.apply(Edit(name, (), (mark(name, start_ns, start_ns + 5),)))


def _undo(document: Document) -> None:
    document.undo()


def _redo(document: Document) -> None:
    document.redo()


def test_an_undo_is_not_done_again(room: Room) -> None:
    room.do(_undo)
    room.store_unheard(1)
    room.open_again()
    assert room.log == "abb"


def test_a_redo_is_not_done_again(room: Room) -> None:
    room.do(_undo, _undo)
    room.wait()
    room.do(_redo)
    room.store_unheard(1)
    room.open_again()
    assert room.log == "abbaa"


def test_of_two_undos_the_one_that_was_not_stored_is_done(room: Room) -> None:
    room.do(_undo, _undo)
    room.store_unheard(1)
    room.open_again()
    assert room.log == "abba"


def test_an_undo_that_was_heard_of_is_not_taken_for_the_next_one(room: Room) -> None:
    room.do(_undo, _undo)
    room.desk.later.step()
    room.open_again()
    assert room.log == "abba"


def test_an_undo_that_found_nothing_is_not_done_after_what_came_behind_it(room: Room) -> None:
    room.do(_undo, _undo)
    room.wait()
    room.do(_undo, _redo)
    room.store_unheard(2)
    room.open_again()
    assert room.log == "abbaa"


def test_an_edit_and_its_undo_leave_nothing_of_it(room: Room) -> None:
    room.do(_add("c"), _undo)
    room.store_unheard(2)
    room.open_again()
    assert room.log == "abcc"


def test_an_undo_elsewhere_is_not_the_undo_of_an_edit_that_was_not_stored(room: Room) -> None:
    """By its maker, too, at another computer, while this one had no connection."""
    room.do(_add("c"), _undo)
    room.history.undo(SID, "ada")
    room.open_again()
    assert room.log == "abbcc"


def test_two_edits_of_one_item_are_no_dispute(tmp_path: Path) -> None:
    base = mark("m", 0, 10)
    room = Room(tmp_path, base)
    room.wait()
    room.do(_end(9), _end(7))
    room.store_unheard(2)
    room.open_again()
    assert (room.log, room.desk.document.disputes) == ("97", ())
    assert room.desk.document.annotation(base.id).end_ns == 7


def test_an_edit_that_others_changed_since_is_shown_as_it_is_now(tmp_path: Path) -> None:
    base = mark("m", 0, 10)
    room = Room(tmp_path, base)
    room.wait()
    room.do(_end(9))
    room.store_unheard(1)
    mine = room.desk.document.annotation(base.id)
    room.history.record(SID, Edit("theirs", (mine,), (replace(mine, end_ns=5),)), "ben")
    room.open_again()
    assert (room.log, room.desk.document.disputes) == ("9theirs", ())
    assert room.desk.document.annotation(base.id).end_ns == 5


def _end(end_ns: int) -> Callable[[Document], None]:
    def move(document: Document) -> None:
        now = document.annotation(mark("m", 0, 10).id)
        document.apply(Edit(str(end_ns), (now,), (replace(now, end_ns=end_ns),)))

    return move


def test_an_edit_of_which_a_part_alone_was_done_elsewhere_is_done(room: Room) -> None:
    """By its maker, too, at another computer."""
    one, other = (item for item in room.desk.document.items if isinstance(item, Annotation))
    room.do(lambda document: document.apply(Edit("both", (one, other), ())))
    room.history.record(SID, Edit("one", (one,), ()), "ada")
    room.open_again()
    assert (room.log, room.desk.document.items) == ("aboneboth", (TIER,))


def test_a_file_of_an_older_woz_is_stored(room: Room) -> None:
    """It doesn't say of which edit was heard last."""
    room.do(_add("c"), _undo)
    deeds = json.loads(room.path.read_bytes())
    assert [deed.pop("heard") for deed in deeds] == [2, 2]
    room.path.write_text(json.dumps(deeds))
    room.open_again()
    assert room.log == "abcc"
