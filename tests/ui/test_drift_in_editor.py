"""The editor tells its annotator where their own coding drifts: what they may know, once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.drift_room import TOLD, DriftRoom
from tests.storage.examples import CLOCK, LOOSE, SESSION
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import Hand
from ui.editor.drift_notice import NOTHING, SEEN_KEY, DriftNotice, OwnDrift
from ui.editor.run import editor_window
from ui.widgets.ending import Ending
from woz.base.errors import WozError
from woz.lab.agreeing import Agreement, compared
from woz.lab.drift_watch import DriftWatch, own_drift
from woz.lab.drift_words import DriftTold
from woz.model.annotator import BlindScope
from woz.model.ids import BlindScopeId, SessionId
from woz.model.session import SessionState


@pytest.fixture
def room(tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[DriftRoom]:
    """Whatever day it is, its weeks are recent; no window looks before it is told to."""
    monkeypatch.setattr("woz.lab.drift_watch.RECENT", timedelta(weeks=5000))
    monkeypatch.setattr("ui.editor.drift_notice.FIRST_MS", 10**9)
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.schemes.add(LOOSE)
        yield DriftRoom(project)


def _open(
    qtbot: QtBot, room: DriftRoom, pseudonym: str, running: Path | None = None, watch: DriftWatch | None = None
) -> Hand:
    """Once it has looked, without the pause before."""
    who = room.project.annotators.named(pseudonym)
    window = editor_window(room.project, room.sessions[0], who.id, AtOnce(), running=running, watch=watch)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    with qtbot.waitSignal(window.drift._work.done, timeout=60_000):
        window.drift.look()
    return Hand(qtbot, window)


def test_it_is_told_until_it_was_seen_also_at_the_next_openings(
    qtbot: QtBot, room: DriftRoom, tmp_path: Path
) -> None:
    running = tmp_path / "desk.json"
    for _ in range(2):
        hand = _open(qtbot, room, "A03", running)
        assert hand.window.drift.bar.text == f"other: {TOLD.format(80)}"
        hand.window.close()
    hand = _open(qtbot, room, "A03", running)
    hand.press(SEEN_KEY)
    assert hand.window.drift.bar.text == ""
    hand.press(SEEN_KEY)
    assert hand.said == NOTHING
    hand.window.close()
    hand = _open(qtbot, room, "A03", running)
    assert hand.window.drift.bar.text == ""
    hand.window.close()


@pytest.mark.parametrize("pseudonym", ["A02", "C01"])
def test_nobody_is_told_of_others(qtbot: QtBot, room: DriftRoom, pseudonym: str) -> None:
    """A curator neither, to whom the home window tells everybody's."""
    hand = _open(qtbot, room, pseudonym)
    assert hand.window.drift.bar.text == ""
    hand.window.close()


def test_who_is_blind_is_told_nothing_of_what_they_do_not_see(qtbot: QtBot, room: DriftRoom) -> None:
    late = room.project.annotators.named("A03")
    scope = BlindScope(BlindScopeId("blind"), late.id, room.sessions[1], "other")
    room.project.annotators.save_scope(scope)
    hand = _open(qtbot, room, "A03")
    assert "in the median of 40 pairs" in hand.window.drift.bar.text
    hand.window.close()


def test_nothing_is_read_while_a_session_is_recorded(
    qtbot: QtBot, room: DriftRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.project.sessions.save(replace(SESSION, id=SessionId("recorded"), state=SessionState.RECORDING))
    monkeypatch.setattr("ui.editor.run.is_held", lambda path: "recorded" in str(path))
    hand = _open(qtbot, room, "A03")
    assert hand.window.drift.bar.text == ""
    hand.window.close()


def test_the_next_session_of_a_list_reads_what_was_changed_alone(
    qtbot: QtBot, room: DriftRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, read = DriftWatch(), list[str]()

    def counted(project: Project, tier_type: str, session_id: SessionId) -> Agreement:
        read.append(session_id)
        return compared(project, tier_type, session_id)

    monkeypatch.setattr("woz.lab.drift_watch.compared", counted)
    for _ in range(2):
        hand = _open(qtbot, room, "A03", watch=watch)
        assert hand.window.drift.bar.text == f"other: {TOLD.format(80)}"
        hand.window.close()
        assert len(read) == len(room.sessions)


def test_while_another_window_looks_it_waits_and_may_end(room: DriftRoom) -> None:
    late = room.project.annotators.named("A03")
    watch, looking, go_on = DriftWatch(), threading.Event(), threading.Event()

    def hold() -> None:
        looking.set()
        go_on.wait()

    def over() -> None:
        raise WozError("The window was closed meanwhile.")

    other = threading.Thread(target=own_drift, args=(room.project, late, 0, hold, watch), daemon=True)
    other.start()
    try:
        assert looking.wait(60)
        with pytest.raises(WozError, match="was closed"):
            own_drift(room.project, late, 0, over, watch)
    finally:
        go_on.set()
        other.join(60)


def test_what_is_read_is_given_up_as_the_window_closes(qtbot: QtBot, room: DriftRoom) -> None:
    begun = threading.Event()

    def endless(rest: Callable[[], None]) -> Sequence[DriftTold]:
        begun.set()
        while True:
            rest()

    hand = _open(qtbot, room, "A02")
    notice = DriftNotice(OwnDrift(endless, None), hand.window.player, print)
    notice.look()
    assert begun.wait(60)
    notice.close(Ending())
    assert notice._thread
    notice._thread.join(60)
    assert not notice._thread.is_alive()
    hand.window.close()
