"""Work lists: made of hits, stepped through by one key over sessions, and kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN
from ui.cli import main
from ui.editor.list_bar import ListBar, ListSteps
from ui.editor.run import _stepping, editor_window
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.search import Hit
from woz.lab.taking_in import take_in_turns
from woz.lab.worklists import Place, WorkLists, places_of
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.session import SessionState

OTHER = SessionId("20231114-221320-00bb")
CTRL = Qt.KeyboardModifier.ControlModifier
TIMES = (2 * NS_PER_S, 5 * NS_PER_S)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sessions, in each “Mix well.” twice."""
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        for session_id in (SID, OTHER):
            session = replace(SESSION, id=session_id, state=SessionState.CLOSED, duration_ns=9 * NS_PER_S)
            project.sessions.save(session)
            transcript = replace(TRANSCRIPT, id=TranscriptId(f"t-{session_id}"), session_id=session_id)
            turns = [
                replace(
                    TURN,
                    id=TurnId(f"{session_id}-{t}"),
                    transcript_id=transcript.id,
                    interval=Interval(t, t + 9),
                    said=None,
                    words=(),
                )
                for t in TIMES
            ]
            take_in_turns(project, transcript, turns)
    return tmp_path / "lab"


def made(folder: Path, name: str = "mixing") -> WorkLists:
    assert main(["search", str(folder), "mix well", "--list", name]) == 0
    return WorkLists(folder)


def test_a_list_holds_each_place_once_and_nobodys_words(folder: Path) -> None:
    lists = made(folder)
    [found] = lists.all()
    at = [(place.session, place.at_ns, place.kind) for place in found.places if place.kind == "turn"]
    assert sorted(at) == sorted((session, t, "turn") for session in (SID, OTHER) for t in TIMES)
    assert len({(place.kind, place.item_id) for place in found.places}) == len(found.places)
    assert "Mix" not in (folder / "lists" / "mixing.json").read_text()
    hit = Hit(SID, "Cake", 0, "turn", "t", "text", None, None, "expert", "a")
    assert places_of([hit, replace(hit, field="translation")]) == (Place(SID, "Cake", 0, "turn", "t"),)


def test_steps_call_places_done_and_are_kept(folder: Path) -> None:
    lists = made(folder)
    count = len(lists.get("mixing").places)
    steps = ListSteps(lists, lists.get("mixing"))
    assert not steps.go(-1)
    assert [steps.go(1) for _ in range(count)] == [True] * (count - 1) + [False]
    assert lists.get("mixing").left == 0
    assert "all done" in steps.words
    again = lists.get("mixing").with_done(1, done=False)
    lists.save(again)
    assert ListSteps(lists, lists.get("mixing")).place == again.places[1]


def test_two_who_go_through_a_list_lose_nothing_of_each_other(folder: Path) -> None:
    places = [Place(SID, "Cake", at, "turn", str(at)) for at in range(3)]
    lists = WorkLists(folder)
    one, other = (ListSteps(lists, lists.make("shared", places)), ListSteps(lists, lists.get("shared")))
    one.go(1)
    one.go(1)
    other.go(1)
    assert [place.done for place in lists.get("shared").places] == [True, True, False]
    lists.remove("shared")
    lists.make("shared", places[:1])
    with pytest.raises(WozError, match="made anew"):
        one.go(1)
    assert [place.done for place in lists.get("shared").places] == [False]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "{lab}", "mix", "--list", "mixing"], "already"),
        (["search", "{lab}", "mix", "--list", "../up"], "letters"),
        (["search", "{lab}", "zzqx", "--list", "new"], "Nothing was found"),
        (["annotate", "{lab}", "--list", "none", "--annotator", "A01"], "no work list"),
    ],
)
def test_what_is_no_list_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    made(folder)
    capsys.readouterr()
    assert main([each.replace("{lab}", str(folder)) for each in arguments]) == 1
    assert words in capsys.readouterr().err
    assert [each.name for each in WorkLists(folder).all()] == ["mixing"]


def test_a_damaged_list_hides_no_other(folder: Path) -> None:
    lists = made(folder)
    (folder / "lists" / "torn.json").write_text("{")
    assert [each.name for each in lists.all()] == ["mixing"]
    with pytest.raises(WozError, match="make it anew"):
        lists.get("torn")
    (folder / "lists" / "held.json").mkdir()
    with pytest.raises(WozError, match=r"“held” can't be read \([A-Z][a-z ]+\); make it anew"):
        lists.get("held")
    lists.remove("torn")
    assert not (folder / "lists" / "torn.json").exists()


def test_one_key_goes_through_a_session_and_leaves_it_for_the_next(folder: Path, qtbot: QtBot) -> None:
    lists = WorkLists(folder)
    places = [Place(session, "Cake", t, "turn", f"{session}-{t}") for session in (SID, OTHER) for t in TIMES]
    steps = ListSteps(lists, lists.make("by hand", places))
    with Project.open(folder, CLOCK) as project:
        window = editor_window(project, SID, "ada")
        qtbot.addWidget(window)
        others = _stepping(window, steps)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        bar = window.findChild(ListBar)
        assert bar is not None
        assert "1 of 4 (4 left)" in bar._told.text()
        qtbot.keyClick(window, Qt.Key.Key_PageDown, CTRL)
        qtbot.waitUntil(lambda: "2 of 4 (3 left)" in bar._told.text(), timeout=30_000)
        assert window.player.position_ns == pytest.approx(TIMES[1], abs=NS_PER_S)
        qtbot.keyClick(window, Qt.Key.Key_PageUp, CTRL)
        qtbot.waitUntil(lambda: "1 of 4 (3 left)" in bar._told.text())
        for _ in range(2):
            qtbot.keyClick(window, Qt.Key.Key_PageDown, CTRL)
        qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert others == [OTHER]
    kept = json.loads((folder / "lists" / "by hand.json").read_text())
    assert [place["done"] for place in kept["places"]] == [True, True, False, False]
