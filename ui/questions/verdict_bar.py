"""What can be decided, with its keys; a doubt, a comment, and the way back."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.questions.words import KEYS, NAMES
from ui.theme import GRID
from ui.widgets.parts import label, panel, row
from ui.widgets.push import Push
from woz.model.review import VERDICTS, Decision, ReviewTask, Verdict


class Remark(NamedTuple):
    """What goes with a decision."""

    doubt: bool = False
    comment: str = ""


NO_REMARK = Remark()


class CommentField(QLineEdit):
    """Enter and Escape leave it; what is written goes with the decision."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.returnPressed.emit()


class VerdictBar(QWidget):
    decided = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked = label("", "heading", wrap=True)
        self.mine = label("", "muted", wrap=True)
        self.hint = label("", "muted", wrap=True)
        self.doubt = QCheckBox("In doubt (U)")
        self.doubt.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.comment = CommentField()
        self.comment.setPlaceholderText("Comment (C)")
        self.comment.setAccessibleName("Comment")
        self._choices = QHBoxLayout()
        self._choices.setSpacing(GRID)
        self._buttons: dict[Verdict, QPushButton] = {}
        holder = QWidget()
        holder.setLayout(self._choices)
        self._choices.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(self.asked, holder, row(self.doubt, self.comment), self.hint, self.mine))

    def show_task(self, task: ReviewTask, asked: str) -> None:
        self.asked.setText(asked)
        for each in self._buttons.values():
            self._choices.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._buttons = {}
        for verdict in VERDICTS[task]:
            name = "Revise" if verdict == Verdict.REVISE else NAMES[verdict]
            made = Push(f"{name} ({KEYS[verdict]})")
            made.setAccessibleName(name)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, verdict=verdict: self.decided.emit(verdict))
            self._choices.addWidget(made)
            self._buttons[verdict] = made

    @property
    def remark(self) -> Remark:
        return Remark(self.doubt.isChecked(), self.comment.text().strip())

    def show_mine(self, mine: Decision | None, said: str, begun: Remark = NO_REMARK) -> None:
        """This person's own decision, where they made one, and what may be said now that they have; else what they
        had begun to remark.
        """
        for verdict, each in self._buttons.items():
            each.setChecked(mine is not None and mine.verdict == verdict)
        remark = Remark(mine.doubt, mine.comment) if mine else begun
        self.doubt.setChecked(remark.doubt)
        self.comment.setText(remark.comment)
        self.mine.setText(said)
        self.mine.setVisible(bool(said))
