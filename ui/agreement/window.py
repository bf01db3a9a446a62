"""The agreement window: words first, then figures; each number opens its list, each place is played for both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QMainWindow,
    QSplitter,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ui.adjudication.stack import Box, Line
from ui.adjudication.stage import Stage
from ui.agreement.matrix import Matrix
from ui.agreement.plots import OffsetPlot
from ui.agreement.weeks_plot import WeeksPlot
from ui.agreement.words import Listed, Page, apart_words
from ui.application.background import Background
from ui.editor.subject import Subject
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, panel, row
from woz.annotation.measures.cards import Card, CardKind, boundary_cards
from woz.annotation.measures.drift import Week, drift
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.lab.agreeing import Agreement, Pair, Together
from woz.lab.agreement_report import Figure, Report, confusion_cards, labels_of, report, together_figures
from woz.model.annotation import Annotation
from woz.model.ids import SessionId

ALL = "All labels"
COUNTING = "It is counted …"
NONE_OPEN = "Press a number to see what it counts."
LOOK_MS = 500
"""How often it is looked whether a window that was opened from here ended by a fault."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the window asks of whoever keeps the project: the agreement, what sessions are called, a session, the
    editor and the adjudication at a time of it (ns), and why one of these ended that was opened.
    """

    agreement: Callable[[], Agreement]
    names: Callable[[], Mapping[SessionId, str]]
    subject: Callable[[SessionId], Subject]
    edit: Callable[[SessionId, int], None]
    adjudicate: Callable[[SessionId, int], None]
    fault: Callable[[], str]


@dataclass(frozen=True, slots=True)
class _Counted:
    """`nr` counts what was asked for: of two that are counted at once the last is shown."""

    nr: int
    found: Agreement
    names: Mapping[SessionId, str]
    report: Report
    weeks: Sequence[Week]
    together: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why what `nr` asked for can't be counted."""

    nr: int
    why: str


Whose = Mapping[str, tuple[tuple[str, ...], tuple[tuple[Annotation, ...], ...]]]
"""By session: the names of those whose marks a list compares, and what each of them annotated."""


def _whose(found: Pair | Together) -> Whose:
    if isinstance(found, Pair):
        return {each.session: ((found.one, found.other), each.annotations) for each in found.sessions}
    return {each.session: (each.names, each.annotations) for each in found.sessions}


class AgreementWindow(QMainWindow):
    def __init__(self, asking: Asking, tier_type: str, tolerance_ns: int) -> None:
        super().__init__()
        self._asking, self._tolerance_ns = asking, tolerance_ns
        self._found: Agreement | None = None
        self._names: Mapping[SessionId, str] = {}
        self._report: Report | None = None
        self._page: Page | None = None
        self._cards: list[Card] = []
        self._whose: Whose = {}
        self._session = ""
        self._asked = 0
        self._counting = Background()
        self._counting.done.connect(self._show_counted)
        self._counting.failed.connect(self._show_failed)
        self.setWindowTitle(f"woz agreement – {tier_type}")
        self.setWindowIcon(icon("woz"))
        fit(self, 1400, 860)
        self._build()
        self._actions()
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._tell_fault)
        self._watch.start(LOOK_MS)
        self._count()

    # reading

    @property
    def told(self) -> str:
        """What the window says of what went wrong."""
        return self._banner.text

    @property
    def cards(self) -> list[Card]:
        """The list that is open."""
        return self._cards

    @property
    def page(self) -> Page | None:
        """What is told; None while it is counted."""
        return self._page

    # building

    def _build(self) -> None:
        self._pairs, self._labels = QComboBox(), QComboBox()
        self._pairs.setAccessibleName("Which two")
        self._labels.setAccessibleName("Of which label")
        for box in (self._pairs, self._labels):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._labels.addItem(ALL, "")
        self._pairs.activated.connect(lambda _: self._count())
        self._labels.activated.connect(lambda _: self._count())
        self._banner = Banner()
        self._words = QTextBrowser()
        self._words.setOpenLinks(False)
        self._words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._words.setAccessibleName("Agreement in words and figures")
        self._words.anchorClicked.connect(self._open_link)
        self._words.setText(COUNTING)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(self._words)
        whole.addWidget(self._right())
        whole.setSizes([600, 780])
        top = QHBoxLayout()
        top.addWidget(self._pairs)
        top.addWidget(self._labels)
        top.addStretch(1)
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(whole, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _right(self) -> QWidget:
        self._heading = label(NONE_OPEN, "heading", wrap=True)
        self._sum = label("", "muted", wrap=True)
        self._sum.hide()
        self._list = QListWidget()
        self._list.setAccessibleName("What the number counts")
        self._list.currentRowChanged.connect(self._show_card)
        self._edit, self._decide = (
            button("Open in the editor (E)", "annotate"),
            button("Adjudicate it (A)", "check"),
        )
        for made, ask in ((self._edit, self._asking.edit), (self._decide, self._asking.adjudicate)):
            made.setEnabled(False)
            made.clicked.connect(lambda _=False, ask=ask: self._open_place(ask))
        self._matrix, self._plot, self._weeks = Matrix(), OffsetPlot(), WeeksPlot()
        self._weeks.asked.connect(self._open_week)
        self._matrix.asked.connect(self._open_cell)
        self._tabs = QTabWidget()
        self._tabs.setAccessibleName("What is shown of a number")
        self._tabs.tabBar().setAccessibleName("List, confusion, boundaries, weeks")
        self._tabs.addTab(panel(self._heading, self._sum, self._list, row(self._edit, self._decide)), "List")
        self._tabs.addTab(self._matrix, "Confusion")
        self._tabs.addTab(self._plot, "Boundaries")
        self._tabs.addTab(self._weeks, "Weeks")
        self._stage = Stage()
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self._tabs)
        both.addWidget(self._stage)
        both.setSizes([380, 440])
        return both

    def _actions(self) -> None:
        action(self, "The next place", "N", lambda: self._step(1))
        action(self, "The previous place", "P", lambda: self._step(-1))
        action(self, "Play, pause", "Space", self._stage.toggle)
        action(self, "Open the place in the editor", "E", self._edit.click)
        action(self, "Adjudicate the session, from the place on", "A", self._decide.click)
        action(self, "Close", "Ctrl+Q", self.close)
        help_action(self)

    # counting

    def _count(self) -> None:
        """Beside the window: the bootstrap draws a thousand times for each measure. All labels where the two have
        none of the chosen one.
        """
        self._asked = nr = self._asked + 1
        at, chosen = max(0, self._pairs.currentIndex()), str(self._labels.currentData() or "")
        known, names, tolerance_ns = self._found, self._names, self._tolerance_ns
        asking = self._asking

        def count() -> _Counted | _Refused:
            try:
                return reckon()
            except WozError as error:
                return _Refused(nr, str(error))

        def reckon() -> _Counted:
            found = known or asking.agreement()
            pair = found.pairs[at]
            label = chosen if chosen in labels_of(pair) else ""
            return _Counted(
                nr,
                found,
                names or asking.names(),
                report(found, pair, tolerance_ns, label),
                drift(pair.sessions, found.drift_limits),
                together_figures(found.together) if found.together else [],
            )

        self._counting.begin("count of agreement", count)

    def _show_failed(self, why: str) -> None:
        self._banner.tell(why)
        self._words.setText("")

    def _show_counted(self, counted: _Counted | _Refused) -> None:
        """The list that was open is of what was shown before."""
        if counted.nr != self._asked:
            return
        if isinstance(counted, _Refused):
            self._show_failed(counted.why)
            return
        self._banner.tell("")
        self._close_list()
        if self._found is None:
            self._found, self._names = counted.found, counted.names
            for pair in counted.found.pairs:
                self._pairs.addItem(f"{pair.one} and {pair.other}")
        self._report = told = counted.report
        self._show_labels(told)
        self._page = Page(told, counted.weeks, self._notes(counted.found, told.pair), counted.together)
        self._words.setHtml(self._page.html)
        self._matrix.show_report(told)
        apart = {
            boundary: [card.apart_ns or 0 for card in boundary_cards(told.pair.sessions, boundary)]
            for boundary in ("start", "end")
        }
        self._plot.show_offsets(told.pair.one, apart["start"], apart["end"])
        self._weeks.show_weeks(told.pair.other, counted.weeks, counted.found.drift_limits)

    def _show_labels(self, told: Report) -> None:
        self._labels.clear()
        self._labels.addItem(ALL, "")
        for each in told.labels:
            self._labels.addItem(told.name(each), each)
        self._labels.setCurrentIndex(max(0, self._labels.findData(told.label)))

    @staticmethod
    def _notes(found: Agreement, pair: Pair) -> list[str]:
        count = len(pair.sessions)
        notes = [f"{pair.one} and {pair.other}, {counted(count, 'session')}."]
        if len(found.versions) > 1:
            notes.append(f"Their tiers are in versions {', '.join(map(str, found.versions))} of the scheme.")
        return notes

    # lists

    def _open_link(self, address: QUrl) -> None:
        if self._page and address.toString() in self._page.lists:
            self.open_list(self._page.lists[address.toString()])

    def _open_cell(self, one: str, other: str) -> None:
        if self._report:
            names = [self._report.name(each) if each else "nothing" for each in (one, other)]
            pair = self._report.pair
            self.open_list(Listed(f"{names[0]} against {names[1]}", lambda: confusion_cards(pair, one, other)))

    def _open_week(self, week: Week) -> None:
        self.open_list(Listed(week.week, lambda: list(week.cards)))

    def open_list(self, listed: Listed) -> None:
        """Show what a number counts, and play the first of it."""
        assert self._report
        assert self._found
        together = self._found.together if listed.together else None
        self._whose = _whose(together or self._report.pair)
        self._cards = listed.cards()
        self._heading.setText(f"{len(self._cards)}: {listed.name}")
        self._sum.setText(listed.sum)
        self._sum.setVisible(bool(listed.sum))
        self._tabs.setCurrentIndex(0)
        self._list.blockSignals(True)
        self._list.clear()
        self._list.addItems([self._card_words(each) for each in self._cards])
        self._list.setCurrentRow(-1)
        self._list.blockSignals(False)
        if self._cards:
            self._list.setCurrentRow(0)
            self._list.setFocus()

    def _close_list(self) -> None:
        self._cards, self._session = [], ""
        for each in (self._edit, self._decide):
            each.setEnabled(False)
        self._list.clear()
        self._heading.setText(NONE_OPEN)
        self._sum.hide()

    def _step(self, by: int) -> None:
        if self._cards:
            self._list.setCurrentRow((self._list.currentRow() + by) % len(self._cards))

    def _card_words(self, card: Card) -> str:
        assert self._report
        name = self._report.name
        sides = [
            f"{who} {name(each.label) or 'nothing'}"
            for who, each in zip(self._whose[card.session][0], card.sides, strict=True)
            if each
        ]
        apart = f", {apart_words(card.apart_ns)}" if card.apart_ns is not None else ""
        what = f" {card.what}" if card.what else ""
        at = f"{card.span.start_ns / 1e9:8.1f} s" if card.timed else "all of it"
        where = self._names.get(SessionId(card.session), card.session)
        share = f", takes {card.share:.4f}" if card.share is not None else ""
        return f"{at}   {card.kind}{what}: {', '.join(sides)}{apart}{share}   {where}"

    def _show_card(self, row: int) -> None:
        if not 0 <= row < len(self._cards) or self._report is None:
            return
        card = self._cards[row]
        if card.session != self._session and not self._open_session(card.session):
            return
        self._stage.show_place(self._lines(card), card.span)

    def _open_session(self, session: str) -> bool:
        try:
            self._stage.open(self._asking.subject(SessionId(session)))
        except WozError as error:
            self._banner.tell(str(error))
            return False
        self._session = session
        for each in (self._edit, self._decide):
            each.setEnabled(True)
        return True

    def _open_place(self, ask: Callable[[SessionId, int], None]) -> None:
        """The place that is chosen in the list, in a window of its own."""
        if 0 <= self._list.currentRow() < len(self._cards):
            card = self._cards[self._list.currentRow()]
            self._banner.tell("")
            ask(SessionId(card.session), card.span.start_ns)

    def _tell_fault(self) -> None:
        if told := self._asking.fault():
            self._banner.tell(told)

    def _lines(self, card: Card) -> list[Line]:
        assert self._report
        assert self._found
        colours, name = self._found.colours, self._report.name
        lines = []
        for who, marks in zip(*self._whose[card.session], strict=True):
            boxes = tuple(
                Box(m.interval, name(m.label), colours.get(m.label, "#888888"), _looked_at(card, m))
                for m in marks
                if m.start_ns is not None
            )
            lines.append(Line(who, boxes))
        return lines

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stage.close_player()
        event.accept()


def _looked_at(card: Card, mark: Annotation) -> bool:
    """What a card names; of a stretch of time all that lies in it."""
    if card.kind == CardKind.TIME:
        return mark.interval.intersects(card.span)
    return any(each is not None and each.id == str(mark.id) for each in card.sides)
