"""Open comments have a sign on the time line at what they are on, beside its label, and a tip that says them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.memory_history import MemoryHistory
from tests.storage.examples import CLOCK, SID
from tests.storage.test_feedback import Room
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import Hand
from tests.ui.test_timeline import KINDS, SCHEME
from ui import theme
from ui.editor.run import editor_window
from ui.editor.timeline import Timeline
from ui.editor.timeline.drawing import Pen
from ui.editor.timeline.flags import MOST_SIGNS, SIGN_PX
from ui.editor.timeline.layout import HEAD
from ui.editor.timeline.talk_signs import MOST_LETTERS, TALK_PX, TalkSigns, corners
from ui.editor.timeline.widget import as_tip
from ui.theme import colours
from woz.annotation.document import Document
from woz.annotation.ports import Opened
from woz.base.interval import NS_PER_S, Interval
from woz.lab.commenting import Place, comment
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId, TurnId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn

HERE = SessionId("s")
MADE = Made(Origin.MANUAL, "ada")
SAID = ["A01: Why?"]


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, request.param)
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def room(tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.schemes.add(CONVERSATION)
        yield Room(project)


def _item(name: str, tier: str, start_s: float | None, end_s: float | None) -> Annotation:
    start, end = (None if each is None else round(each * NS_PER_S) for each in (start_s, end_s))
    return Annotation(AnnotationId(name), TierId(tier), start, end, "r", MADE)


@pytest.fixture
def line(qtbot: QtBot, dressed: None) -> Timeline:
    """Segments that are wide, narrow and beside each other, points, lanes, and a turn."""
    tiers = [Tier(TierId(kind), HERE, SCHEME.id, 1, kind, kind.title(), MADE) for kind in KINDS]
    items = [
        _item("wide", "spans", 1, 4),
        _item("next", "spans", 4, 7),
        _item("narrow", "spans", 8, 8.1),
        _item("p1", "points", 2, None),
        _item("p2", "points", 5, None),
        _item("h1", "hands", 1, 6),
        _item("h2", "hands", 2, 7),
        _item("all", "spans", None, None),
    ]
    span = Interval(3 * NS_PER_S, 6 * NS_PER_S)
    turn = Turn(TurnId("turn"), TranscriptId("t"), Role.EXPERT, span, "Mix it well, and longer than that.")
    opened: tuple[Item, ...] = (*tiers, *items, turn)
    document = Document(HERE, Opened(opened, schemes={(SCHEME.id, 1): SCHEME}), MemoryHistory(opened), "ada")
    made = Timeline(document, 10 * NS_PER_S)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _sign(line: Timeline, name: str, kind: str = "annotation") -> QRect:
    """Where the sign of an item lies on the time line, its outline left out."""
    found = line._layout.rows.place_of(ItemRef(kind, name))
    assert found
    row, number = found
    ((x, y),) = corners(row, np.array([number], np.intp), line._layout).tolist()
    return QRect(round(x) + 1, round(y) + 1, TALK_PX - 2, 3)


def _seen(line: Timeline, part: QRect) -> bool:
    """Whether all of a part has the sign's colour."""
    image, wanted = line.grab(part).toImage(), colours().of("accent").rgb()
    return all(image.pixelColor(x, y).rgb() == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("name", ["wide", "narrow", "p2", "h1", "h2", "turn"])
def test_what_has_open_comments_has_a_sign_and_the_rest_none(line: Timeline, name: str) -> None:
    kind = "turn" if name == "turn" else "annotation"
    assert not _seen(line, _sign(line, name, kind))
    line.show_talks({name: SAID})
    assert _seen(line, _sign(line, name, kind))
    assert not _seen(line, _sign(line, "next"))
    line.show_talks({})
    assert not _seen(line, _sign(line, name, kind))


def test_the_sign_is_small_and_lies_within_its_lane(line: Timeline) -> None:
    for name in ("wide", "next", "narrow", "h1", "h2"):
        place, sign = line.place_of(ItemRef("annotation", name)), _sign(line, name)
        assert place
        assert place.top() < sign.top() < sign.top() + TALK_PX <= place.bottom() + 1
        if name != "narrow":
            assert place.contains(QRectF(sign))
            assert sign.left() - 1 > place.left() + SIGN_PX, "the other sign has that corner"
    narrow = line.place_of(ItemRef("annotation", "narrow"))
    assert narrow
    assert _sign(line, "narrow").top() > narrow.top() + SIGN_PX, "below the other sign"


def test_labels_end_before_it(line: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what has none, they are as long as ever."""
    widths = dict[str, float]()
    cut = Pen.cut

    def noted(pen: Pen, text: str, width: float) -> str:
        widths[text] = width
        return cut(pen, text, width)

    for row in line._layout.rows:
        row.texts = {n: f"{each.id} and so on" * 20 for n, each in enumerate(row.items)} if row.spans else None
    monkeypatch.setattr(Pen, "cut", noted)
    line._renew()
    line.grab()
    before = {text.split()[0]: width for text, width in widths.items()}
    line.show_talks(dict.fromkeys(("wide", "p2", "turn"), SAID))
    line.grab()
    after = {text.split()[0]: width for text, width in widths.items()}
    assert {name for name in after if after[name] != before[name]} == {"wide", "p1", "turn"}
    for name, kind in (("wide", "annotation"), ("turn", "turn")):
        place = line.place_of(ItemRef(kind, name))
        assert place
        assert place.left() + 5 + after[name] < _sign(line, name, kind).left() - 2
    first = line.place_of(ItemRef("annotation", "p1"))
    assert first
    assert first.center().x() + 8 + after["p1"] < _sign(line, "p2").left() - 2


def test_its_tooltip_says_how_many_and_the_first_words(line: Timeline) -> None:
    long = "A02: " + "so late " * 30
    line.show_talks({"wide": SAID, "p2": [*SAID, long], "h2": SAID * 5, "turn": ["A03: <b>Who\n says</b>?"]})

    def told(name: str, kind: str = "annotation") -> str:
        return line._told_at(_sign(line, name, kind).center())

    assert told("wide") == "1 open comment:\nA01: Why?"
    first, second, cut = told("p2").splitlines()
    assert (first, second) == ("2 open comments:", "A01: Why?")
    assert cut.endswith("…")
    assert long.startswith(cut[:-1])
    assert len(cut) <= MOST_LETTERS + 1
    assert told("h2").splitlines() == ["5 open comments:", *SAID * 3, "and 2 more"]
    assert told("turn", "turn") == "1 open comment:\nA03: <b>Who says</b>?"
    assert told("next") == ""


def test_a_tooltip_shows_every_letter_that_was_typed(qapp: QApplication) -> None:
    shown = QTextDocument()
    text = "1 open comment:\nA03: <b>Who</b> & why?"
    shown.setHtml(as_tip(text))
    assert shown.toPlainText() == text
    assert as_tip("") == ""


def test_what_is_for_the_whole_session_and_the_tier_have_it_before_the_name(line: Timeline) -> None:
    row = line._layout.rows.row_of(TierId("spans"))
    assert row
    bottom = round(line._layout.top_of(row) + row.height)
    part = QRect(2, bottom - 9, TALK_PX - 2, 3)
    assert not _seen(line, part)
    for about in ("all", "spans"):
        line.show_talks({about: SAID})
        assert _seen(line, part)
        assert "1 open comment:\nA01: Why?" in line._told_at(part.center())
    line.show_talks({"wide": SAID})
    assert not _seen(line, part)


def test_many_are_small_squares(qtbot: QtBot, dressed: None) -> None:
    tier = Tier(TierId("spans"), HERE, SCHEME.id, 1, "spans", "Spans", MADE)
    items = [_item(f"{n:05d}", "spans", n, n + 1) for n in range(2_000)]
    opened: tuple[Item, ...] = (tier, *items)
    document = Document(HERE, Opened(opened, schemes={(SCHEME.id, 1): SCHEME}), MemoryHistory(opened), "ada")
    made = Timeline(document, 2_000 * NS_PER_S)
    qtbot.addWidget(made)
    made.resize(1000, 400)
    row = made._layout.rows.row_of(TierId("spans"))
    assert row
    part = QRect(HEAD + 20, round(made._layout.top_of(row)), 800, row.height)
    wanted = colours().of("accent").rgb()

    def count() -> int:
        image = made.grab(part).toImage()
        return sum(image.pixelColor(x, y).rgb() == wanted for x in range(800) for y in range(row.height))

    assert count() == 0
    made.show_talks({str(each.id): SAID for each in items})
    assert len(TalkSigns({str(each.id): SAID for each in items}).of(row)) == len(items)
    assert count() > MOST_SIGNS


def test_in_the_editor_it_comes_with_a_comment_and_goes_once_that_is_settled(
    qtbot: QtBot, room: Room, dressed: None
) -> None:
    mark = room.marks[1]
    for who, text in ((room.boss, "Which state is this?"), (room.ben, "And why so late?")):
        comment(room.project, Place(SID, item_id=mark.id), who, text)
    window = editor_window(room.project, SID, room.ada.id, AtOnce())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window._choose(room.tier_id, None)
    window.timeline.show_span(0, 30 * NS_PER_S)
    window.feedback.read()
    line, hand = window.timeline, Hand(qtbot, window)

    def told() -> list[str]:
        place = line.place_of(ref_to(mark))
        assert place
        return line._told_at(place.center().toPoint()).splitlines()[-3:]

    assert told() == ["2 open comments:", "A01: Which state is this?", "A03: And why so late?"]
    assert _seen(line, _sign(line, mark.id))
    hand.press("Alt+N", "Alt+D")
    assert told()[-2:] == ["1 open comment:", window.feedback.open_talks[mark.id][0]]
    hand.press("Alt+D")
    assert not any("open comment" in each for each in told())
    assert not _seen(line, _sign(line, mark.id))
    window.close()
