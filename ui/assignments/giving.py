"""Asks what work is given to whom; says of each session what would come of it before it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.assignments.desk import Sight
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from woz.annotation.windows import window_words, windows_of
from woz.base.errors import WozError
from woz.base.interval import nanoseconds
from woz.lab.assigning import Answered, Draw, Order
from woz.lab.session_names import told_apart
from woz.model.annotator import Annotator, BlindTo
from woz.model.assignment import Part
from woz.model.ids import SessionId

Give = Callable[[Sequence[SessionId], Order, bool], list[Answered]]
WHOLE, BY_HAND, DRAWN = "The whole session", "Windows by hand", "A share, drawn"
USUAL, NOTHING = "As is usual for the part", "To nothing"
BLIND = {
    USUAL: None,
    "To other people's work": BlindTo.PEOPLE,
    "To machines' drafts": BlindTo.MACHINES,
    "To both": BlindTo.BOTH,
    NOTHING: None,
}
_ID = Qt.ItemDataRole.UserRole


class GiveDialog(QDialog):
    """`give` tries an order, or carries it out. Accepted once work was given; `answers` say what came of it."""

    def __init__(
        self,
        sight: Sight,
        giver: Annotator,
        give: Give,
        chosen: Sequence[SessionId] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Give work")
        fit(self, 900, 620)
        self._sight, self._giver, self._give = sight, giver, give
        self.answers: list[Answered] = []
        self.sessions = self._session_list(set(chosen))
        self.whose, self.part, self.tier_type = QComboBox(), QComboBox(), QComboBox()
        self.where, self.blind = QComboBox(), QComboBox()
        self.windows = QLineEdit()
        self.windows.setPlaceholderText("in seconds, as 60-180, 400-520")
        self.share, self.seed, self.length = QDoubleSpinBox(), QSpinBox(), QSpinBox()
        self._told = QListWidget()
        self._told.setAccessibleName("What would come of it")
        self._said = label("", "muted", wrap=True)
        self.try_it, self.go = button("See what would come", "check"), button("Give it", "forward", "primary")
        self._fill()
        self._build()
        steady(self)
        self._connect()

    def _session_list(self, chosen: set[SessionId]) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("Sessions")
        for session_id, title in self._sight.sessions:
            item = QListWidgetItem(f"{title}  ({session_id})")
            item.setData(_ID, session_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if session_id in chosen else Qt.CheckState.Unchecked)
            made.addItem(item)
        return made

    def _fill(self) -> None:
        self.whose.addItems([each.pseudonym for each in self._sight.people])
        self.part.addItems([str(part) for part in Part])
        self.tier_type.addItems(self._sight.tier_types)
        self.where.addItems([WHOLE, BY_HAND, DRAWN])
        self.blind.addItems(list(BLIND))
        self.share.setRange(1, 100)
        self.share.setValue(25)
        self.share.setDecimals(1)
        self.share.setSuffix(" of 100")
        self.seed.setRange(0, 1_000_000)
        self.length.setRange(1, 36_000)
        self.length.setValue(120)
        self.length.setSuffix(" s")

    def _build(self) -> None:
        form = QFormLayout()
        form.setSpacing(GRID)
        for name, field in (
            ("Who gets it", self.whose),
            ("As", self.part),
            ("Tier type", self.tier_type),
            ("Where", self.where),
            ("Windows", self.windows),
            ("Share of each session", self.share),
            ("Seed: the same draws the same", self.seed),
            ("A window is about", self.length),
            ("Blind meanwhile", self.blind),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        self._form = form
        every = button("All", "check")
        every.clicked.connect(lambda: self._tick_all())
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, widgets in ((left, (label("Sessions", "heading"), self.sessions, row(every))),):
            for widget in widgets:
                column.addWidget(widget)
        right.addLayout(form)
        right.addWidget(label("What would come of it", "heading"))
        right.addWidget(self._told, 1)
        columns = QHBoxLayout()
        columns.setSpacing(GRID * 3)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        leave = button("Close", "stop")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self.go.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Give work", "title"))
        layout.addLayout(columns, 1)
        layout.addWidget(self._said)
        layout.addWidget(row(leave, self.try_it, self.go))

    def _connect(self) -> None:
        self.where.currentTextChanged.connect(self._show_where)
        self.try_it.clicked.connect(lambda: self._do(dry_run=True))
        self.go.clicked.connect(lambda: self._do(dry_run=False))
        self.sessions.itemChanged.connect(lambda _: self._judge())
        self._show_where(WHOLE)
        self._judge()

    def _tick_all(self) -> None:
        items = [self.sessions.item(at) for at in range(self.sessions.count())]
        ticked = all(item.checkState() == Qt.CheckState.Checked for item in items)
        for item in items:
            item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)

    def _show_where(self, where: str) -> None:
        for field, kind in (
            (self.windows, BY_HAND),
            (self.share, DRAWN),
            (self.seed, DRAWN),
            (self.length, DRAWN),
        ):
            self._form.setRowVisible(field, where == kind)

    @property
    def chosen(self) -> list[SessionId]:
        items = (self.sessions.item(at) for at in range(self.sessions.count()))
        return [SessionId(item.data(_ID)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _judge(self) -> None:
        lacking = ""
        if not self._sight.tier_types:
            lacking = (
                "This project has no scheme yet, so there is nothing to annotate; woz scheme import takes one in."
            )
        elif not self.chosen:
            lacking = "Tick the sessions in which the work is."
        self._say(lacking)
        for each in (self.try_it, self.go):
            each.setEnabled(not lacking)

    def order(self) -> Order:
        """Raises WozError for windows that are none."""
        whose = next(each for each in self._sight.people if each.pseudonym == self.whose.currentText())
        where = self.where.currentText()
        windows = windows_of([part.strip() for part in self.windows.text().split(",") if part.strip()])
        if where == BY_HAND and not windows:
            raise WozError("Write the windows in seconds, with commas between them, as 60-180, 400-520.")
        draw = Draw(self.share.value() / 100, self.seed.value(), nanoseconds(self.length.value()))
        blind = self.blind.currentText()
        return Order(
            self.tier_type.currentText(),
            whose,
            self._giver,
            Part(self.part.currentText()),
            windows if where == BY_HAND else (),
            draw if where == DRAWN else None,
            BLIND[blind],
            see_all=blind == NOTHING,
        )

    def _do(self, dry_run: bool) -> None:
        try:
            answers = self._give(self.chosen, self.order(), dry_run)
        except WozError as error:
            self._say(str(error))
            return
        self._show(answers, dry_run)
        if not dry_run and any(each.assignment for each in answers):
            self.answers = answers
            self.accept()

    def _show(self, answers: Sequence[Answered], dry_run: bool) -> None:
        titles = told_apart(dict(self._sight.sessions))
        self._told.clear()
        for each in answers:
            what = f"assigned, {window_words(each.assignment.windows)}" if each.assignment else f"⚠ {each.refused}"
            self._told.addItem(f"{titles.get(each.session_id, each.session_id)}: {what}")
        refused = sum(not each.assignment for each in answers)
        given = len(answers) - refused
        verb = "would be given" if dry_run else "given"
        self._say(f"{given} {verb}, {refused} refused." if refused else f"{given} {verb}.")

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setAccessibleName(text)
