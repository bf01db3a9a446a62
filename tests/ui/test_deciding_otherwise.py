"""In the adjudication window a label, a value or a time may be given that none of the annotators gave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import SID
from tests.ui.adjudication_room import LABELS, doubled_project
from tests.ui.test_adjudication_window import Fingers, adjudicating
from ui.adjudication.window import NUDGE_NS
from woz.annotation.adjudication.clusters import MatterKind
from woz.annotation.adjudication.origins import origins
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.interval import NS_PER_S
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Project]:
    with doubled_project(tmp_path / "p", 8, 4) as project:
        yield project


def test_another_label_or_value_of_the_scheme_is_chosen_by_key(
    small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What isn't chosen decides nothing; what is can be undone."""
    window = adjudicating(small, qtbot)
    fingers = Fingers(window, qtbot)
    answer: list[object] = ["", False]
    offered = list[list[str]]()

    def choose(*given: object) -> tuple[object, ...]:
        assert isinstance(given[3], list)
        offered.append(given[3])
        return tuple(answer)

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    for kind, names in ((MatterKind.LABEL, list(LABELS)), (MatterKind.ATTRIBUTE, ["left", "right"])):
        while window.matter and window.matter.kind != kind:
            fingers.press(Qt.Key.Key_N)
        matter, left = window.matter, len(window.state.open)
        assert matter
        theirs = {window._name(mark.label) for mark in matter.cluster.there}
        other = next(name for name in names if name not in theirs)
        answer[:] = other, False
        fingers.press(Qt.Key.Key_E)
        assert (window.matter, len(window.state.open)) == (matter, left)
        answer[:] = other, True
        fingers.press(Qt.Key.Key_E)
        assert offered == [names, names]
        offered.clear()
        assert (len(window.state.open), window.told) == (left - 1, "")
        gold = window.state.gold_of(matter.cluster)
        assert gold
        if kind == MatterKind.LABEL:
            assert window._name(gold.label) == other
            assert origins(gold, window.state.sides).label == "adjudicator"
        else:
            assert gold.value("hand") == other
        fingers.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert (window.matter, len(window.state.open)) == (matter, left)
    window.close()


def test_the_time_of_a_point_is_edited_by_arrows(tmp_path: Path, qtbot: QtBot) -> None:
    """That one of them alone has; with Ctrl as without, since it has no end."""
    with doubled_project(tmp_path / "p", 0, 4) as project:
        ada = project.annotators.named("A02")
        tier_id = next(each.tier_id for each in project.assignments.all(SID, ada.id))
        move_tier(project, SID, tier_id, TierState.IN_WORK, ada, "")
        made = Made(Origin.MANUAL, ada.id)
        point = Annotation(AnnotationId("point"), tier_id, 9 * NS_PER_S, None, "l1", made)
        project.annotations.record(SID, Edit("Mark", (), (point,)), ada.id)
        tiers = (each for each in project.annotations.load(SID) if isinstance(each, Tier))
        tier = next(each for each in tiers if each.id == tier_id)
        project.annotations.record(SID, moved(tier, TierState.SUBMITTED, ada), ada.id)
        window = adjudicating(project, qtbot)
        fingers = Fingers(window, qtbot)
        matter = window.matter
        assert matter
        assert (matter.kind, matter.cluster.there[0].id) == (MatterKind.PRESENCE, point.id)
        for key, held in (
            (Qt.Key.Key_E, Qt.KeyboardModifier.NoModifier),
            (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
            (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier),
            (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        ):
            fingers.press(key, held)
        gold = window.state.gold_of(matter.cluster)
        assert gold
        assert (gold.start_ns, gold.end_ns) == (9 * NS_PER_S + 2 * NUDGE_NS, None)
        assert window.state.open == []
        window.close()
