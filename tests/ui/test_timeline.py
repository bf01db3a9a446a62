"""The time line: what is found in its arrays, what is seen in its picture, and what the pointer chooses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from tests.core.memory_history import MemoryHistory
from ui.editor.timeline import Timeline
from ui.editor.timeline.layout import HEAD, TOP
from ui.editor.timeline.rows import Row
from ui.editor.timeline.spans import MOST_LANES, Spans, covered
from ui.editor.timeline.still import Still
from woz.annotation.boundaries import move_edge
from woz.annotation.document import Document
from woz.annotation.ports import Opened
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, SchemeId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.scheme import Label, Overlap, Scheme, Shape, TierType
from woz.model.tier import Tier

SID, MADE = SessionId("s"), Made(Origin.MANUAL, "ada")
RED, BLUE = "#d02020", "#2020d0"
LABELS = (Label(LabelId("r"), "r", {"en": "Red"}, RED, "1"), Label(LabelId("b"), "b", {"en": "Blue"}, BLUE, "2"))
SCHEME = Scheme(
    SchemeId("x"),
    "X",
    1,
    (
        TierType("spans", labels=LABELS),
        TierType("points", shape=Shape.POINT, labels=LABELS),
        TierType("hands", overlap=Overlap.ANY, labels=LABELS),
    ),
)
KINDS = ("spans", "points", "hands")


def _of(starts: list[int], ends: list[int]) -> Spans:
    first, last = np.array(starts), np.array(ends)
    return Spans.of(first, last, np.zeros(len(first), np.int32), first == last)


def _spans(random: np.random.Generator, count: int, longest: int) -> Spans:
    starts = np.sort(random.integers(0, 1_000, count))
    ends = starts + random.integers(0, longest, count)
    return Spans.of(starts, ends, np.zeros(count, np.int32), ends == starts)


@pytest.mark.parametrize("longest", [1, 5, 400])
def test_what_is_in_view_is_found(longest: int) -> None:
    random = np.random.default_rng(longest)
    for count in (0, 1, 2, 50):
        spans = _spans(random, count, longest)
        for _ in range(50):
            start = int(random.integers(-50, 1_100))
            end = start + int(random.integers(1, 300))
            part = spans.seen(start, end)
            wanted = np.flatnonzero((spans.ends > start) & (spans.starts < end))
            assert set(wanted) <= set(range(part.start, part.stop))


def test_what_overlaps_lies_in_lanes_of_its_own() -> None:
    random = np.random.default_rng(0)
    few = _of([0, 5, 8], [10, 20, 9])
    assert few.lanes.tolist() == [0, 1, 2]
    assert few.lane_count == 3
    assert _of([0, 10, 20], [10, 20, 30]).lane_count == 1
    assert _spans(random, 200, 400).lane_count == MOST_LANES


def test_an_item_is_found_under_a_time_and_a_point_near_it() -> None:
    spans = _of([0, 100, 200], [100, 100, 300])
    assert [spans.at(t, 5) for t in (0, 50, 97, 104, 150, 250, 300)] == [0, 0, 1, 1, None, 2, None]


def test_a_column_has_the_colour_that_covers_most_of_it() -> None:
    left, right = np.array([0.0, 0.6, 2.1]), np.array([0.6, 0.9, 2.4])
    kinds, share = covered(left, right, np.array([1, 0, 0], np.int32), 4, 2)
    assert kinds[[0, 2]].tolist() == [1, 0]
    assert share == pytest.approx([0.9, 0, 0.3, 0])


@pytest.fixture
def document() -> Document:
    tiers = [Tier(TierId(kind), SID, SCHEME.id, 1, kind, kind.title(), MADE) for kind in KINDS]
    items = [
        _item("a", "spans", 0, 4, "r"),
        _item("b", "spans", 4, 8, "b"),
        _item("p", "points", 5, None, "b"),
        _item("h1", "hands", 1, 6, "r"),
        _item("h2", "hands", 2, 7, "b"),
        Annotation(AnnotationId("w"), TierId("spans"), None, None, "r", MADE),
    ]
    history = MemoryHistory((*tiers, *items))
    return Document(SID, Opened((*tiers, *items), schemes={(SCHEME.id, 1): SCHEME}), history, "ada")


def _item(name: str, tier: str, start_s: int, end_s: int | None, label: str) -> Annotation:
    end = None if end_s is None else end_s * NS_PER_S
    return Annotation(AnnotationId(name), TierId(tier), start_s * NS_PER_S, end, label, MADE)


@pytest.fixture
def line(qtbot: QtBot, document: Document) -> Timeline:
    made = Timeline(document, 10 * NS_PER_S)
    qtbot.addWidget(made)
    made.resize(1000, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _row(line: Timeline, kind: str) -> Row:
    row = line._layout.rows.row_of(TierId(kind))
    assert row
    return row


def _at(line: Timeline, kind: str, t_s: float, lane: int = 0) -> QPoint:
    row = _row(line, kind)
    y = TOP + row.top + 4 + (lane + 0.5) * row.lane_height
    return QPoint(round(line._layout.view.x(round(t_s * NS_PER_S))), round(y))


def _colour(line: Timeline, place: QPoint) -> QColor:
    return line.grab().toImage().pixelColor(place)


def test_spans_points_and_overlapping_items_are_seen(line: Timeline) -> None:
    assert _colour(line, _at(line, "spans", 3.9)) == QColor(RED)
    assert _colour(line, _at(line, "spans", 7.5)) == QColor(BLUE)
    assert _colour(line, _at(line, "points", 5) + QPoint(0, -3)) == QColor(BLUE)
    assert _colour(line, _at(line, "hands", 5)) == QColor(RED)
    assert _colour(line, _at(line, "hands", 5, lane=1)) == QColor(BLUE)


def test_the_pointer_chooses_in_every_shape_of_tier(qtbot: QtBot, line: Timeline) -> None:
    chosen: list[object] = []
    line.segment_chosen.connect(lambda tier, item: chosen.append((tier, item)))
    for kind, t_s, lane in (("spans", 2, 0), ("points", 5.02, 0), ("hands", 5, 1), ("points", 1, 0)):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=_at(line, kind, t_s, lane))
    badge = QPoint(HEAD - 12, _at(line, "spans", 0).y())
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=badge)
    assert chosen == [("spans", "a"), ("points", "p"), ("hands", "h2"), ("points", None), ("spans", "w")]


def test_an_edge_that_is_dragged_moves_at_release(qtbot: QtBot, line: Timeline) -> None:
    moved: list[tuple[AnnotationId, bool, int, bool]] = []
    line.edge_moved.connect(lambda *what: moved.append(what))
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=_at(line, "spans", 8))
    qtbot.mouseMove(line, _at(line, "spans", 9))
    assert moved == []
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=_at(line, "spans", 9))
    ((item, at_start, t_ns, apart),) = moved
    assert (item, at_start, apart) == ("b", False, False)
    assert abs(t_ns - 9 * NS_PER_S) < NS_PER_S / 50


def test_an_edge_that_is_dragged_with_alt_parts(qtbot: QtBot, line: Timeline) -> None:
    moved: list[tuple[AnnotationId, bool, int, bool]] = []
    line.edge_moved.connect(lambda *what: moved.append(what))
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=_at(line, "spans", 4))
    qtbot.mouseMove(line, _at(line, "spans", 3))
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, _at(line, "spans", 3))
    assert [(item, at_start, apart) for item, at_start, _, apart in moved] == [("b", True, True)]


def test_the_play_head_and_the_choice_paint_nothing_else(
    line: Timeline, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []
    paint = Still.paint

    def counted(still: Still, *given: Any) -> QPixmap:
        painted.append(1)
        return paint(still, *given)

    monkeypatch.setattr(Still, "paint", counted)
    line.select(TierId("spans"), None)
    line.repaint()
    assert painted == [1]
    for t_s in range(8):
        line.set_position(t_s * NS_PER_S)
        line.select(TierId("spans"), AnnotationId("a"))
        line.repaint()
    assert painted == [1]


def test_only_the_tier_that_changed_is_made_anew(line: Timeline, document: Document) -> None:
    before = {kind: _row(line, kind).spans for kind in KINDS}
    segment = document.annotation(AnnotationId("b"))
    document.apply(move_edge(document.timed(TierId("spans")), segment, False, 6 * NS_PER_S))
    line.refresh()
    assert [_row(line, kind).spans is before[kind] for kind in KINDS] == [False, True, True]
    assert _colour(line, _at(line, "spans", 5.9)) == QColor(BLUE)
    assert _colour(line, _at(line, "spans", 7.5)) != QColor(BLUE)


def test_many_items_in_a_view_are_all_seen_as_columns(qtbot: QtBot) -> None:
    tier = Tier(TierId("spans"), SID, SCHEME.id, 1, "spans", "Spans", MADE)
    items = [_item(f"{n:05d}", "spans", n, n + 1, "rb"[n % 2]) for n in range(20_000)]
    document = Document(
        SID, Opened((tier, *items), schemes={(SCHEME.id, 1): SCHEME}), MemoryHistory((tier, *items)), "ada"
    )
    made = Timeline(document, 20_000 * NS_PER_S)
    qtbot.addWidget(made)
    made.resize(1000, 400)
    y = _at(made, "spans", 0).y()
    picture = made.grab().toImage()
    seen = {picture.pixelColor(x, y).name() for x in range(HEAD + 5, 980)}
    assert seen <= {QColor(RED).name(), QColor(BLUE).name()}
