"""However many have annotated, the adjudicator sees what each of them has."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.adjudication.matter_panel import TAKE_KEYS, MatterPanel
from woz.annotation.adjudication.clusters import MatterKind, Side
from woz.annotation.adjudication.state import Adjudication
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, AnnotatorId, SchemeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier

MADE = Made(Origin.MANUAL, "x")


def _tier(name: str) -> Tier:
    return Tier(TierId(name), SessionId("s"), SchemeId("x"), 1, "steps", name, MADE, AnnotatorId(name))


def test_each_of_many_has_a_row_and_as_many_as_there_are_digits_a_key(qtbot: QtBot) -> None:
    names = [f"A{n:02}" for n in range(9)]
    marks = [Annotation(AnnotationId(f"m{name}"), TierId(name), 0, NS_PER_S, name, MADE) for name in names]
    sides = [Side(name, _tier(name), (mark,)) for name, mark in zip(names, marks, strict=True)]
    state = Adjudication.of(sides, _tier("gold"), (), (), NS_PER_S // 2)
    (matter,) = state.matters
    assert matter.kind == MatterKind.LABEL
    panel = MatterPanel()
    qtbot.addWidget(panel)
    panel.show_matter(state, matter, lambda label: f"label {label}", lambda ref: ref.id, None)
    shown = {each.text() for each in panel.findChildren(QLabel)}
    assert {*names, *(f"label {name}" for name in names), *TAKE_KEYS} <= shown
    assert len(TAKE_KEYS) == 7
