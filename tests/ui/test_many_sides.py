"""However many have annotated, the adjudicator sees what each of them has, and takes from any of them by key."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.adjudication_room import SID, sided_project, step
from tests.ui.test_adjudication_window import Fingers, adjudicating
from ui.adjudication.matter_panel import CHOOSE, OF_MORE, MatterPanel
from ui.adjudication.side_choice import NONE_CHOSEN, TAKE_KEYS, SideChoice
from ui.adjudication.window import NUDGE_NS, AdjudicationWindow
from woz.annotation.adjudication.clusters import MatterKind, Side
from woz.annotation.adjudication.origins import Origins, origins
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, SchemeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

MADE = Made(Origin.MANUAL, "x")
THREE = [[step(start, start + 8)] for start in (1, 2, 3)]
NINE = [*([step(1, 8, "l0")] for _ in range(8)), [step(1.7, 9.4, "l3")]]
"""The last has another label, and other boundaries."""
UNDO = Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier


def _tier(name: str) -> Tier:
    return Tier(TierId(name), SessionId("s"), SchemeId("x"), 1, "steps", name, MADE, AnnotatorId(name))


def _texts(window: AdjudicationWindow) -> list[str]:
    return [each.text() for each in window.findChildren(QLabel) if each.isVisible()]


def _gold(window: AdjudicationWindow) -> tuple[Annotation, Origins]:
    (gold,) = window.state.marks
    return gold, origins(gold, window.state.sides)


@pytest.mark.parametrize("chosen", [None, 8])
def test_each_of_many_has_a_row_and_as_many_as_there_are_digits_a_key(qtbot: QtBot, chosen: int | None) -> None:
    names = [f"A{n:02}" for n in range(9)]
    marks = [Annotation(AnnotationId(f"m{name}"), TierId(name), 0, NS_PER_S, name, MADE) for name in names]
    sides = [Side(name, _tier(name), (mark,)) for name, mark in zip(names, marks, strict=True)]
    state = Adjudication.of(sides, _tier("gold"), (), (), NS_PER_S // 2)
    (matter,) = state.matters
    assert matter.kind == MatterKind.LABEL
    panel, choice = MatterPanel(), SideChoice()
    choice.at = chosen
    qtbot.addWidget(panel)
    panel.show_matter(state, matter, lambda label: f"label {label}", lambda ref: ref.id, None, choice)
    shown = [each.text() for each in panel.findChildren(QLabel)]
    assert {*names, *(f"label {name}" for name in names), *TAKE_KEYS} <= set(shown)
    assert len(TAKE_KEYS) == 7
    assert [shown.count("Down"), shown.count("▸ Enter")] == ([2, 0] if chosen is None else [1, 1])


def test_of_three_any_ones_start_and_any_others_end_is_taken_by_key(tmp_path: Path, qtbot: QtBot) -> None:
    keys = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_5)
    with sided_project(tmp_path / "p", THREE) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        assert window.matter
        assert window.matter.kind == MatterKind.BOUNDARY
        assert any(OF_MORE in text and CHOOSE in text for text in _texts(window))
        for one, other in permutations(range(3), 2):
            fingers.press(Qt.Key.Key_S)
            fingers.press(keys[one])
            assert any(f"Start of A{one + 2:02}; whose end?" in text for text in _texts(window))
            fingers.press(keys[other])
            gold, whose = _gold(window)
            assert (gold.start_ns, gold.end_ns) == ((one + 1) * NS_PER_S, (other + 9) * NS_PER_S)
            assert (whose.start, whose.end) == (f"A{one + 2:02}", f"A{other + 2:02}")
            assert (window.state.open, window.told) == ([], "")
            fingers.press(*UNDO)
            assert len(window.state.open) == 1
        window.close()


def test_whoever_has_no_digit_is_chosen_by_arrows_and_taken_by_enter(tmp_path: Path, qtbot: QtBot) -> None:
    """As a whole, and as one of two that are mixed."""
    with sided_project(tmp_path / "p", NINE) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        assert [each.kind for each in window.state.open] == [MatterKind.LABEL, MatterKind.BOUNDARY]
        fingers.press(Qt.Key.Key_Return)
        assert (window.told, len(window.state.open)) == (NONE_CHOSEN, 2)
        fingers.press(Qt.Key.Key_Up)
        fingers.press(Qt.Key.Key_Return)
        gold, whose = _gold(window)
        assert (gold.label, whose.label) == ("l3", "A10")
        for key in (Qt.Key.Key_S, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down):
            fingers.press(key)
        fingers.press(Qt.Key.Key_Return)
        gold, whose = _gold(window)
        assert (gold.start_ns, gold.end_ns) == (17 * NS_PER_S // 10, 8 * NS_PER_S)
        assert (whose.start, window.state.open) == ("A10", [])
        assert whose.end.split(" and ") == [f"A{n:02}" for n in range(2, 10)]
        for left in (1, 2):
            fingers.press(*UNDO)
            assert len(window.state.open) == left
        window.close()


def test_a_mix_is_left_by_escape_and_stays_where_others_work_meanwhile(tmp_path: Path, qtbot: QtBot) -> None:
    with sided_project(tmp_path / "p", THREE) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        for key in (Qt.Key.Key_S, Qt.Key.Key_1, Qt.Key.Key_Escape, Qt.Key.Key_5):
            fingers.press(key)
        gold, _ = _gold(window)
        assert (gold.start_ns, gold.end_ns) == (3 * NS_PER_S, 11 * NS_PER_S)
        fingers.press(*UNDO)
        fingers.press(Qt.Key.Key_S)
        fingers.press(Qt.Key.Key_1)
        window._go_to(window.state.open[0])
        fingers.press(Qt.Key.Key_5)
        gold, _ = _gold(window)
        assert (gold.start_ns, gold.end_ns) == (NS_PER_S, 11 * NS_PER_S)
        window.close()


def test_nothing_but_boundaries_is_mixed(tmp_path: Path, qtbot: QtBot) -> None:
    sides = [[step(1, 8)], [step(1, 8)], []]
    with sided_project(tmp_path / "p", sides) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        assert window.matter
        assert window.matter.kind == MatterKind.PRESENCE
        fingers.press(Qt.Key.Key_S)
        assert "Only boundaries are mixed" in window.told
        fingers.press(Qt.Key.Key_5)
        assert window.state.open == []
        assert window.state.dropped, "the third has nothing, which keeps it out"
        window.close()


def test_two_tiers_of_one_person_are_two_sides_and_gold_knows_from_which_it_came(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with sided_project(tmp_path / "p", [[step(1, 8)], [step(1, 8)]]) as project:
        ada = project.annotators.named("A02")
        items = project.annotations.load(SID)
        own = next(each for each in items if isinstance(each, Tier) and each.annotator_id == ada.id)
        more = replace(own, id=TierId("22222222-more"), name="More steps", state=TierState.IN_WORK)
        mark = replace(step(1, 9.4), id=AnnotationId("more"), tier_id=more.id, made=Made(Origin.MANUAL, ada.id))
        project.annotations.record(SID, Edit("Mark more", (), (more, mark)), ada.id)
        project.annotations.record(SID, moved(more, TierState.SUBMITTED, ada), ada.id)
        window = adjudicating(project, qtbot)
        names = [side.name for side in window.state.sides]
        assert sorted(names) == sorted([f"A02 ({own.id[:8]})", "A02 (22222222)", "A03"])
        assert window.matter
        assert window.matter.kind == MatterKind.BOUNDARY
        at = names.index("A02 (22222222)")
        Fingers(window, qtbot).press((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_5)[at])
        gold, whose = _gold(window)
        assert (gold.end_ns, whose.end) == (94 * NS_PER_S // 10, "A02 (22222222)")
        assert "A03" in whose.label
        window.close()


def test_the_time_of_a_point_is_edited_though_its_label_is_asked_for(tmp_path: Path, qtbot: QtBot) -> None:
    """The label stays to be decided, and what was decided is undone one by one."""
    points = [replace(step(9, 10, label), end_ns=None) for label in ("l1", "l2")]
    with sided_project(tmp_path / "p", [[each] for each in points]) as project:
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        (matter,) = window.state.open
        assert matter.kind == MatterKind.LABEL
        for key in (Qt.Key.Key_T, Qt.Key.Key_Right, Qt.Key.Key_Return):
            fingers.press(key)
        gold, whose = _gold(window)
        assert (gold.start_ns, gold.end_ns, whose.start) == (9 * NS_PER_S + NUDGE_NS, None, "adjudicator")
        assert (window.matter, window.state.open) == (matter, [matter])
        fingers.press(Qt.Key.Key_2)
        gold, whose = _gold(window)
        assert (gold.start_ns, gold.label, whose.label) == (9 * NS_PER_S + NUDGE_NS, "l2", "A03")
        fingers.press(*UNDO)
        assert (_gold(window)[0].start_ns, len(window.state.open)) == (9 * NS_PER_S + NUDGE_NS, 1)
        fingers.press(*UNDO)
        assert (window.state.marks, len(window.state.open)) == ((), 1)
        window.close()
