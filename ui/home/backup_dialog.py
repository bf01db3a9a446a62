"""Asks where a copy of the project goes, and whether the recordings go too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QPushButton, QRadioButton, QVBoxLayout, QWidget

from ui.home.path_field import PathField
from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import button, label, row


class BackupDialog(QDialog):
    """Accepted with the `arguments` of the command that backs up."""

    def __init__(self, project: str, running: Sequence[str], parent: QWidget | None = None) -> None:
        """`running`: the titles of sessions that are being recorded, whose recordings are left out."""
        super().__init__(parent)
        self._project = project
        self.setWindowTitle("Back up")
        self.resize(600, 0)
        grow_with_words(self)
        self._folder = PathField("Folder for the copy", hint="best on another disk")
        self._folder.changed.connect(self._judge)
        self._both = QRadioButton("Database and recordings")
        self._alone = QRadioButton("Database alone: people, consents, transcripts, annotations")
        self._both.setChecked(True)
        self._begin, leaving = button("Back up", "copy", "primary"), QPushButton("Cancel")
        self._begin.setDefault(True)
        self._begin.clicked.connect(self.accept)
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Back up", "title"))
        layout.addWidget(label("A copy that is read back whole, and is a project itself.", "muted", wrap=True))
        for widget in (self._folder, self._both, self._alone):
            layout.addWidget(widget)
        if running:
            left = f"⚠ {', '.join(running)}: being recorded at this moment; its files are left out of the copy."
            layout.addWidget(label(left, "warning", wrap=True))
        layout.addWidget(row(leaving, self._begin))
        self._judge()

    @property
    def arguments(self) -> list[str]:
        """Of the command line, from `backup` on."""
        media = ["--media"] if self._both.isChecked() else []
        return ["backup", self._project, str(self._folder.path), *media]

    def _judge(self) -> None:
        self._begin.setEnabled(bool(self._folder.text))
