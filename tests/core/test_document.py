"""A document: shows an edit at once, has it stored beside, and shows what is stored where it was refused."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.memory_history import MemoryHistory
from woz.annotation.conflict import OverlapError
from woz.annotation.document import Change, Document
from woz.annotation.edits import Edit
from woz.annotation.logged import Step
from woz.annotation.undo import UndoLog
from woz.annotation.writing import Background
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId
from woz.model.item import ref_to
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier

SID = SessionId("s")
MADE = Made(Origin.MANUAL, "ada")
TIER = Tier(TierId("t"), SID, CONVERSATION.id, 1, STATES, "States", MADE)
CLOCK = ManualClock()
SCHEMES = {(CONVERSATION.id, 1): CONVERSATION}


def mark(name: str, start_ns: int, end_ns: int, made: Made = MADE) -> Annotation:
    return Annotation(AnnotationId(name), TIER.id, start_ns, end_ns, "none", made)


class Later:
    """Does what it is given when it is told to."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        def run() -> None:
            try:
                found = work()
            except WozError as error:
                failed(error)
            else:
                done(found)

        self.work.append(run)

    def step(self) -> None:
        self.work.pop(0)()

    def close(self) -> None: ...


class Desk:
    """A document whose edits wait, and another hand at the same store."""

    def __init__(self, *items: Annotation) -> None:
        self.history = MemoryHistory((TIER, *items), SCHEMES)
        self.later = Later()
        self.told: list[WozError] = []
        opened = self.history.opened()
        self.document = Document(SID, opened, self.history, "ada", self.later, self.told.append, CLOCK)
        self.changes: list[Change] = []
        self.document.subscribe(self.changes.append)

    def shown(self, item: Annotation) -> Annotation:
        return self.document.annotation(item.id)

    def others_do(self, before: Annotation, after: Annotation) -> None:
        self.history.record(SID, Edit("theirs", (before,), (after,)), "ben")


def test_an_edit_is_shown_at_once_and_stored_later() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    mine = replace(base, end_ns=9)
    desk.document.apply(Edit("mine", (base,), (mine,)), "me")
    assert (desk.shown(base), desk.history.log, desk.document.saved) == (mine, [], False)
    assert desk.document.undo_name == "mine"
    desk.later.step()
    assert (desk.document.saved, desk.history.log[0].edit.after) == (True, (mine,))
    assert [(change.kinds, change.initiator) for change in desk.changes] == [(frozenset({Annotation}), "me")]


def test_what_others_changed_meanwhile_is_shown_with_one_s_own() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.document.apply(Edit("mine", (base,), (replace(base, end_ns=9),)))
    desk.others_do(base, replace(base, note="theirs"))
    desk.later.step()
    assert desk.shown(base) == replace(base, end_ns=9, note="theirs")


def test_what_others_changed_before_is_shown_and_disputed() -> None:
    base, theirs = mark("a", 0, 10), mark("a", 0, 5)
    desk = Desk(base)
    desk.document.apply(Edit("mine", (base,), (replace(base, end_ns=9),)))
    desk.others_do(base, theirs)
    desk.later.step()
    assert (desk.shown(base), desk.document.undo_name, desk.document.saved) == (theirs, None, True)
    [dispute] = desk.document.disputes
    assert dispute.clashes[0].fields == ("end_ns",)
    assert desk.told == []


def test_a_later_edit_of_a_refused_one_s_item_is_kept_where_it_can_be() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    first = replace(base, end_ns=9)
    desk.document.apply(Edit("move", (base,), (first,)))
    desk.document.apply(Edit("note", (first,), (replace(first, note="mine"),)))
    desk.others_do(base, replace(base, end_ns=5))
    desk.later.step()
    assert desk.shown(base) == replace(first, note="mine")
    desk.later.step()
    assert desk.shown(base) == replace(base, end_ns=5, note="mine")
    assert (len(desk.document.disputes), desk.document.undo_name) == (1, "note")


def test_a_full_disk_leaves_what_was_there() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    desk.history.full = True
    desk.document.apply(Edit("new", (), (mark("b", 20, 30),)))
    desk.later.step()
    assert desk.document.annotations(TIER.id) == (base,)
    assert str(desk.told[0]) == "The disk is full."


def test_others_edits_are_followed_and_told_once() -> None:
    base, new = mark("a", 0, 10), mark("b", 20, 30)
    desk = Desk(base)
    desk.history.record(SID, Edit("new", (), (new,)), "ben")
    desk.others_do(base, replace(base, note="theirs"))
    for _ in range(2):
        desk.document.follow()
        desk.later.step()
    assert desk.document.annotations(TIER.id) == (replace(base, note="theirs"), new)
    assert len(desk.changes) == 1
    desk.history.record(SID, Edit("gone", (new,)), "ben")
    desk.document.refresh(desk.history.since(SID, 0))
    assert desk.document.annotations(TIER.id) == (replace(base, note="theirs"),)


def test_undo_follows_from_the_log_also_in_another_document() -> None:
    base = mark("a", 0, 10)
    desk = Desk(base)
    for end_ns in (9, 8):
        old = desk.shown(base)
        desk.document.apply(Edit(f"to {end_ns}", (old,), (replace(old, end_ns=end_ns),)))
    for _ in range(2):
        desk.document.undo()
    while desk.later.work:
        desk.later.step()
    assert (desk.shown(base), desk.document.redo_name) == (base, "to 9")
    again = Document(SID, desk.history.opened(), desk.history, "ada", clock=CLOCK)
    assert (again.undo_name, again.redo_name) == (None, "to 9")
    again.redo()
    again.redo()
    assert again.annotation(base.id).end_ns == 8


def test_an_overlap_is_refused_before_it_shows() -> None:
    first, second = mark("a", 0, 10), mark("b", 10, 20)
    desk = Desk(first, second)
    for edit in (
        Edit("new", (), (mark("c", 5, 6),)),
        Edit("move", (second,), (replace(second, start_ns=9),)),
        Edit("two", (), (mark("c", 30, 40), mark("d", 35, 36))),
    ):
        with pytest.raises(OverlapError):
            desk.document.apply(edit)
    assert desk.document.annotations(TIER.id) == (first, second)
    assert (desk.changes, desk.later.work) == ([], [])
    desk.document.apply(Edit("swap", (first, second), (replace(first, label="both"), replace(second, start_ns=11))))


def test_a_machine_s_item_becomes_its_changer_s_and_says_where_it_is_from() -> None:
    machine = mark("a", 0, 10, Made(Origin.MACHINE, "vad", 3, "run-1"))
    history = MemoryHistory((TIER,), SCHEMES)
    history.record(SID, Edit("propose", (), (machine,)), "vad")
    document = Document(SID, history.opened(), history, "ada", clock=CLOCK)
    document.apply(Edit("label", (machine,), (replace(machine, label="both"),)))
    made = document.annotation(machine.id).made
    assert (made.origin, made.by, made.sources) == (Origin.MANUAL, "ada", (Source(ref_to(machine), 1),))
    document.undo()
    assert document.annotation(machine.id) == machine


def test_what_has_no_time_stands_after_what_has() -> None:
    without, point = replace(mark("n", 0, 0), start_ns=None, end_ns=None), replace(mark("p", 5, 5), end_ns=None)
    desk = Desk(without, mark("a", 7, 10))
    desk.document.apply(Edit("new", (), (point,)))
    assert [each.id for each in desk.document.annotations(TIER.id)] == ["p", "a", "n"]
    desk.document.apply(Edit("delete", (without, point)))
    assert [each.id for each in desk.document.annotations(TIER.id)] == ["a"]


def test_the_writer_stores_in_order_and_closes_when_all_is_done() -> None:
    history, posted = MemoryHistory((TIER,), SCHEMES), queue.SimpleQueue[Callable[[], None]]()
    told: list[WozError] = []
    executor = Background(Supervisor(), posted.put)
    document = Document(SID, history.opened(), history, "ada", executor, told.append, CLOCK)
    for number in range(20):
        document.apply(Edit(str(number), (), (mark(f"{number:02}", number * 10, number * 10 + 5),)))
    document.close()
    assert [logged.name for logged in history.log] == [str(number) for number in range(20)]
    while not posted.empty():
        posted.get()()
    assert (document.saved, told) == (True, [])


def test_a_fault_of_the_program_in_the_writer_is_told_and_it_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    posted, failed = queue.SimpleQueue[Callable[[], None]](), list[WozError]()
    executor = Background(Supervisor(), posted.put)
    executor.submit(lambda: 1 // 0, pytest.fail, failed.append)
    executor.submit(lambda: 5, lambda found: failed.append(WozError(str(found))), failed.append)
    executor.close()
    while not posted.empty():
        posted.get()()
    assert "writer of edits failed" in str(failed[0])
    assert str(failed[1]) == "5"
    assert "writer of edits failed" in caplog.text


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_undo_and_redo_go_as_two_stacks_go(verbs: list[str]) -> None:
    log, done, undone, steps = UndoLog(), list[str](), list[str](), list[Step]()

    def add(name: str, undoes: int | None) -> None:
        steps.append(Step(len(steps) + 1, name, undoes))
        log.add(steps[-1])

    for number, verb in enumerate(verbs):
        if verb == "do":
            add(str(number), None)
            done.append(str(number))
            undone.clear()
        elif verb == "undo" and done:
            add("", next(log.undoable())[1])
            undone.append(done.pop())
        elif verb == "redo" and undone:
            add("", next(log.redoable())[1])
            done.append(undone.pop())
        last = (done[-1] if done else None, undone[-1] if undone else None)
        assert (log.undo_name, log.redo_name) == last
    again = UndoLog()
    for step in (*steps, *steps):
        again.add(step)
    assert [root for root, _ in again.undoable()] == [root for root, _ in log.undoable()]
