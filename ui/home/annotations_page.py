"""Annotations and turns from a file: which format it is, what that carries and leaves out, where they shall go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from ui.application.background import waited
from ui.home.path_field import PathField
from ui.theme import GRID
from ui.widgets.parts import label, row
from ui.widgets.there import nothing_at
from woz.formats.format import Format
from woz.formats.guessing import formats_in
from woz.formats.registry import readers
from woz.model.ids import SessionId

NEW_SESSION = "A new session, without a video"
AS_IN_FILE = "As the file says"
NO_FORMAT = "Choose the format"


@dataclass(frozen=True, slots=True)
class Known:
    """A session that something can be imported into."""

    id: SessionId
    title: str


class AnnotationsPage(QWidget):
    changed = Signal()

    def __init__(self, sessions: Sequence[Known], schemes: Sequence[str], chosen: SessionId | None) -> None:
        super().__init__()
        self._file = PathField("Annotations, a file or a folder", "All files (*)", "of any format that is read")
        self._file.changed.connect(self._guess)
        folder = QPushButton("Folder …")
        folder.setAutoDefault(False)
        folder.setAccessibleName("Choose a folder of annotations")
        folder.clicked.connect(self._choose_folder)
        self._format = self._box("Format", [(NO_FORMAT, ""), *_named_formats()])
        self._told = label("", "muted", wrap=True)
        self._told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._session = self._box(
            "The session that they are of",
            [(NEW_SESSION, ""), *((f"{each.title}  ({each.id})", str(each.id)) for each in sessions)],
        )
        self._session.setCurrentIndex(max(0, self._session.findData(str(chosen or ""))))
        self._scheme = self._box("Scheme for tiers and labels", [(AS_IN_FILE, ""), *((s, s) for s in schemes)])
        self._key = self._line("One of several sessions in the file", "its name there, where it holds several")
        self._language = self._line("Language of what is said", "of what is said, such as en")
        self._rate = QDoubleSpinBox()
        self._rate.setRange(0, 1000)
        self._rate.setDecimals(3)
        self._rate.setSpecialValueText("as the file says")
        self._rate.setAccessibleName("Frames a second")
        form = QFormLayout(self)
        form.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        form.setSpacing(GRID)
        form.addRow("File", row(self._file, folder))
        form.addRow("Format", self._format)
        form.addRow("", self._told)
        form.addRow("Session", self._session)
        form.addRow("Scheme", self._scheme)
        form.addRow("Only the session", self._key)
        form.addRow("Language", self._language)
        form.addRow("Frames a second", self._rate)
        self._show_format()

    def _box(self, name: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(24)
        for text, value in entries:
            made.addItem(text, value)
        made.currentIndexChanged.connect(self._show_format)
        return made

    def _line(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        return made

    def arguments(self, project: str) -> list[str]:
        """Of the command line, from `import` on."""
        given = {
            "--format": self._format.currentData(),
            "--session": self._session.currentData(),
            "--scheme": self._scheme.currentData(),
            "--key": self._key.text().strip(),
            "--language": self._language.text().strip(),
            "--frame-rate": f"{self._rate.value():g}" if self._rate.value() else "",
        }
        options = [f"{option}={value}" for option, value in given.items() if value]
        return ["import", "annotations", project, str(self._file.path), *options]

    @property
    def fault(self) -> str:
        """What is still missing or wrong; empty where the import can begin."""
        if not self._file.text:
            return "Choose the file."
        if why := nothing_at(self._file.path):
            return why
        return "" if self._format.currentData() else "Choose the format; the file's ending doesn't tell it."

    def show_path(self, path: Path) -> None:
        self._file.show_path(str(path))

    def choose_format(self, name: str) -> None:
        self._format.setCurrentIndex(max(0, self._format.findData(name)))

    def _choose_folder(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "A folder of annotations", self._file.text):
            self.show_path(Path(chosen))

    def _guess(self) -> None:
        """The format that the ending and the beginning tell; of several the one that is chosen stays."""
        path = self._file.path
        found = waited(lambda: formats_in(path)) if self._file.text else ()
        if self._format.currentData() not in found:
            self.choose_format(found[0] if len(found) == 1 else "")
        self._show_format()

    def _show_format(self) -> None:
        chosen = readers().get(self._format.currentData() or "")
        self._told.setText(_words(chosen) if chosen else "")
        self._told.setVisible(chosen is not None)
        self.changed.emit()


def _named_formats() -> list[tuple[str, str]]:
    return sorted((capital(each.title), name) for name, each in readers().items())


def _words(chosen: Format) -> str:
    left_out = f" Not in it: {', '.join(chosen.loses)}." if chosen.loses else ""
    return f"It carries {', '.join(chosen.carries)}.{left_out}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
