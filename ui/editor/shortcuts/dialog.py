"""The window in which a person gives actions other keys, or their first ones, and has a page made of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.editor.keys import Entry, Keys
from ui.editor.shortcuts.page import Labels, page, save_page
from ui.editor.shortcuts.prompt import KeyPrompt
from ui.theme import GRID
from ui.widgets.parts import button, label, row
from ui.widgets.questions import sure
from woz.base.errors import WozError

ROLE = Qt.ItemDataRole.UserRole
HELP = "Enter: another key. Insert: one more. Delete: back to the first. Letters above find an action or a key."
FILES = "PDF (*.pdf);;Web page (*.html)"


class ShortcutsDialog(QDialog):
    """All actions of the editor with their keys."""

    def __init__(self, keys: Keys, labels: Labels, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._labels = keys, labels
        self.setWindowTitle("Change the shortcuts")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find an action or a key")
        self.search.setAccessibleName("Find an action or a key")
        self.search.textChanged.connect(self._show)
        self.list = _List(self)
        self.search.returnPressed.connect(self.list.setFocus)
        self._lines: list[QTreeWidgetItem] = []
        self._said = label(HELP, "muted", wrap=True)
        self.change, self.more = button("Another key…", "annotate"), button("One more key…", "new")
        self.back, self.all_back = button("Back to the first", "undo"), button("All back", "undo")
        self.save = button("Save as a page…", "export")
        close = button("Close", "check")
        for made, do in (
            (self.change, lambda: self.ask(False)),
            (self.more, lambda: self.ask(True)),
            (self.back, self.reset_one),
            (self.all_back, self._reset_all),
            (self.save, self._save),
            (close, self.accept),
        ):
            made.clicked.connect(do)
            made.setAutoDefault(False)
        self._lay_out(close)
        self._show()
        self.search.setFocus()

    def _lay_out(self, close: QPushButton) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        layout.addWidget(label("Change the shortcuts", "title"))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._said)
        layout.addWidget(row(self.change, self.more, self.back, self.all_back, self.save, close))
        self.resize(860, 640)

    @property
    def said(self) -> str:
        return self._said.text()

    @property
    def entry(self) -> Entry | None:
        item = self.list.currentItem()
        return item.data(0, ROLE) if item else None

    def choose(self, entry_id: str) -> None:
        found = [item for item in self._lines if item.data(0, ROLE).id == entry_id]
        if found:
            self.list.setCurrentItem(found[0])

    def ask(self, more: bool) -> None:
        """For another key of the chosen action, or one more."""
        entry = self._changeable()
        if entry is None:
            return
        prompt = KeyPrompt(self._keys, entry, self)
        if prompt.exec() != QDialog.DialogCode.Accepted:
            return
        losers = [each for each in self._keys.at(prompt.key, entry.places) if each is not entry]
        self._keys.change(entry, [*entry.keys, prompt.key] if more else [prompt.key])
        self._tell(entry, losers)

    def reset_one(self) -> None:
        entry = self._changeable()
        if entry:
            losers = [o for key in entry.default for o in self._keys.at(key, entry.places) if o is not entry]
            self._keys.change(entry, entry.default)
            self._tell(entry, losers)

    def _reset_all(self) -> None:
        if sure(self, "Give all actions their first keys back?", "All back", "Leave them"):
            self._keys.reset()
            self._show()
            self._say("All actions have their first keys.")

    def _tell(self, entry: Entry, losers: list[Entry]) -> None:
        bare = [each.name for each in losers if not each.keys]
        self._show()
        self.choose(entry.id)
        lost = f" Without a key now: {'; '.join(bare)}." if bare else ""
        self._say(f"{entry.name}: {entry.words}.{lost}")

    def _changeable(self) -> Entry | None:
        entry = self.entry
        if entry is None:
            self._say("Choose an action first.")
        elif entry.fixed:
            self._say("This key is fixed: a label's key is changed in its scheme, and a field takes some itself.")
            return None
        return entry

    def _show(self) -> None:
        chosen = self.entry.id if self.entry else ""
        wanted = self.search.text().lower().split()
        self.list.clear()
        self._lines = []
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in self._keys.entries:
            if not entry.listed or not all(w in f"{entry.name} {entry.words}".lower() for w in wanted):
                continue
            if entry.group not in groups:
                groups[entry.group] = _heading(self.list, entry.group)
            self._lines.append(_line(groups[entry.group], entry))
        self.list.expandAll()
        self.choose(chosen)
        if self.entry is None and self._lines:
            self.list.setCurrentItem(self._lines[0])

    def _save(self) -> None:
        path, kind = QFileDialog.getSaveFileName(self, "Save the shortcuts", "woz shortcuts.pdf", FILES)
        if not path:
            return
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(".html" if "html" in kind else ".pdf")
        try:
            save_page(target, page(self._keys.entries, self._labels))
        except WozError as error:
            self._say(str(error))
        else:
            self._say(f"Saved: {target}")

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setAccessibleName(text)


class _List(QTreeWidget):
    """Enter, Insert and Delete act on the chosen line."""

    def __init__(self, dialog: ShortcutsDialog) -> None:
        super().__init__()
        self._dialog = dialog
        self.setHeaderLabels(["Action", "Keys", "At first"])
        self.setAccessibleName("Actions and their keys")
        self.setRootIsDecorated(False)
        self.header().setStretchLastSection(False)
        self.header().setAccessibleName("Columns")
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.itemDoubleClicked.connect(lambda _: dialog.ask(False))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._dialog.ask(False)
        elif event.key() == Qt.Key.Key_Insert:
            self._dialog.ask(True)
        elif event.key() == Qt.Key.Key_Delete:
            self._dialog.reset_one()
        else:
            super().keyPressEvent(event)


def _heading(tree: QTreeWidget, name: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem(tree, [name])
    item.setFirstColumnSpanned(True)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    font = item.font(0)
    font.setBold(True)
    item.setFont(0, font)
    return item


def _line(group: QTreeWidgetItem, entry: Entry) -> QTreeWidgetItem:
    first = "" if entry.fixed or entry.keys == entry.default else " or ".join(entry.default)
    item = QTreeWidgetItem(group, [entry.name, entry.words or "none", first])
    item.setData(0, ROLE, entry)
    return item
