"""The window of work over all sessions: what, with which parameters, where; how far it is, and the time left."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from ui.widgets.running import Running
from woz.batch.registry import KINDS, kind_named

WIDTH, HEIGHT = 660, 700
MOST_FORM = 250
"""Pixels; longer ones are scrolled."""
WHERE = "batch/where"


class BatchDialog(QDialog):
    """Runs `woz batch go` in a process of its own; closing the window cancels it, and what was done is kept."""

    def __init__(self, project: str, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Work over all sessions")
        self._project, self._settings = project, settings
        self._fields: dict[str, QLineEdit] = {}
        self._build()
        self._show_parameters()
        steady(self)
        self._kind.setFocus()
        fit(self, WIDTH, HEIGHT)

    def _build(self) -> None:
        self._kind = QComboBox()
        self._kind.setAccessibleName("What is done")
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name in KINDS:
            self._kind.addItem(f"{name}: {kind_named(name).says}", name)
        self._kind.currentIndexChanged.connect(self._show_parameters)
        self._where = QLineEdit(str(self._settings.value(WHERE, "")))
        self._where.setAccessibleName("Where")
        self._where.setPlaceholderText("this computer; or tcp://HOST:PORT, slurm, slurm:PROFILE")
        self._choices = QWidget()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setWidget(self._choices)
        self._form = QFormLayout(self._choices)
        self._form.setContentsMargins(0, 0, GRID, 0)
        self._form.setVerticalSpacing(GRID)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow("What", self._kind)
        self._form.addRow("Where", self._where)
        self.running = Running("Done", "⚠ Not all of it is done; the last lines say why. What is done is kept.")
        self.running.ended.connect(self._show_end)
        self._start, self._close = button("Start", "play", "primary"), button("Close", "stop")
        self._start.clicked.connect(self.start)
        self._close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        title = label("Work over all sessions", "title")
        for widget in (title, self._area, self.running, row(self._close, self._start)):
            layout.addWidget(widget)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        given = {name: field.text().strip() for name, field in self._fields.items()}
        settings = [word for name, text in given.items() if text for word in ("--set", f"{name}={text}")]
        where = self._where.text().strip()
        chosen = str(self._kind.currentData())
        return ["batch", "go", chosen, self._project, *settings, *(["--on", where] if where else [])]

    def choose(self, kind: str) -> None:
        self._kind.setCurrentIndex(self._kind.findData(kind))

    def _show_parameters(self) -> None:
        """What is left empty is as it stands in grey."""
        for field in self._fields.values():
            self._form.removeRow(field)
        self._fields = {}
        kind = kind_named(str(self._kind.currentData()))
        for one in fields(kind.parameters):
            field = QLineEdit()
            field.setAccessibleName(one.name)
            field.setPlaceholderText(str(one.default))
            self._form.addRow(one.name.replace("_", " ").capitalize(), field)
            self._fields[one.name] = field
        self._area.setFixedHeight(min(MOST_FORM, self._form.sizeHint().height()))

    def start(self) -> None:
        self._settings.setValue(WHERE, self._where.text().strip())
        self._choices.setEnabled(False)
        self._start.setEnabled(False)
        self._close.setText("Cancel")
        self._close.setFocus()
        self.running.begin("Planning", self.arguments)

    def reject(self) -> None:
        """Cancel what runs; its end closes nothing, so that what came of it can be read."""
        if self.running.cancel():
            self._close.setEnabled(False)
        else:
            super().reject()

    def _show_end(self) -> None:
        self._choices.setEnabled(True)
        self._start.setEnabled(True)
        self._close.setEnabled(True)
        self._close.setText("Close")
        self._close.setFocus()
