"""The window of assignments: who does what, how far it is; giving, returning, accepting it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.application.background import Background, waited
from ui.assignments.desk import Sight, WorkDesk
from ui.assignments.giving import GiveDialog
from ui.assignments.giving_questions import GiveQuestionsDialog, Wanted
from ui.assignments.lines import ANY_STATE, ANYBODY, WorkFilter, WorkTable
from ui.assignments.return_dialog import ReturnDialog
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, row
from woz.base.errors import WozError
from woz.lab.assigning_questions import QuestionOrder
from woz.lab.workload import WorkLine
from woz.model.tier import TierState

LOOK_MS = 5_000
"""How often it looks for what others did."""
FIRST_SIZE = 1240, 720
WIDTHS = (200, 130, 100, 100, 110, 200, 150, 130)
"""Of the columns; the last one takes what is left."""
EMPTY = "Nothing is assigned yet. Ctrl+N gives work to somebody."
NONE_CHOSEN = "Choose work in the table first."
NOT_SENT = "Nothing was returned; Ctrl+R has what you wrote."


class AssignmentsWindow(QMainWindow):
    """`opened` carries the session's id of work that is to be opened in the editor."""

    opened = Signal(str)

    def __init__(self, desk: WorkDesk) -> None:
        super().__init__()
        self._desk = desk
        self._sight = Sight((), (), (), ())
        self._background = Background()
        self._look: threading.Thread | None = None
        self._unsent: dict[str, tuple[str, str]] = {}
        self.table_model = WorkTable()
        self._filter = WorkFilter(self.table_model)
        self._banner, self._count = Banner(), label("", "muted")
        self.setWindowTitle(f"woz work – as {desk.person.pseudonym}")
        self.setWindowIcon(icon("woz"))
        fit(self, *FIRST_SIZE)
        self._build()
        self._actions()
        self._background.done.connect(self._looked)
        self._background.failed.connect(self._banner.tell)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    # reading

    @property
    def told(self) -> str:
        return self._banner.text

    @property
    def chosen(self) -> list[WorkLine]:
        rows = self.table.selectionModel().selectedRows()
        return [self.table_model.line(self._filter.mapToSource(index).row()) for index in rows]

    def choose(self, ids: set[str]) -> None:
        """The work of these ids."""
        self.table.clearSelection()
        flags = QItemSelectionModel.SelectionFlag
        for number in self.table_model.numbers_of(ids):
            index = self._filter.mapFromSource(self.table_model.index(number, 0))
            self.table.selectionModel().select(index, flags.Select | flags.Rows)

    def look(self) -> None:
        """Read it anew, beside the window."""
        if not self.looking:
            self._look = self._background.begin("look at the work", self._desk.look)

    @property
    def looking(self) -> bool:
        return self._look is not None and self._look.is_alive()

    def _looked(self, sight: Sight) -> None:
        if sight == self._sight:
            return
        kept = {str(line.assignment.id) for line in self.chosen}
        self._sight = sight
        self.table_model.show(sight.lines)
        self._offer(self.whose, ANYBODY, sorted({line.whose for line in sight.lines}))
        states = [str(state) for state in TierState]
        self._offer(self.state, ANY_STATE, [each for each in states if any(x.state == each for x in sight.lines)])
        self.choose(kept)
        self._narrow()

    @staticmethod
    def _offer(box: QComboBox, first: str, more: Sequence[str]) -> None:
        was = box.currentText()
        box.blockSignals(True)
        box.clear()
        box.addItems([first, *more])
        box.setCurrentText(was if was in more else first)
        box.blockSignals(False)

    # building

    def _build(self) -> None:
        self.table = QTableView()
        self.table.setModel(self._filter)
        self.table.setAccessibleName("Work that was given out")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setAccessibleName("Columns of the work")
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        for at, width in enumerate(WIDTHS):
            self.table.setColumnWidth(at, width)
        self.table.doubleClicked.connect(lambda _: self._open())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_choices())
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addWidget(row(label("Work: who does what", "title"), self._count))
        layout.addWidget(self._banner)
        layout.addWidget(self._narrowing())
        layout.addWidget(self.table, 1)
        layout.addWidget(self._buttons())
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)
        self.table.setFocus()

    def _narrowing(self) -> QWidget:
        self.whose, self.state, self.words = QComboBox(), QComboBox(), QLineEdit()
        self._offer(self.whose, ANYBODY, ())
        self._offer(self.state, ANY_STATE, ())
        self.whose.setAccessibleName("Whose work")
        self.state.setAccessibleName("In which state")
        self.words.setPlaceholderText("Narrow by what is written (Ctrl+F)")
        self.words.setAccessibleName("Narrow by what is written")
        self.whose.currentTextChanged.connect(lambda _: self._narrow())
        self.state.currentTextChanged.connect(lambda _: self._narrow())
        self.words.textChanged.connect(self._filter.setFilterFixedString)
        self.words.textChanged.connect(lambda _: self._tell_count())
        return row(self.whose, self.state, self.words)

    def _buttons(self) -> QWidget:
        self.give_button = button("Give work", "new", "primary")
        self.give_button.clicked.connect(self._give)
        self._of_work = []
        for text, image, do in (
            ("Open", "annotate", self._open),
            ("History", "loop", self._show_history),
            ("Accept", "check", partial(self._move, TierState.ACCEPTED)),
            ("Return", "undo", self._send_back),
            ("Lock", "stop", partial(self._move, TierState.LOCKED)),
            ("Take back", "delete", self._take_back),
        ):
            made = button(text, image)
            made.clicked.connect(lambda _=False, do=do: do())
            self._of_work.append(made)
        return row(self.give_button, *self._of_work)

    def _actions(self) -> None:
        made = [
            action(self, "Give work to somebody", "Ctrl+N", self._give),
            action(self, "Give question sets to judge", "Ctrl+Shift+N", self._give_questions),
            action(self, "Open it in the editor", ["Ctrl+Return", "Ctrl+Enter"], self._open),
            action(self, "History of the work", "Ctrl+H", self._show_history),
            action(self, "Accept what was submitted", "Ctrl+A", partial(self._move, TierState.ACCEPTED)),
            action(self, "Return it, with remarks at times", "Ctrl+R", self._send_back),
            action(self, "Lock it", "Ctrl+L", partial(self._move, TierState.LOCKED)),
            action(self, "Take it back", "Ctrl+Delete", self._take_back),
            action(self, "Narrow by what is written", "Ctrl+F", self.words.setFocus),
            action(self, "Look again", "F5", self.look),
            action(self, "Close", "Ctrl+Q", self.close),
            help_action(self),
        ]
        self.menuBar().addMenu("&Work").addActions(made)
        self._show_choices()

    # doing

    def _give(self) -> None:
        chosen = list(dict.fromkeys(line.assignment.session_id for line in self.chosen))
        person, desk = self._desk.person, self._desk
        asked = GiveDialog(self._sight, person, lambda *order: waited(lambda: desk.give(*order)), chosen, self)
        if asked.exec() == QDialog.DialogCode.Accepted:
            refused = [each.refused for each in asked.answers if each.refused]
            self._banner.tell(f"{len(refused)} not given: {refused[0]}" if refused else "")
            self.look()
        asked.deleteLater()

    def _give_questions(self) -> None:
        person, desk = self._desk.person, self._desk

        def share_out(dry_run: bool, wanted: Wanted) -> list[str]:
            order = QuestionOrder(wanted.people, person, wanted.session_ids, wanted.task, wanted.draw)
            return waited(lambda: desk.share_out(order, dry_run))

        def take_back(wanted: Wanted) -> list[str]:
            return waited(lambda: desk.take_questions_back(wanted.people, wanted.session_ids, wanted.task))

        asked = GiveQuestionsDialog(
            self._sight, partial(share_out, True), partial(share_out, False), take_back, self
        )
        asked.exec()
        asked.deleteLater()

    def _send_back(self) -> None:
        """What was written and couldn't be sent is offered again."""
        line = self._only()
        if line is None:
            return
        asked, work = ReturnDialog(line.tier, line.whose, self), line.assignment.id
        why, remarks = self._unsent.get(work, ("", ""))
        asked.write(remarks, why)
        if asked.exec() == QDialog.DialogCode.Accepted:
            reason, said = asked.why.text(), asked.remarks
            if self._do([line], lambda each: self._desk.send_back(each, reason, said)):
                self._unsent.pop(work, None)
            else:
                self._unsent[work] = asked.written
                self._banner.tell(f"{self._banner.text} {NOT_SENT}")
        asked.deleteLater()

    def _move(self, to: TierState) -> None:
        self._do(self.chosen, lambda line: self._desk.move(line, to))

    def _take_back(self) -> None:
        self._do(self.chosen, self._desk.take_back)

    def _do(self, lines: Sequence[WorkLine], do: Callable[[WorkLine], None]) -> bool:
        """Each by itself; the first refusal is told. Whether all was done."""
        if not lines:
            self._banner.tell(NONE_CHOSEN)
            return False
        refused = []
        for line in lines:
            try:
                waited(partial(do, line))
            except WozError as error:
                refused.append(str(error))
        more = f" ({len(refused)} of {len(lines)} refused)" if len(lines) > 1 and refused else ""
        self._banner.tell(f"{refused[0]}{more}" if refused else "")
        self.look()
        return not refused

    def _open(self) -> None:
        line = self._only()
        if line:
            self._banner.tell("")
            self.opened.emit(line.assignment.session_id)

    def _show_history(self) -> None:
        line = self._only()
        if line is None:
            return
        try:
            told = waited(lambda: self._desk.history(line))
        except WozError as error:
            self._banner.tell(str(error))
            return
        shown = HistoryList(f"{line.session}: {line.tier} of {line.whose}", told, self)
        shown.exec()
        shown.deleteLater()

    def _only(self) -> WorkLine | None:
        chosen = self.chosen
        if len(chosen) != 1:
            self._banner.tell("Choose one line of the table first." if chosen else NONE_CHOSEN)
            return None
        return chosen[0]

    # showing

    def _narrow(self) -> None:
        self._filter.narrow(self.whose.currentText(), self.state.currentText())
        self._tell_count()
        self._show_choices()

    def _tell_count(self) -> None:
        shown, all_ = self._filter.rowCount(), len(self._sight.lines)
        done = sum(line.done for line in self._sight.lines)
        self._count.setText(f"{shown} of {all_} shown, {done} done" if all_ else EMPTY)

    def _show_choices(self) -> None:
        for each in self._of_work:
            each.setEnabled(bool(self.chosen))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        event.accept()


class HistoryList(QDialog):
    """Each move of one piece of work, the oldest first."""

    def __init__(self, title: str, told: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("History of the work")
        self.resize(680, 360)
        listed = QListWidget()
        listed.setAccessibleName("Moves, the oldest first")
        listed.addItems(list(told))
        close = button("Close", "stop")
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label(title, "title"), listed, row(close)):
            layout.addWidget(widget)
