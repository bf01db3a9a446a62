"""What concerns somebody of all that is said in a project: in one table, opened at its place, answered, closed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMainWindow, QTableView, QTextBrowser, QVBoxLayout, QWidget

from ui.application.background import Background, waited
from ui.home.talk_table import COLUMNS, TalkFilter, TalkTable, state_of
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, row
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.lab.own_talks import OwnTalks, TalkLine

EMPTY = "Nobody said anything yet that concerns you."
NOT_SENT = "What you wrote is not sent; Enter sends it again."
CLOSED_ALREADY = "This is settled already; an answer opens it again."
NONE_CHOSEN = "Choose a comment in the table first."


class CommentsWindow(QMainWindow):
    """Reads them anew with F5, and whenever one comes back to it. `opened` carries a session's id and a time in it
    (ns), None for what has none. `drafts` is what is written and not sent, by the comment that it answers: whoever
    gives it keeps it for the next window.
    """

    opened = Signal(str, object)

    def __init__(
        self, talks: OwnTalks, parent: QWidget | None = None, drafts: dict[str, str] | None = None
    ) -> None:
        super().__init__(parent)
        self._talks = talks
        self._drafts = {} if drafts is None else drafts
        self._work, self._busy, self._again = Background(), False, False
        self._fault, self._filling = "", False
        self._work.done.connect(self._show)
        self._work.failed.connect(self._fail)
        self.setWindowTitle(f"woz comments – as {talks.person.pseudonym}")
        self.setWindowIcon(icon("woz"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 1120, 700)
        self.table_model = TalkTable()
        self._filter = TalkFilter(self.table_model)
        self._banner = Banner()
        self._build()
        self._actions()
        self.look()

    # reading

    @property
    def told(self) -> str:
        return self._banner.text

    @property
    def chosen(self) -> TalkLine | None:
        at = self.table.currentIndex()
        return self.table_model.lines[self._filter.mapToSource(at).row()] if at.isValid() else None

    def look(self) -> None:
        """Read them anew, beside the window."""
        if self._busy:
            self._again = True
            return
        self._busy, self._again = True, False
        self._work.begin("look at the comments", self._talks.read)

    def _show(self, lines: tuple[TalkLine, ...]) -> None:
        self._busy = False
        if self._fault and self._banner.text == self._fault:
            self._banner.tell("")
        if lines != self.table_model.lines or not lines:
            self._show_lines(lines)
        if self._again:
            self.look()

    def _fail(self, why: str) -> None:
        self._busy, self._fault = False, why
        self._banner.tell(why)

    def _show_lines(self, lines: tuple[TalkLine, ...]) -> None:
        """What is chosen stays so, at first what was written and not sent; what is being written has the focus."""
        was, self._filling = self.chosen, True
        self.table_model.show(lines)
        begun = next((each for each, text in self._drafts.items() if text), "")
        number = self.table_model.number_of(was.talk.first.id if was else begun)
        at = self._filter.mapFromSource(self.table_model.index(number, 0)) if number is not None else None
        self.table.setCurrentIndex(at if at and at.isValid() else self._filter.index(0, 0))
        self._filling = False
        open_, waits = sum(line.talk.first.open for line in lines), sum(line.waits for line in lines)
        told = f"{counted(len(lines), 'comment')}, {open_} open, {waits} of them for you to answer or settle."
        self.statusBar().showMessage(told if lines else EMPTY)
        self._show_one()

    def _show_one(self) -> None:
        if self._filling:
            return
        line = self.chosen
        self._context.setHtml(talk_html(line) if line else "")
        draft = self._drafts.get(line.talk.first.id, "") if line else ""
        if self.field.text() != draft:
            self.field.setText(draft)
        for each in (self.field, self._answer, self._open):
            each.setEnabled(line is not None)
        self._settle.setEnabled(line is not None and line.talk.first.open)

    # building

    def _build(self) -> None:
        self.words = QLineEdit()
        self.words.setPlaceholderText("Narrow by words")
        self.words.setAccessibleName("Narrow the comments by words")
        self.words.setMaximumWidth(280)
        self.words.textChanged.connect(self._narrow)
        self.words.returnPressed.connect(lambda: self.table.setFocus())
        self._context = QTextBrowser()
        self._context.setAccessibleName("All that was said there")
        self._context.setFixedHeight(150)
        self.field = QLineEdit()
        self.field.setPlaceholderText("An answer, Enter to send it")
        self.field.setAccessibleName("Your answer")
        self.field.textEdited.connect(self._keep_draft)
        self.field.returnPressed.connect(self.answer)
        self._answer, self._settle = button("Answer", "forward"), button("Settled", "check")
        self._open = button("Open there", "annotate", "primary")
        self._answer.clicked.connect(self.answer)
        self._settle.clicked.connect(self.settle)
        self._open.clicked.connect(self.open)
        title = label(f"What concerns {self._talks.person.pseudonym} in all sessions", "title")
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(row(title, self.words))
        layout.addWidget(self._banner)
        layout.addWidget(self._made_table(), 1)
        layout.addWidget(self._context)
        layout.addWidget(row(self.field, self._answer, self._settle, self._open))
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)
        self.table.setFocus()

    def _made_table(self) -> QTableView:
        self.table = QTableView()
        self.table.setModel(self._filter)
        self.table.setAccessibleName("Comments")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for at, column in enumerate(COLUMNS):
            self.table.setColumnWidth(at, column.width)
        self.table.doubleClicked.connect(lambda _: self.open())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_one())
        return self.table

    def _actions(self) -> None:
        there = action(self, "Open the session there", ["Return", "Enter"], self.open)
        there.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.addAction(there)
        self.menuBar().addMenu("C&omments").addActions(
            [
                there,
                action(self, "Answer it", "Alt+C", self.field.setFocus),
                action(self, "It is settled", "Alt+D", self.settle),
                action(self, "Narrow the table by words", "Ctrl+F", self.words.setFocus),
                action(self, "Read them anew", "F5", self.look),
                action(self, "Close", "Ctrl+Q", self.close),
            ]
        )
        self.menuBar().addMenu("&Help").addAction(help_action(self))

    # what the keys do

    def open(self) -> None:
        if line := self.chosen:
            self.opened.emit(str(line.talk.first.session_id), line.talk.first.at_ns)

    def answer(self) -> None:
        line, text = self.chosen, self.field.text().strip()
        if line is None or not text:
            self._banner.tell(NONE_CHOSEN if line is None else "")
            return
        if self._done(lambda: self._talks.answer(line.talk, text), NOT_SENT):
            self._drafts.pop(line.talk.first.id, None)
            self.field.clear()
            self.table.setFocus()

    def settle(self) -> None:
        line = self.chosen
        if line is None or not line.talk.first.open:
            self._banner.tell(NONE_CHOSEN if line is None else CLOSED_ALREADY)
            return
        self._done(lambda: self._talks.settle(line.talk))

    def _done(self, work: Callable[[], None], not_done: str = "") -> bool:
        """Where it can't be, the window says why."""
        try:
            waited(work)
        except WozError as fault:
            self._banner.tell(f"{fault} {not_done}".strip())
            return False
        self._banner.tell("")
        self.look()
        return True

    def _keep_draft(self, text: str) -> None:
        if line := self.chosen:
            self._drafts[line.talk.first.id] = text

    def _narrow(self, words: str) -> None:
        self._filter.narrow(words)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self._filter.index(0, 0))
        self._show_one()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate:
            self.look()
        return super().event(event)


def talk_html(line: TalkLine) -> str:
    """Where it is, and what each said."""
    where = f"<b>{escape(line.session)}, {escape(line.talk.place)}</b> ({state_of(line)})"
    return "<br>".join([where, *map(escape, line.said)])
