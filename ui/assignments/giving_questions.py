"""Asks which question sets are given to whom to judge; says what would come of it before they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
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
from ui.widgets.own_project import named_here
from ui.widgets.parts import button, label, row
from woz.base.errors import WozError
from woz.dataset.review.sharing import Draw
from woz.lab.session_names import told_apart
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import SessionId
from woz.model.review import ReviewTask

STAGES = {"Words": ReviewTask.TEXT, "Clip": ReviewTask.GROUNDING}
_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which question sets, and among whom."""

    people: tuple[Annotator, ...]
    session_ids: tuple[SessionId, ...]
    task: ReviewTask
    draw: Draw


Tell = Callable[[Wanted], list[str]]
"""Does it, and says what came of it, a line each. Raises WozError where it may not be."""


class GiveQuestionsDialog(QDialog):
    """`plan` says what would come of it, `give` gives them, `take_back` takes back what isn't judged yet. It stays
    open, and says what was done.
    """

    def __init__(
        self, sight: Sight, plan: Tell, give: Tell, take_back: Tell, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Give question sets to judge")
        fit(self, 900, 620)
        self._people = [each for each in sight.people if AnnotatorRole.ANNOTATOR in each.roles]
        titles = told_apart(dict(sight.sessions))
        self.whose = _ticks("Who gets them", [(each.id, each.pseudonym) for each in self._people], False)
        self.sessions = _ticks("Sessions", [(each, titles.get(each, each)) for each, _ in sight.sessions], True)
        self.stage, self.share, self.seed = QComboBox(), QDoubleSpinBox(), QSpinBox()
        self.told = QListWidget()
        self.told.setAccessibleName("What comes of it")
        self.told.setWordWrap(True)
        self.try_it, self.go = button("See what would come", "check"), button("Give them", "forward", "primary")
        self.back = button("Take back what isn't judged", "undo")
        self._fill()
        self._build()
        steady(self)
        for made, do in ((self.try_it, plan), (self.go, give), (self.back, take_back)):
            made.clicked.connect(lambda _=False, do=do: self._do(do))
        for listed in (self.whose, self.sessions):
            listed.itemChanged.connect(lambda _: self._judge())
        self._judge()

    @property
    def wanted(self) -> Wanted:
        people, sessions = _ticked(self.whose), _ticked(self.sessions)
        return Wanted(
            tuple(each for each in self._people if each.id in people),
            tuple(map(SessionId, sessions)),
            STAGES[self.stage.currentText()],
            Draw(self.share.value() / 100, self.seed.value()),
        )

    def _fill(self) -> None:
        self.stage.addItems(list(STAGES))
        self.share.setRange(0.1, 100)
        self.share.setValue(100)
        self.share.setDecimals(1)
        self.share.setSuffix(" of 100")
        self.seed.setRange(0, 1_000_000)

    def _build(self) -> None:
        form = QFormLayout()
        form.setSpacing(GRID)
        for name, field in (
            ("What is judged", self.stage),
            ("Share of the question sets", self.share),
            ("Seed: the same draws the same", self.seed),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        left, right = QVBoxLayout(), QVBoxLayout()
        for widget in (label("Who gets them", "heading"), self.whose, label("Sessions", "heading"), self.sessions):
            left.addWidget(widget)
        right.addLayout(form)
        right.addWidget(label("What comes of it", "heading"))
        right.addWidget(self.told, 1)
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
        layout.addWidget(label("Give question sets to judge", "title"))
        layout.addLayout(columns, 1)
        layout.addWidget(row(leave, self.back, self.try_it, self.go))

    def _judge(self) -> None:
        lacking = ""
        if not _ticked(self.whose):
            lacking = "Tick who is to judge them."
        elif not _ticked(self.sessions):
            lacking = "Tick the sessions whose question sets are judged."
        self._say([lacking] if lacking else [])
        for each in (self.try_it, self.go, self.back):
            each.setEnabled(not lacking)

    def _do(self, do: Tell) -> None:
        try:
            self._say(do(self.wanted))
        except WozError as error:
            self._say([f"⚠ {error}"])

    def _say(self, lines: Iterable[str]) -> None:
        self.told.clear()
        self.told.addItems([named_here(self, line) for line in lines])


def _ticks(name: str, entries: Iterable[tuple[str, str]], ticked: bool) -> QListWidget:
    """A list to tick, of what each is called; its id stands behind it."""
    made = QListWidget()
    made.setAccessibleName(name)
    for key, text in entries:
        item = QListWidgetItem(text)
        item.setData(_ID, key)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        made.addItem(item)
    return made


def _ticked(listed: QListWidget) -> list[str]:
    items = (listed.item(at) for at in range(listed.count()))
    return [str(item.data(_ID)) for item in items if item.checkState() == Qt.CheckState.Checked]
