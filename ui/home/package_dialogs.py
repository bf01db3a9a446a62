"""Windows of packages for annotators elsewhere: made, opened, returned, taken back. Each runs its command."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from ui.home.path_field import PathField
from ui.home.working_dialog import WorkingDialog
from ui.theme import GRID
from ui.widgets.parts import label
from ui.widgets.running import Running

WIDTH, HEIGHT = 680, 660
USUAL_DAYS = 28
FAILED = "⚠ It was not done; the last lines say why."
TO_DECIDE = "⚠ Not all of it was taken; the lines say what is left to decide, or why nothing was."
KINDS = "Packages (*.woz);;All files (*)"
RETURNS = "Returned packages (*.age);;All files (*)"
ASK, RETURNED, KEEP = "Ask: list it, and take the rest", "What came back holds", "The project's own stays"


class _PackageDialog(WorkingDialog):
    """A form; a passphrase goes to the command in a file of this user's alone, which is deleted at the end."""

    def __init__(self, title: str, start: str, done: str, parent: QWidget | None, failed: str = FAILED) -> None:
        super().__init__(title, start, Running(done, failed), parent)
        self._form = QFormLayout(self._choices)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(GRID)
        self._choices.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words: Path | None = None
        self.running.ended.connect(lambda _: self._forget())

    def _line(self, name: str, hint: str = "", text: str = "") -> QLineEdit:
        field = QLineEdit(text)
        field.setPlaceholderText(hint)
        self._add(name, field)
        return field

    def _path(self, name: str, kinds: str = "", hint: str = "") -> PathField:
        field = PathField(name, kinds, hint)
        field.changed.connect(self._judge)
        self._form.addRow(name, field)
        return field

    def _choice(self, name: str, items: Sequence[str], chosen: str = "") -> QComboBox:
        field = QComboBox()
        field.addItems(items)
        field.setCurrentIndex(max(0, field.findText(chosen)))
        self._add(name, field)
        return field

    def _secret(self, name: str) -> QLineEdit:
        field = self._line(name, "twelve letters at least, as four words")
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self._judge)
        return field

    def _add(self, name: str, field: QWidget) -> None:
        field.setAccessibleName(name)
        self._form.addRow(name, field)

    def _told(self, text: str) -> QLabel:
        shown = label(text, "muted", wrap=True)
        self._form.addRow(shown)
        return shown

    @property
    def _fit(self) -> bool:
        """Whether all is given that the command needs."""
        return True

    def _judge(self) -> None:
        self._start.setEnabled(self._fit)

    def _passphrase(self, words: str) -> list[str]:
        if not words:
            return []
        self._forget()
        handle, name = tempfile.mkstemp(prefix="woz-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(words)
        self._words = Path(name)
        return ["--passphrase-file", name]

    def _forget(self) -> None:
        if self._words:
            self._words.unlink(missing_ok=True)
            self._words = None


class MakePackageDialog(_PackageDialog):
    """`sessions` are the ids of those that are selected; `people` annotate, `makers` may make one."""

    first_words = "Making the package"

    def __init__(
        self,
        project: str,
        sessions: Sequence[str],
        people: Sequence[str],
        makers: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Package for an annotator elsewhere", "Make it", "The file can be sent", parent)
        self._project, self._sessions = project, list(sessions)
        self._told(f"Sessions: {', '.join(sessions)}. Only what the annotator may see goes, as small films.")
        self._whose = self._choice("For", people)
        self._by = self._choice("Made by", makers)
        self._until = self._line("Last day", text=(date.today() + timedelta(days=USUAL_DAYS)).isoformat())  # noqa: DTZ011
        self._folder = self._path("Folder for the file")
        self._key = self._secret("Passphrase")
        self._recipient = self._line("Or their key", "age1…, as age-keygen prints it")
        self._recipient.textChanged.connect(self._judge)
        self._because = self._line("It may go because", "where somebody didn't agree to public release")
        self._views = QCheckBox("small, without sound")
        self._add("Further views", self._views)
        self._told("Tell the passphrase another way than you send the file.")
        self.lay_out(self._choices, WIDTH, HEIGHT)
        self._judge()

    @property
    def file(self) -> Path:
        return self._folder.path / f"{self._whose.currentText()}-{self._until.text().strip()}.woz"

    @property
    def arguments(self) -> list[str]:
        chosen = [word for one in self._sessions for word in ("--session", one)]
        who = [
            "--for",
            self._whose.currentText(),
            "--by",
            self._by.currentText(),
            "--until",
            self._until.text().strip(),
        ]
        recipient = self._recipient.text().strip()
        key = ["--recipient", recipient] if recipient else self._passphrase(self._key.text())
        because = ["--because", self._because.text().strip()] if self._because.text().strip() else []
        views = ["--views"] if self._views.isChecked() else []
        return ["package", "make", self._project, *who, *chosen, *key, *because, *views, "--out", str(self.file)]

    @property
    def _fit(self) -> bool:
        keys = [bool(self._key.text()), bool(self._recipient.text().strip())]
        return bool(self._folder.text) and sum(keys) == 1 and bool(self._whose.currentText())


class OpenPackageDialog(_PackageDialog):
    """`opened` carries the folder, which is a project."""

    opened = Signal(str)
    first_words = "Opening the package"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Open a package", "Open it", "It is open; annotate in it as in any project", parent)
        self._file = self._path("The file that the lab sent", KINDS)
        self._folder = self._path("Into a new folder in", hint="beside the file, where it is left empty")
        self._key = self._secret("Passphrase")
        self._identity = self._path("Or your key", "Keys of age (*.txt *.key);;All files (*)")
        self.lay_out(self._choices, WIDTH, HEIGHT)
        self.running.ended.connect(lambda status: self.opened.emit(str(self.folder)) if status == 0 else None)
        self._judge()

    @property
    def folder(self) -> Path:
        parent = self._folder.path if self._folder.text else self._file.path.parent
        return parent / self._file.path.stem

    @property
    def arguments(self) -> list[str]:
        identity = self._identity.text
        key = ["--identity", str(self._identity.path)] if identity else self._passphrase(self._key.text())
        return ["package", "open", str(self._file.path), "--into", str(self.folder), *key]

    @property
    def _fit(self) -> bool:
        return bool(self._file.text) and bool(self._key.text()) != bool(self._identity.text)


class ReturnPackageDialog(_PackageDialog):
    """For the project that is open, where it is a package."""

    first_words = "Writing what was done"

    def __init__(self, project: str, name: str, parent: QWidget | None = None) -> None:
        """`name` is that of the file, without its ending."""
        super().__init__("Return what I did", "Write the file", "The file can be sent to the lab", parent)
        self._project, self._name = project, name
        self._told("All that you did in this package goes into one file, which only the lab can read.")
        self._folder = self._path("Folder for the file")
        self.lay_out(self._choices, WIDTH, HEIGHT)
        self._judge()

    @property
    def file(self) -> Path:
        return self._folder.path / f"{self._name}.age"

    @property
    def arguments(self) -> list[str]:
        return ["package", "return", self._project, "--out", str(self.file)]

    @property
    def _fit(self) -> bool:
        return bool(self._folder.text)


class TakePackageDialog(_PackageDialog):
    """`takers` may take one. What asks is listed; then the same file is taken again with a decision."""

    first_words = "Taking the edits"

    def __init__(self, project: str, takers: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("Take a returned package", "Take it", "All of it is in the project", parent, TO_DECIDE)
        self.running.ended.connect(self._ask_on)
        self._project = project
        self._file = self._path("The file that came back", RETURNS)
        self._by = self._choice("Taken by", takers)
        self._clash = self._choice("Where both changed the same", (ASK, RETURNED, KEEP))
        self._numbers = self._line("For these edits", "numbers of the list, with spaces between; empty for all")
        self._late = self._line("It is taken late because", "only after its last day")
        self.lay_out(self._choices, WIDTH, HEIGHT)
        self._judge()

    @property
    def arguments(self) -> list[str]:
        numbers = self._numbers.text().split() or ["all"]
        flag = {RETURNED: "--returned", KEEP: "--keep"}.get(self._clash.currentText())
        late = ["--late", self._late.text().strip()] if self._late.text().strip() else []
        decided = [flag, *numbers] if flag else []
        return [
            "package",
            "take",
            self._project,
            str(self._file.path),
            "--by",
            self._by.currentText(),
            *decided,
            *late,
        ]

    @property
    def _fit(self) -> bool:
        return bool(self._file.text) and bool(self._by.currentText())

    def _ask_on(self, status: int) -> None:
        """What was listed is decided next."""
        if status:
            self._clash.setFocus()
