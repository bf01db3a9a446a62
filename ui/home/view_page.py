"""A further view of a session: whose file it is, and how it is laid on the session's time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from ui.home.annotations_page import Known
from ui.home.path_field import PathField
from ui.theme import GRID
from ui.widgets.there import no_file
from woz.model.ids import SessionId

VIEWS = "Recordings (*.mp4 *.mov *.mkv *.webm *.avi *.vrs);;All files (*)"
TABLES = "Tables (*.csv);;All files (*)"
BY_SOUND, BY_OFFSET, BY_TABLE = range(3)
HOW = ("By its sound", "By the second at which it begins", "By a table of matching frames")
MOST_S = 100_000.0


class ViewPage(QWidget):
    changed = Signal()

    def __init__(self, sessions: Sequence[Known], chosen: SessionId | None) -> None:
        super().__init__()
        self._file = PathField("The camera's recording", VIEWS, "of a GoPro, a phone, other glasses")
        self._session, self._how = QComboBox(), QComboBox()
        for each in sessions:
            self._session.addItem(f"{each.title}  ({each.id})", str(each.id))
        self._session.setCurrentIndex(max(0, self._session.findData(str(chosen or ""))))
        self._name = QLineEdit()
        self._name.setPlaceholderText("cam01; the file's name where it is left out")
        self._how.addItems(HOW)
        self._offset = QDoubleSpinBox()
        self._offset.setRange(-MOST_S, MOST_S)
        self._offset.setDecimals(3)
        self._offset.setSuffix(" s")
        self._table = PathField(
            "The table", TABLES, "timesync.csv: frame numbers of the camera, times of the glasses"
        )
        self._build()
        for signal in (self._file.changed, self._table.changed, self._name.textChanged):
            signal.connect(self.changed)
        self._how.currentIndexChanged.connect(self._show_how)
        self._show_how()

    @property
    def fault(self) -> str:
        """What is still missing; empty where the import can begin."""
        if not self._file.text:
            return "Choose the file."
        lacks = [no_file(field.path) for field in (self._file, self._table) if field.isVisibleTo(self)]
        if self._how.currentIndex() == BY_TABLE and not self._table.text:
            return "Choose the table."
        return next(filter(None, lacks), "")

    def arguments(self, project: str) -> list[str]:
        """Of the command line, from `import` on."""
        given = ["--session", str(self._session.currentData())]
        if name := self._name.text().strip():
            given.append(f"--name={name}")
        how = self._how.currentIndex()
        if how == BY_OFFSET:
            given.append(f"--offset={self._offset.value():g}")
        if how == BY_TABLE:
            given += ["--table", str(self._table.path)]
        return ["import", "view", project, str(self._file.path), *given]

    def _show_how(self) -> None:
        how = self._how.currentIndex()
        self._form.setRowVisible(self._offset, how == BY_OFFSET)
        self._form.setRowVisible(self._table, how == BY_TABLE)
        self.changed.emit()

    def _build(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        self._form.setSpacing(GRID)
        for name, said, field in (
            ("File", "", self._file),
            ("Session", "The session that it is a view of", self._session),
            ("Camera", "Name of the camera", self._name),
            ("Laid", "How it is laid on the session's time", self._how),
            ("Begins at", "The second of the session at which it begins", self._offset),
            ("Table", "", self._table),
        ):
            if said:
                field.setAccessibleName(said)
            self._form.addRow(name, field)
