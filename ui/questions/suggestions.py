"""Wrong answers suggested to who writes them: found beside the window, shown with their wells and flags, by key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import label, panel
from woz.annotation.writing import Background, Executor
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.dataset.distractors.suggesting import Suggestion
from woz.lab.suggesting import Suggested, Suggester
from woz.model.ids import QuestionId
from woz.model.question import Question

KEYS = "1234567890"
LOOKING = "Looking for more …"
NONE = "No well gives anything for this question set."


class Suggesting(QObject):
    """`found` gives a question set's id with what is suggested so far, on the window's thread; more may follow."""

    found = Signal(str, object)
    _called = Signal(object)

    def __init__(self, suggester: Suggester, executor: Executor | None = None) -> None:
        super().__init__()
        self._suggester = suggester
        self._called.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor()
        self._executor = executor
        self._latest = QuestionId("")

    def want(self, question: Question) -> None:
        """Look for what can be suggested; what was wanted before and isn't begun yet is passed over."""
        self._executor = self._executor or Background(self._supervisor, self._post)
        self._latest = question.id
        self._executor.submit(
            lambda: self._look(question),
            lambda _: None,
            lambda fault: self._failed(question.id, fault),
        )

    def close(self) -> None:
        if self._executor is not None:
            self._executor.close()

    def _look(self, question: Question) -> None:
        for each in self._suggester.suggest(question):
            self._post(lambda each=each: self.found.emit(question.id, each))  # type: ignore[misc]
            if self._latest != question.id:
                return

    def _failed(self, question_id: QuestionId, fault: WozError) -> None:
        self.found.emit(question_id, Suggested(notes=(str(fault),), whole=True))

    def _post(self, call: Callable[[], None]) -> None:
        self._called.emit(call)


class SuggestionsPanel(QWidget):
    """A line for each: its key, the text, where it is from, and what speaks against it."""

    def __init__(self) -> None:
        super().__init__()
        self.suggested = Suggested()
        self._shown: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_suggested(self, suggested: Suggested) -> None:
        self.suggested = suggested
        if self._shown is not None:
            self._layout.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = _made(suggested)
        self._layout.addWidget(self._shown)
        self.show()

    def of_key(self, number: int) -> Suggestion | None:
        """`number` counts from 0."""
        found = self.suggested.suggestions
        return found[number] if self.isVisible() and number < len(found) else None


def _made(suggested: Suggested) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID)
    for column, share in ((1, 3), (2, 2)):
        grid.setColumnStretch(column, share)
    for row, (key, each) in enumerate(zip(KEYS, suggested.suggestions, strict=False)):
        grid.addWidget(label(f"Alt+{key}", "muted"), row * 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(each.text, wrap=True), row * 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(each.well, "muted", wrap=True), row * 2, 2, Qt.AlignmentFlag.AlignTop)
        if each.flags:
            grid.addWidget(label(" ".join(each.flags), "warning", wrap=True), row * 2 + 1, 1, 1, 2)
    holder = QWidget()
    holder.setLayout(grid)
    parts = [label("Suggested wrong answers", "heading"), holder]
    parts += [label(note, "muted", wrap=True) for note in suggested.notes]
    if not suggested.whole:
        parts.append(label(LOOKING, "muted"))
    elif not suggested.suggestions:
        parts.append(label(NONE, "muted", wrap=True))
    return panel(*parts)
