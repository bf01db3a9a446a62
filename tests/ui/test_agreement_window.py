"""The agreement window: words first, every number opens its list, which adds up to it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtWidgets import QApplication, QHeaderView, QLabel, QListWidget, QTabBar, QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from tests.ui.adjudication_room import SID, doubled_project
from tests.ui.weeks_room import WEEKS, weeks_project
from ui.adjudication.stack import TierStack
from ui.agreement.matrix import Matrix
from ui.agreement.plots import MOST, OffsetPlot
from ui.agreement.run import agreement_window
from ui.agreement.weeks_plot import WeeksPlot
from ui.agreement.window import ALL, NONE_OPEN, AgreementWindow
from ui.agreement.words import Page, heading_of
from ui.application.children import Children
from ui.theme import GRID, colours
from woz.annotation.edits import Edit
from woz.annotation.measures.attributes import AttributeAgreement
from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.drift import Week
from woz.annotation.measures.intervals import Estimate
from woz.annotation.measures.segment import Segment
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.agreeing import Agreement, Pair
from woz.lab.agreement_report import Report, report
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.sentences import Said
from woz.model.annotation import Annotation
from woz.model.assignment import Part
from woz.model.ids import AnnotationId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier


@pytest.fixture
def doubled(tmp_path: Path) -> Iterator[Project]:
    with doubled_project(tmp_path / "p", 8, 4) as project:
        yield project


def _window(project: Project, qtbot: QtBot, tier_type: str = "steps") -> AgreementWindow:
    window = agreement_window(project, tier_type)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def test_every_number_opens_its_list(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    assert window.page
    browser = window.findChild(QTextBrowser)
    assert isinstance(browser, QTextBrowser)
    shown = browser.toPlainText()
    assert shown.index("Of A02's") < shown.index("Measures") < shown.index("Attributes")
    counts = re.findall(r'<a href="(list:\d+)">(\d+)[^<.\d]*</a>', window.page.html)
    assert len(counts) >= 8
    assert {"hand, the same", "hand, all pairs"} <= {window.page.lists[address].name for address, _ in counts}
    for address, count in counts:
        browser.anchorClicked.emit(QUrl(address))
        assert len(window.cards) == int(count)
    window.close()


def test_tabs_and_headers_have_names(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    parts = [part for kind in (QTabWidget, QTabBar, QHeaderView) for part in window.findChildren(kind)]
    names = [part.accessibleName() for part in parts]
    assert len(set(names)) == len(names) == 4
    assert "" not in names
    assert {"What A02 calls it", "What A03 calls it"} < set(names)
    window.close()


def test_every_measures_list_adds_up_to_it_and_says_how(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    assert window.page
    adding = [each for each in window.page.lists.values() if each.sum.startswith("1 less")]
    assert len(adding) == 10
    for each in adding:
        window.open_list(each)
        assert each.sum in [shown.text() for shown in window.findChildren(QLabel) if shown.isVisible()]
        taken = sum(card.share or 0 for card in window.cards)
        assert f"1 less the shares, {taken:.3f}" in each.sum
    window.close()


def test_what_three_do_not_agree_on_is_played_for_all_three(tmp_path: Path, qtbot: QtBot) -> None:
    with doubled_project(tmp_path / "p", 8, 4) as project:
        third = add_annotator(project, "A04")
        tier_id = assign(
            project, SID, Order("steps", third, project.annotators.named("A01"), Part.SECOND), CLOCK
        ).tier_id
        mark = Annotation(AnnotationId("x"), tier_id, 0, 9 * NS_PER_S, "l1", Made(Origin.MANUAL, third.id))
        project.annotations.record(SID, Edit("Annotate", (), (mark,)), third.id)
        window = _window(project, qtbot)
        qtbot.waitUntil(lambda: window.page is not None)
        assert window.page
        of_all = [each for each in window.page.lists.values() if each.together]
        assert [each.name for each in of_all] == ["Fleiss' kappa of all", "Gwet's AC1 of all"]
        window.open_list(of_all[0])
        listed = window.findChild(QListWidget)
        assert isinstance(listed, QListWidget)
        assert listed.count() == len(window.cards) > 8
        first = listed.item(0)
        assert first
        assert all(name in first.text() for name in ("A02", "A03", "A04", "takes"))
        assert first.text().endswith(f"   {project.sessions.get(SID).title}")
        stack = window.findChild(TierStack)
        assert isinstance(stack, TierStack)
        assert [line.name for line in stack.lines] == ["A02", "A03", "A04"]
        window.close()


def test_a_persons_weeks_are_told_and_open_their_pairs(tmp_path: Path, qtbot: QtBot) -> None:
    """Ends are 0.6 s late from the seventh week on, half a second was agreed; later labels are confused, too."""
    with Project.open(weeks_project(tmp_path), ManualClock()) as project:
        window = agreement_window(project, "steps", annotators=("gold", "A02"))
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.page is not None, timeout=60_000)
        assert window.page
        told = [each for each in window.page.lists.values() if re.fullmatch(r"\d{4}-W\d\d", each.name)]
        assert len(told) == WEEKS
        browser, plot = window.findChild(QTextBrowser), window.findChild(WeeksPlot)
        assert isinstance(browser, QTextBrowser)
        assert isinstance(plot, WeeksPlot)
        assert "A02 by week, against gold" in browser.toPlainText()
        since = r"Since the week of 16 Feb 2026, A02 ends <i>Fit gear</i> 0.\d\d s later than the gold"
        assert re.search(since, window.page.html)
        assert "Insert axle called Tighten screw" in browser.toPlainText()
        late = re.findall(r"2026-W(\d\d): ends are [\d.]+ s late", plot.accessibleDescription())
        assert late == [f"{week:02}" for week in range(8, WEEKS + 2)]
        assert "of 100 have another label" in plot.accessibleDescription().split("W09")[1]
        window.findChildren(QTabWidget)[0].setCurrentWidget(plot)
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(plot.width() - 20, plot.height() // 2))
        assert {card.session for card in window.cards} == {f"week-{WEEKS}"}
        window.close()


def _page_of_a_week() -> Page:
    """One in which all is to be told: offsets of both sides, what was called otherwise, an attribute."""
    cards = tuple(
        Card(SID, CardKind.LABEL, Segment(0, 9, label), Segment(0, 9, "The learner asks"))
        for label in ("The instructor answers", "Nobody speaks")
    )
    told = "starts are 0.51 s early; ends are 0.65 s late; 25 of 100 have another label"
    week = Week("2026-W48", 40, -0.51 * NS_PER_S, 0.65 * NS_PER_S, 0.25, told, cards)
    attribute = AttributeAgreement("hand", 7, 5, "nominal", 0.5, None, None, Estimate(0.714), (), ())
    return Page(Report(Pair("gold", "A02", ()), "", (), str, (), (), (attribute,)), [week], [])


@pytest.mark.parametrize(("fit", "turn"), [("Fit", "Turn"), ("Fit, then hold; or not", "Turn; left, right")])
def test_a_list_is_headed_by_what_its_number_counts(fit: str, turn: str) -> None:
    """Not by the whole sentence, in which several numbers stand; labels' names are whole."""
    cards = list[Card]
    sentence = (
        Said("Of Ada's "),
        Said("5", cards),
        Said(" "),
        Said(fit, label=True),
        Said(", Ben has "),
        Said("3", cards),
        Said("; "),
        Said("1", cards),
        Said(" Ben calls "),
        Said(turn, label=True),
        Said("; "),
        Said("1", cards),
        Said(" Ben has not"),
        Said("."),
    )
    headings = [heading_of(sentence, at) for at, said in enumerate(sentence) if said.cards]
    assert headings == [
        f"Of Ada's 5 {fit}",
        f"Of Ada's 5 {fit}, Ben has 3",
        f"Of Ada's 5 {fit}, 1 Ben calls {turn}",
        f"Of Ada's 5 {fit}, 1 Ben has not",
    ]
    alike = (Said("Starts of "), Said("9", cards), Said(" are the same; "), Said("0", cards), Said(" differ."))
    assert heading_of(alike, 3) == "Starts of 9 are the same, 0 differ"


def test_cells_of_what_is_told_end_in_no_comma() -> None:
    html = _page_of_a_week().html
    cells = [" ".join(re.sub(r"<[^>]+>|&nbsp;", " ", each).split()) for each in html.split("</td>")]
    figures = "40 pairs : starts 0.51 s early, ends 0.65 s late; 2 with another label"
    assert [each for each in cells if each.startswith(figures)] != []
    assert "<i>The instructor answers</i> called <i>The learner asks</i>" in html
    assert [each for each in cells if each.endswith(",")] == []


def test_what_is_told_is_broken_into_lines_and_needs_no_scrolling_sideways(
    doubled: Project, qtbot: QtBot, qapp: QApplication
) -> None:
    """A table is a pixel too wide now and then, by Qt's rounding."""
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    browser = window.findChild(QTextBrowser)
    assert isinstance(browser, QTextBrowser)
    browser.setHtml(_page_of_a_week().html)
    for width in range(900, 1400, 20):
        window.resize(width, 860)
        qapp.processEvents()
        assert not browser.horizontalScrollBar().isVisible(), width
        assert browser.document().size().width() <= browser.viewport().width() + 1
    window.close()


def test_the_plot_of_boundaries_has_a_bar_where_they_lie(qtbot: QtBot) -> None:
    """Starts above: two alike, one half a second earlier; ends below: one three seconds later, in the last bar."""
    plot = OffsetPlot()
    qtbot.addWidget(plot)
    plot.resize(2 * GRID + (2 * MOST + 1) * 10, 200)
    plot.show_offsets("A02", [0, 20_000_000, -500_000_000], [3 * NS_PER_S])
    image, middle = plot.grab().toImage(), (plot.height() - 20) // 2

    def tall(place: int, rows: range) -> int:
        """How much of a bar is seen at so many tenths of a second."""
        x = GRID + (place + MOST) * 10 + 3
        return sum(image.pixelColor(x, y) == colours().of("accent") for y in rows)

    starts = {place: high for place in range(-MOST, MOST + 1) if (high := tall(place, range(middle)))}
    ends = {place: high for place in range(-MOST, MOST + 1) if (high := tall(place, range(middle, plot.height())))}
    assert starts.keys() == {-5, 0}
    assert abs(starts[0] - 2 * starts[-5]) <= 2
    assert list(ends) == [MOST]
    assert plot.accessibleDescription() == (
        "3 starts: 2 alike, A02 earlier 1, A02 later 0; 1 end: 0 alike, A02 earlier 0, A02 later 1"
    )


def test_the_window_plots_the_boundaries_of_all_pairs(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    plot = window.findChild(OffsetPlot)
    assert isinstance(plot, OffsetPlot)
    assert window.page
    for boundary in ("start", "end"):
        pairs = next(each for each in window.page.lists.values() if each.name == f"{boundary} offset").cards()
        assert f"{len(pairs)} {boundary}s: " in plot.accessibleDescription()
    window.close()


def test_a_place_is_shown_in_both_tiers(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    assert window.page
    address = next(a for a, each in window.page.lists.items() if each.name.startswith("Attribute"))
    browser, listed = window.findChild(QTextBrowser), window.findChild(QListWidget)
    assert isinstance(browser, QTextBrowser)
    assert isinstance(listed, QListWidget)
    browser.anchorClicked.emit(QUrl(address))
    assert {card.kind for card in window.cards} == {CardKind.ATTRIBUTE}
    assert listed.currentRow() == 0
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert listed.currentRow() == 1
    window.close()


def test_a_place_is_opened_in_the_editor_and_adjudicated_by_key(
    doubled: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(Children, "start", lambda _, *arguments: started.append(arguments))
    monkeypatch.setattr(Children, "last_words", lambda _: "Not all have submitted." if len(started) == 2 else "")
    window = agreement_window(doubled, "steps", tolerance_ns=250_000_000, viewer="A01")
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: window.page is not None)
    qtbot.keyClick(window, Qt.Key.Key_E)
    assert not started
    assert window.page
    window.open_list(next(each for each in window.page.lists.values() if len(each.cards()) > 2))
    qtbot.keyClick(window, Qt.Key.Key_N)
    for key in (Qt.Key.Key_E, Qt.Key.Key_A):
        qtbot.keyClick(window, key)
    at = ("--session", SID, "--at", f"{window.cards[1].span.start_ns / 1e9:.3f}")
    assert float(at[-1]) > 0
    path, who = str(doubled.path), ("--annotator", "A01")
    decided = ("--tier-type", "steps", "--tolerance", "0.25")
    assert started == [("annotate", path, *at, *who), ("adjudicate", path, *at, *decided, *who)]
    qtbot.waitUntil(lambda: window.told == "Not all have submitted.")
    window.close()


def test_a_cell_of_the_matrix_opens_its_list(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    matrix = window.findChild(Matrix)
    assert isinstance(matrix, Matrix)
    filled = 0
    for row in range(matrix.rowCount()):
        for column in range(matrix.columnCount()):
            item = matrix.item(row, column)
            if item and item.text():
                matrix.cellClicked.emit(row, column)
                assert len(window.cards) == int(item.text())
                filled += 1
    assert filled >= 4
    window.close()


def test_one_tier_is_shown_beside_what_its_maker_has_else(doubled: Project, qtbot: QtBot) -> None:
    tier = next(each for each in doubled.annotations.load(SID) if isinstance(each, Tier) and each.annotator_id)
    who = next(each.pseudonym for each in doubled.annotators.all() if each.id == tier.annotator_id)
    other = {"A02": "A03", "A03": "A02"}[who]
    window = agreement_window(doubled, "steps", annotators=(other, tier.id))
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: window.page is not None)
    assert window._pairs.currentText() == f"{other} and {who} ({tier.id[:8]})"
    window.close()


def test_where_there_is_nothing_to_compare_it_is_said(doubled: Project, qtbot: QtBot) -> None:
    window = _window(doubled, qtbot, "turns")
    qtbot.waitUntil(lambda: bool(window.told))
    assert "No two annotators" in window.told
    assert window.page is None
    window.close()


def test_what_is_counted_anew_closes_the_list_of_what_was_shown_before(doubled: Project, qtbot: QtBot) -> None:
    """And of a label that the two don't give all labels are shown, in the box as well."""
    window = _window(doubled, qtbot)
    qtbot.waitUntil(lambda: window.page is not None)
    first, labels = window.page, window._labels
    assert first
    window.open_list(next(each for each in first.lists.values() if each.cards()))
    assert window.cards
    labels.addItem("Of another pair", "gone")
    labels.setCurrentIndex(labels.count() - 1)
    labels.activated.emit(labels.currentIndex())
    qtbot.waitUntil(lambda: window.page is not first)
    assert (window.cards, window._heading.text(), window._list.count()) == ([], NONE_OPEN, 0)
    assert window._report
    assert (window._report.label, labels.currentText()) == ("", ALL)
    window.close()


@pytest.mark.parametrize("fails", [False, True])
def test_of_two_that_are_counted_at_once_the_last_is_shown(
    doubled: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """Of all labels it takes longer than of one, and may fail at the end."""
    window, go_on = _window(doubled, qtbot), threading.Event()
    qtbot.waitUntil(lambda: window.page is not None)

    def slow(found: Agreement, pair: Pair, tolerance_ns: int, label: str) -> Report:
        if not label:
            go_on.wait()
        if not label and fails:
            raise WozError("The project is gone.")
        return report(found, pair, tolerance_ns, label)

    monkeypatch.setattr("ui.agreement.window.report", slow)
    labels = window._labels
    labels.activated.emit(0)
    labels.setCurrentIndex(1)
    labels.activated.emit(1)
    chosen = labels.currentData()
    qtbot.waitUntil(lambda: window._report is not None and window._report.label == chosen)
    go_on.set()
    qtbot.waitUntil(lambda: all(each.name != "count of agreement" for each in threading.enumerate()))
    QApplication.processEvents()
    assert window._report
    assert (window._report.label, labels.currentData()) == (chosen, chosen)
    assert (window.told, bool(window._words.toPlainText())) == ("", True)
    window.close()
