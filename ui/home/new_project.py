"""Asks for a new project's name and place, and says what is wrong with them before anything is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QFormLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import button, label, row

FORBIDDEN = set('/\\:*?"<>|')


class NewProjectDialog(QDialog):
    """Accepted with a `path` that is new, or an empty folder; nothing is made here."""

    def __init__(self, place: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.resize(560, 0)
        grow_with_words(self)
        self._name, self._place = QLineEdit(), QLineEdit(str(place))
        self._name.setPlaceholderText("Kitchen study")
        self._name.setAccessibleName("Name of the project")
        self._place.setAccessibleName("Folder in which the project is made")
        self._said = label("", "muted", wrap=True)
        self._said.setAccessibleName("Where the project will be")
        self._make = button("Make the project", "new", "primary")
        self._build()
        for field in (self._name, self._place):
            field.textChanged.connect(self._judge)
        self._judge()

    @property
    def path(self) -> Path:
        return Path(self._place.text().strip()).expanduser() / self._name.text().strip()

    def _build(self) -> None:
        looking = QPushButton("Choose …")
        looking.setAutoDefault(False)
        looking.clicked.connect(self._choose)
        leaving = QPushButton("Cancel")
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        self._make.setDefault(True)
        self._make.clicked.connect(self.accept)
        form = QFormLayout()
        form.setSpacing(GRID)
        form.addRow("Name", self._name)
        form.addRow("Place", row(self._place, looking))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("New project", "title"))
        layout.addWidget(label("A folder where sessions, people and annotations are kept.", "muted", wrap=True))
        layout.addLayout(form)
        layout.addWidget(self._said)
        layout.addWidget(row(leaving, self._make))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, "The folder in which the project is made", self._place.text()
        )
        if folder:
            self._place.setText(str(Path(folder)))

    def _judge(self) -> None:
        fault = fault_of(self._name.text(), self._place.text())
        self._said.setText(fault or f"It will be made in {self.path}")
        self._make.setEnabled(not fault)


def fault_of(name: str, place: str) -> str:
    """Why a project can't be made under this name in this folder; empty where it can. Changes nothing."""
    name, place = name.strip(), place.strip()
    if not name:
        return "Give the project a name."
    if FORBIDDEN & set(name) or name.strip(".") == "":
        return f"A folder can't be named “{name}”; leave out / \\ : * ? \" < > |."
    if not place:
        return "Choose the folder in which the project is made."
    path = Path(place).expanduser() / name
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            return f"{path} is there already and not empty; take another name, or open it as a project."
    except OSError as error:
        return f"{path} can't be read ({error.strerror}); choose another place."
    return ""
