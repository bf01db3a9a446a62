"""What was done while the store was away outlives its window, and is stored at the next opening, in its order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.memory_history import MemoryHistory
from tests.core.test_document import CLOCK, SCHEMES, SID, TIER, Later, mark
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.logged import LoggedEdit
from woz.annotation.unstored import SLOW_S, Unstored
from woz.annotation.withdrawn import WithdrawnError
from woz.base.errors import UnreachableError, WozError
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to


class Away(MemoryHistory):
    """Answers nothing while it is away."""

    away = True

    def record(self, session_id: SessionId, edit: Edit, by: str, undoes: int | None = None) -> LoggedEdit:
        self._demand_here()
        return super().record(session_id, edit, by, undoes)

    def undo(self, session_id: SessionId, by: str, of: ItemRef | None = None) -> LoggedEdit | None:
        self._demand_here()
        return super().undo(session_id, by, of)

    def _demand_here(self) -> None:
        if self.away:
            raise UnreachableError("lab doesn't answer.")


class Desk:
    """One opening of the session, with the file of what isn't stored."""

    def __init__(self, history: MemoryHistory, path: Path) -> None:
        self.later, self.told, self.unstored = Later(), list[WozError](), Unstored(path)
        told = self.told.append
        self.document = Document(
            SID, history.opened(), history, "ada", self.later, told, CLOCK, unstored=self.unstored
        )

    def resume(self) -> None:
        self.document.resume(self.unstored.read())

    def settle(self) -> None:
        while self.later.work:
            self.later.step()


def _closed_while_away(path: Path, *items: Annotation) -> tuple[Away, Desk]:
    """Two edits and an undo that found no answer."""
    history = Away((TIER, *items), SCHEMES)
    desk = Desk(history, path)
    desk.unstored.waits(True)
    desk.document.apply(Edit("a", (), (mark("a", 0, 5),)))
    desk.document.apply(Edit("b", (), (mark("b", 5, 9),)))
    desk.document.undo()
    return history, desk


def test_what_a_closed_window_could_not_store_is_stored_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "desk" / "s.unstored"
    history, desk = _closed_while_away(path)
    desk.settle()
    assert (history.log, path.exists()) == ([], True)
    history.away = False
    again = Desk(history, path)
    again.resume()
    assert [each.id for each in again.document.annotations(TIER.id)] == ["a", "b"], "shown at once"
    again.settle()
    assert [logged.name for logged in history.log] == ["a", "b", "b"], "the undo as well"
    assert [each.id for each in again.document.annotations(TIER.id)] == ["a"]
    assert (again.document.saved, again.told, path.exists()) == (True, [], False)


def test_a_program_killed_while_it_waits_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.unstored"
    history, _ = _closed_while_away(path)
    history.away = False
    again = Desk(history, path)
    again.resume()
    again.settle()
    assert [logged.name for logged in history.log] == ["a", "b", "b"]


def test_one_killed_while_it_takes_them_up_has_them_all_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.unstored"
    history, _ = _closed_while_away(path)
    kept = path.read_bytes()
    again = Desk(history, path)
    first, *_ = again.unstored.read()
    again.document.resume([first])
    assert path.read_bytes() == kept


def test_one_killed_between_storing_and_forgetting_stores_nothing_twice(tmp_path: Path) -> None:
    path, history = tmp_path / "s.unstored", Away((TIER,), SCHEMES)
    desk = Desk(history, path)
    desk.unstored.waits(True)
    desk.document.apply(Edit("a", (), (mark("a", 0, 5),)))
    kept = path.read_bytes()
    history.away = False
    desk.settle()
    path.write_bytes(kept)
    again = Desk(history, path)
    again.resume()
    again.settle()
    assert (again.told, path.exists()) == ([], False)
    assert history.items[ref_to(mark("a", 0, 5))][1] == 1, "it is as the first edit left it"


def test_what_others_changed_meanwhile_is_asked_about(tmp_path: Path) -> None:
    path, base = tmp_path / "s.unstored", mark("a", 0, 10)
    history = Away((TIER, base), SCHEMES)
    desk = Desk(history, path)
    desk.unstored.waits(True)
    desk.document.apply(Edit("move", (base,), (replace(base, end_ns=9),)))
    history.away = False
    history.record(SID, Edit("theirs", (base,), (replace(base, end_ns=5),)), "ben")
    again = Desk(history, path)
    again.resume()
    again.settle()
    [dispute] = again.document.disputes
    assert dispute.edit.name == "move"
    assert again.document.annotation(base.id).end_ns == 5


def test_what_is_refused_at_last_is_put_aside_and_told_where(tmp_path: Path) -> None:
    path = tmp_path / "s.unstored"
    history, _ = _closed_while_away(path)
    history.away, history.full = False, True
    again = Desk(history, path)
    again.resume()
    again.settle()
    aside = path.with_suffix(".refused.jsonl")
    assert [str(each) for each in again.told] == [
        f"{name}: The disk is full. It is kept in {aside}." for name in ("a", "b")
    ]
    assert len(aside.read_text().splitlines()) == 2


def test_words_that_may_be_of_somebody_who_withdrew_are_kept_nowhere(tmp_path: Path) -> None:
    path, told, later = tmp_path / "s.unstored", list[WozError](), Later()
    history, _ = _closed_while_away(path)
    history.away = False

    def demand(edit: Edit) -> None:
        if edit.name == "a":
            raise WithdrawnError("Somebody withdrew.")

    unstored = Unstored(path)
    document = Document(
        SID, history.opened(), history, "ada", later, told.append, CLOCK, unstored=unstored, demand=demand
    )
    edits = [each for each in unstored.read() if isinstance(each, Edit)]
    document.resume(edits)
    while later.work:
        later.step()
    assert ([str(each) for each in told], [each.name for each in history.log]) == (["Somebody withdrew."], ["b"])
    assert [each.id for each in document.annotations(TIER.id)] == ["b"]
    assert not path.with_suffix(".refused.jsonl").exists()


def test_nothing_is_written_while_the_store_answers(tmp_path: Path) -> None:
    path, history = tmp_path / "s.unstored", MemoryHistory((TIER,), SCHEMES)
    desk = Desk(history, path)
    desk.document.apply(Edit("a", (), (mark("a", 0, 5),)))
    assert not path.exists()
    desk.settle()
    desk.unstored.waits(True)
    desk.unstored.waits(False)
    assert not path.exists()


def test_what_waits_long_for_an_answer_is_kept_though_nothing_says_that_the_store_is_away(tmp_path: Path) -> None:
    """As in the half minute in which a cut connection isn't known to be one."""
    path, now_s = tmp_path / "s.unstored", [0.0]
    unstored = Unstored(path, lambda: now_s[0])
    first, second, third = (Edit(name, (), (mark(name, 0, 5),)) for name in "abc")
    for deed in (first, second):
        unstored.add(deed)
    assert not path.exists()
    now_s[0] += SLOW_S + 0.1
    unstored.settle(first)
    unstored.add(third)
    assert not path.exists(), "it answers, slowly"
    now_s[0] += SLOW_S + 0.1
    unstored.add(first)
    assert Unstored(path).read() == (second, third, first)
    for deed in (second, third, first):
        unstored.settle(deed)
    assert not path.exists()


def test_what_is_done_last_is_kept_once_it_waits_long(tmp_path: Path) -> None:
    path, now_s = tmp_path / "s.unstored", [0.0]
    unstored, last = Unstored(path, lambda: now_s[0]), Edit("a", (), (mark("a", 0, 5),))
    for wait_s, kept in ((SLOW_S + 0.1, False), (SLOW_S - 0.1, False), (0.2, True)):
        now_s[0] += wait_s
        unstored.keep_late()
        assert path.exists() == kept
        unstored.add(last)
    assert Unstored(path).read() == (last,)
    unstored.settle(last)
    assert not path.exists()


def test_what_waits_is_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    path, history = tmp_path / "s.unstored", MemoryHistory((TIER,), SCHEMES)
    desk = Desk(history, path)
    desk.document.keep_waiting()
    assert not path.exists()
    desk.document.apply(Edit("a", (), (mark("a", 0, 5),)))
    desk.document.keep_waiting()
    assert [each.name for each in Unstored(path).read() if isinstance(each, Edit)] == ["a"]
    desk.settle()
    assert not path.exists()


def test_a_damaged_file_is_told_and_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "s.unstored"
    path.write_text("[{")
    with pytest.raises(WozError, match="can't be read"):
        Unstored(path).read()
    assert (path.exists(), path.with_suffix(".damaged").read_text()) == (False, "[{")


def test_a_second_damaged_file_is_put_beside_the_first(tmp_path: Path) -> None:
    path = tmp_path / "s.unstored"
    for text in ("[{", "]", ""):
        path.write_text(text)
        with pytest.raises(WozError, match="it is kept in"):
            Unstored(path).read()
    assert [(tmp_path / f"s{which}.damaged").read_text() for which in ("", "-2", "-3")] == ["[{", "]", ""]
