"""What is known of one step, to be changed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from ui.theme import GRID
from ui.widgets.parts import label, row
from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step

_ID = Qt.ItemDataRole.UserRole
LINES = 56


class StepForm(QWidget):
    """`entered` carries a field and its new value, `required` a step and whether it is to be done before."""

    entered = Signal(str, object)
    required = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._name, self._tools, self._description = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self._optional, self._repeatable = QCheckBox("Optional"), QCheckBox("Repeatable")
        self._optional.setToolTip("The procedure is complete without it.")
        self._repeatable.setToolTip("It may be done again.")
        self._before = QListWidget()
        self._global = label("", "muted", wrap=True)
        self._build()
        self._name.textEdited.connect(lambda text: self.entered.emit("name", text))
        self._tools.textEdited.connect(lambda text: self.entered.emit("tools", tools_of(text)))
        self._description.textChanged.connect(self._describe)
        self._optional.toggled.connect(lambda on: self.entered.emit("optional", on))
        self._repeatable.toggled.connect(lambda on: self.entered.emit("repeatable", on))
        self._before.itemChanged.connect(self._tick)
        self._step: Step | None = None
        self._listed: StepId | None = None

    def show_step(self, procedure: Procedure, step: Step | None) -> None:
        """Its fields; where somebody is typing the same, the field is left alone."""
        self.blockSignals(True)
        self._step = step
        self.setEnabled(step is not None)
        _write(self._name, step.name if step else "")
        if step is None or tools_of(self._tools.text()) != step.tools:
            _write(self._tools, ", ".join(step.tools) if step else "")
        if self._description.toPlainText() != (step.description if step else ""):
            self._description.setPlainText(step.description if step else "")
        self._optional.setChecked(bool(step and step.optional))
        self._repeatable.setChecked(bool(step and step.repeatable))
        self._global.setText(f"Known to its taxonomy as {step.global_id}" if step and step.global_id else "")
        self._global.setVisible(bool(self._global.text()))
        self._show_before(procedure, step)
        self.blockSignals(False)

    def begin_typing(self) -> None:
        """In the name, all of which the first letter replaces."""
        self._name.setFocus()
        self._name.selectAll()

    def _show_before(self, procedure: Procedure, step: Step | None) -> None:
        same = bool(step and step.id == self._listed)
        at, scrolled = self._before.currentRow(), self._before.verticalScrollBar().value()
        self._listed = step.id if step else None
        self._before.blockSignals(True)
        self._before.clear()
        for depth, other in procedure.walk() if step else ():
            if step and other.id not in _wholes(procedure, step):
                item = QListWidgetItem(f"{'    ' * depth}{other.name}")
                item.setData(_ID, str(other.id))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                ticked = other.id in step.prerequisites
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
                self._before.addItem(item)
        if same:
            self._before.setCurrentRow(at)
            self._before.verticalScrollBar().setValue(scrolled)
        elif first := next((i for i in _items(self._before) if i.checkState() == Qt.CheckState.Checked), None):
            self._before.scrollToItem(first, QListWidget.ScrollHint.PositionAtTop)
        self._before.blockSignals(False)

    def _describe(self) -> None:
        text = self._description.toPlainText()
        if self._step and text != self._step.description:
            self.entered.emit("description", text)

    def _tick(self, item: QListWidgetItem) -> None:
        self.required.emit(item.data(_ID), item.checkState() == Qt.CheckState.Checked)

    def _build(self) -> None:
        self._tools.setPlaceholderText("whisk, bowl: commas between them")
        self._description.setPlaceholderText("How it is done, and when it is done well")
        self._description.setTabChangesFocus(True)
        self._description.setMinimumHeight(LINES)
        self._description.setMaximumHeight(2 * LINES)
        self._before.setMinimumHeight(LINES + LINES // 2)
        self._before.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        form.setHorizontalSpacing(2 * GRID)
        for name, field in (("Name", self._name), ("Description", self._description), ("Tools", self._tools)):
            field.setAccessibleName(name)
            leave_undo_to_the_window(field)
            form.addRow(name, field)
        form.addRow("", row(self._optional, self._repeatable))
        form.addRow("", self._global)
        self._before.setAccessibleName("Must be done before")
        form.addRow("Must be\ndone before", self._before)


class _NoUndo(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return True
        return False


def leave_undo_to_the_window(field: QWidget) -> None:
    """Ctrl+Z in a field takes back what the window would, which knows what was typed."""
    field.installEventFilter(_NoUndo(field))


def tools_of(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _items(of: QListWidget) -> Iterator[QListWidgetItem]:
    return (of.item(i) for i in range(of.count()))


def _write(field: QLineEdit, text: str) -> None:
    if field.text() != text:
        field.setText(text)


def _wholes(procedure: Procedure, step: Step) -> set[StepId]:
    """The step itself and all that it is a part of: it can't require these."""
    return set(_ways(procedure, step))


def _ways(procedure: Procedure, step: Step) -> Iterator[StepId]:
    at: Step | None = step
    while at is not None:
        yield at.id
        at = procedure.step(at.parent_id) if at.parent_id else None
