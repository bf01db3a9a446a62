"""A whole session by pressed keys alone: tiers made, tapped, held, refined, spoken about, rated, submitted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.rig.keys_annotator import Act, KeysAnnotator, Person
from tests.ui.desk_room import SID, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS
from tests.ui.test_talking import SAID, Mouth, Writer
from ui import theme
from ui.editor.run import shared_editor
from ui.editor.window import EditorWindow
from woz.model.annotation import Annotation
from woz.model.tier import Tier, TierState

__all__ = ["recorded"]
PERSON = Person(seed=1, lag_s=0.1, spread_s=0.02)


def _acts(*spans: tuple[str, int, int]) -> list[Act]:
    return [Act(key, start * FRAME_NS, end * FRAME_NS) for key, start, end in spans]


ACTS = _acts(("1", 10, 30), ("2", 30, 44), ("1", 50, 62))
"""Tapped; a gap before the last."""
HANDS = _acts(("1", 8, 30), ("2", 16, 40))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, recorded: Path) -> Iterator[EditorWindow]:
    theme.apply(qapp, "light")
    with Project.open(recorded, CLOCK) as project:
        (ada,) = project.annotators.all()
        with shared_editor(project, SID, ada.id) as made:
            made.ways.talking._open = lambda: Mouth(100)
            made.ways.talking._writer = Writer()  # type: ignore[assignment]
            with qtbot.waitExposed(made):
                made.show()
            made.activateWindow()
            qtbot.waitUntil(made.isActiveWindow)
            yield made
            made.close()


def _stored(recorded: Path) -> dict[str, tuple[Tier, list[Annotation]]]:
    """By the tier's type."""
    with Project.open(recorded, CLOCK) as project:
        items = project.annotations.load(SID)
    tiers = [item for item in items if isinstance(item, Tier) and item.scheme_id == "kitchen"]
    marks = [item for item in items if isinstance(item, Annotation)]
    return {tier.tier_type: (tier, [each for each in marks if each.tier_id == tier.id]) for tier in tiers}


def test_a_whole_session_is_annotated_in_all_four_ways_without_a_mouse(
    window: EditorWindow, qtbot: QtBot, recorded: Path
) -> None:
    hand = KeysAnnotator(window, PERSON)
    hand.new_tier("Hands")
    hand.hold(HANDS)
    assert [each.label for each in hand.items] == ["left", "right"]
    hand.new_tier("Comments")
    hand.talk([20 * FRAME_NS], 0.3, "7")
    qtbot.waitUntil(lambda: [each.value("text") for each in hand.items] == [SAID])
    hand.new_tier("Skill")
    hand.press("Escape", "1")
    hand.new_tier("Acts")
    hand.tap(ACTS)
    assert [each.label for each in hand.items] == ["cut", "stir", "cut"]
    hand.refine([t for act in ACTS for t in (act.start_ns, act.end_ns)], FRAME_NS)
    hand.fill_in([act.start_ns for act in ACTS], "4")
    hand.press("Ctrl+Shift+S")
    qtbot.waitUntil(lambda: _stored(recorded)["acts"][0].state == TierState.SUBMITTED)
    qtbot.waitUntil(lambda: window.document.saved)
    stored = _stored(recorded)
    assert {kind: len(items) for kind, (_, items) in stored.items()} == {
        "hands": 2,
        "comments": 1,
        "skill": 1,
        "acts": 3,
    }
    acts = sorted(stored["acts"][1], key=lambda each: each.interval)
    assert [(a.interval.start_ns, a.interval.end_ns) for a in acts] == [(a.start_ns, a.end_ns) for a in ACTS]
    assert stored["comments"][1][0].value("rating") == 7
    assert [each.value("rating") for each in acts] == [4, 4, 4]
    assert stored["acts"][0].state == TierState.SUBMITTED


def test_the_keyboard_stays_in_a_field_whose_value_is_stored(window: EditorWindow, qtbot: QtBot) -> None:
    hand = KeysAnnotator(window, PERSON)
    hand.new_tier("Acts")
    hand.press("Home", "2", "D")
    rating = window._inspector._fields["rating"]
    qtbot.waitUntil(rating.hasFocus)
    assert rating.property("lacking")
    hand.press("4", "Return")
    qtbot.waitUntil(lambda: window.document.saved and hand.items[0].value("rating") == 4)
    assert QApplication.focusWidget() is rating, "else what is typed next is taken by another list"
    assert not rating.property("lacking")
    hand.press("Escape", "Ctrl+Z")
    qtbot.waitUntil(lambda: hand.items[0].value("rating") is None)
    hand.press("D")
    assert window._inspector._fields["rating"].hasFocus(), "it is missing again"


def test_what_is_stored_as_it_was_shown_is_told_once_and_its_hint_stays(window: EditorWindow, qtbot: QtBot) -> None:
    hand = KeysAnnotator(window, PERSON)
    hand.new_tier("Acts")
    hand.press("Home", "2")
    qtbot.waitUntil(lambda: window.document.saved)
    told: list[frozenset[type]] = []
    window.document.subscribe(lambda change: told.append(change.kinds))
    hand.press("Shift+U")
    qtbot.waitUntil(lambda: window.document.saved)
    assert told == [frozenset({Annotation})], "when it was made is told by another clock, which shows nowhere here"
    assert window._saved.text().startswith("Doubtful: N writes why")
    hand.press("Shift+U")
    qtbot.waitUntil(lambda: window.document.saved)
    assert window._saved.text() == "All changes saved"
