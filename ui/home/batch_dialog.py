"""The window of work over all sessions: what, with which parameters, where; how far it is, and the time left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QScrollArea, QWidget

from ui.home.working_dialog import WorkingDialog
from ui.theme import GRID
from ui.widgets.running import Running
from woz.batch.registry import KINDS, kind_named

WIDTH, HEIGHT = 660, 700
MOST_FORM = 250
"""Pixels; longer ones are scrolled."""
WHERE = "batch/where"
CANCELLED = "Cancelled. What is done is kept, and the next start goes on."


class BatchDialog(WorkingDialog):
    """Runs `woz batch go`."""

    first_words = "Planning"

    def __init__(
        self, project: str, settings: QSettings, parent: QWidget | None = None, selected: Sequence[str] = ()
    ) -> None:
        """Of several sessions that are `selected` it asks whether these alone are meant."""
        failed = "⚠ Not all of it is done; the last lines say why. What is done is kept."
        super().__init__("Work over all sessions", "Start", Running("Done", failed, CANCELLED), parent)
        self._project, self._settings = project, settings
        self._selected = tuple(selected) if len(selected) > 1 else ()
        self._fields: dict[str, QLineEdit] = {}
        self._build()
        self._show_parameters()
        self.lay_out(self._area, WIDTH, HEIGHT)
        self._kind.setFocus()

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
        self._of = QComboBox()
        self._of.setAccessibleName("Sessions")
        if self._selected:
            self._of.addItem(f"the {len(self._selected)} that are selected", True)
        self._of.addItem("all", False)
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
        if self._selected:
            self._form.addRow("Sessions", self._of)

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        given = {name: field.text().strip() for name, field in self._fields.items()}
        settings = [word for name, text in given.items() if text for word in ("--set", f"{name}={text}")]
        where = self._where.text().strip()
        chosen = str(self._kind.currentData())
        meant = self._selected if self._of.currentData() else ()
        sessions = [word for one in meant for word in ("--session", one)]
        return ["batch", "go", chosen, self._project, *sessions, *settings, *(["--on", where] if where else [])]

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
            for each in (field, self._form.labelForField(field)):
                each.show()  # what is not shown yet has no height
            self._fields[one.name] = field
        self._area.setFixedHeight(min(MOST_FORM, self._form.sizeHint().height()))

    def start(self) -> None:
        self._settings.setValue(WHERE, self._where.text().strip())
        super().start()
