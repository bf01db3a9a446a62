"""Searches the words of all sessions; a hit opens the editor at its place."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ui.application.background import Background
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import action, button, clock_text, label, row
from ui.widgets.place_preview import PlacePreview
from woz.lab.search import Found, Hit, Line

Look = Callable[[str, str], Found]
"""From what was typed, and for whom, to what is found; called beside the window."""
PREVIEW_HEIGHT = 210
HEADERS = ("Session", "At", "Who or label", "Where", "Words")


class SearchDialog(QDialog):
    """`opened` carries a session's id and a time in it (ns), 0 for what has none. It stays open.

    `played` carries the hit that is to be played in the `preview`; `listed` a name, what was typed and for whom:
    all that is found becomes a work list.
    """

    opened = Signal(str, int)
    played = Signal(object)
    listed = Signal(str, str, str)

    def __init__(
        self,
        look: Look,
        annotators: Sequence[str],
        parent: QWidget | None = None,
        preview: PlacePreview | None = None,
    ) -> None:
        super().__init__(parent)
        self._preview = preview
        self.setWindowTitle("Search in all sessions")
        fit(self, 1000, 640)
        self._look, self._hits = look, tuple[Hit, ...]()
        self._asked, self._answered = ("", ""), ("", "")
        self._work, self._busy = Background(), False
        self._work.done.connect(self._show)
        self._work.failed.connect(self._fail)
        self._build(annotators)
        self._word.setFocus()

    def search(self) -> None:
        """Look for what stands in the field; of what is typed meanwhile the last is looked for next."""
        self._asked = (self._word.text(), self._for.currentText())
        if not self._busy and self._asked[0].strip():
            self._busy, (text, who) = True, self._asked
            self._answered = self._asked
            self._work.begin("search", lambda: self._look(text, who))

    def _show(self, found: Found) -> None:
        self._busy, self._hits = False, found.hits
        self._table.setRowCount(len(found.hits))
        for at, hit in enumerate(found.hits):
            time = clock_text(hit.start_ns) if hit.start_ns is not None else "–"
            where = hit.kind if hit.field in ("text", "label", "") else f"{hit.kind}, {hit.field}"
            for column, text in enumerate((hit.title, time, hit.who, where, hit.text)):
                self._table.setItem(at, column, QTableWidgetItem(text))
        self._told.setText(_told(found))
        self._table.setCurrentCell(0, 0) if found.hits else self._context.clear()
        for each in (self._export, self._list, self._play):
            each.setEnabled(bool(found.hits))
        if self._asked != self._answered:
            self.search()

    def _fail(self, why: str) -> None:
        self._busy = False
        self._hits = ()
        self._table.setRowCount(0)
        self._context.clear()
        self._told.setText(why)

    def _build(self, annotators: Sequence[str]) -> None:
        self._word, self._for = QLineEdit(), QComboBox()
        self._word.setPlaceholderText('words or parts of words; "several as one" in quotes')
        self._word.setAccessibleName("What is searched")
        self._word.setClearButtonEnabled(True)
        self._word.returnPressed.connect(self.search)
        self._for.addItems(list(annotators))
        self._for.setAccessibleName("For whom: what they are blind to isn't found")
        self._for.currentIndexChanged.connect(lambda _: self.search())
        look = button("Search", "forward", "primary")
        look.clicked.connect(self.search)
        top = row(self._word, label("for", "muted"), self._for, look) if annotators else row(self._word, look)
        self._told = label("What was said, annotated, noted and asked, in all sessions.", "muted", wrap=True)
        self._context = QTextBrowser()
        self._context.setAccessibleName("The turns around it")
        self._context.setFixedHeight(150)
        self._export = button("Save as a list", "export")
        self._export.clicked.connect(self._save)
        self._export.setEnabled(False)
        self._list, self._play = button("Make a work list", "check"), button("Play", "play")
        self._list.clicked.connect(self._ask_list)
        self._play.clicked.connect(self._ask_play)
        self._play.setVisible(self._preview is not None)
        show, close = button("Open there", "annotate"), button("Close", "stop")
        show.clicked.connect(self._open)
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        for each in (self._export, self._list):
            bottom.addWidget(each)
        bottom.addStretch(1)
        for each in (self._play, show, close):
            bottom.addWidget(each)
        for each in (look, show, close, self._export, self._list, self._play):
            each.setAutoDefault(False)
        for each in (self._list, self._play):
            each.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        for widget in (top, self._told, self._made_table(), self._below()):
            layout.addWidget(widget)
        layout.addLayout(bottom)

    def _below(self) -> QWidget:
        """The turns around a hit, and its picture."""
        if self._preview is None:
            return self._context
        self._context.setFixedHeight(PREVIEW_HEIGHT)
        self._preview.setFixedSize(PREVIEW_HEIGHT * 4 // 3, PREVIEW_HEIGHT)
        return row(self._context, self._preview)

    def _made_table(self) -> QTableWidget:
        self._table = QTableWidget(0, len(HEADERS))
        self._table.setHorizontalHeaderLabels(HEADERS)
        self._table.setAccessibleName("What was found")
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._table.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate((180, 70, 130, 120)):
            self._table.setColumnWidth(column, width)
        self._table.currentCellChanged.connect(lambda at, *_: self._show_context(at))
        self._table.doubleClicked.connect(lambda _: self._open())
        self._table.activated.connect(lambda _: self._open())
        play = action(self._table, "Play what is chosen, or stop", "Space", self._ask_play)
        play.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return self._table

    def _show_context(self, at: int) -> None:
        if 0 <= at < len(self._hits):
            self._context.setHtml(context_html(self._hits[at]))

    def _open(self) -> None:
        at = self._table.currentRow()
        if 0 <= at < len(self._hits):
            self.opened.emit(str(self._hits[at].session), self._hits[at].start_ns or 0)

    def _ask_play(self) -> None:
        at = self._table.currentRow()
        if self._preview is not None and 0 <= at < len(self._hits):
            self.played.emit(self._hits[at])

    def _ask_list(self) -> None:
        """The name is a file's, which no withdrawal finds, so that what was searched isn't proposed as one."""
        text, who = self._answered
        name, wanted = QInputDialog.getText(
            self, "Make a work list", "The places of all that is found, under this name (not what somebody said):"
        )
        if wanted and name.strip():
            self.listed.emit(name.strip(), text, who)

    def tell(self, text: str) -> None:
        self._told.setText(text)

    def done(self, result: int) -> None:
        """Nothing goes on playing."""
        if self._preview is not None:
            self._preview.close_player()
        super().done(result)

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save what was found", "hits.csv", "Tables (*.csv)")
        if name:
            try:
                write_list(Path(name), self._hits)
            except OSError as error:
                self._told.setText(f"{name} can't be written ({error.strerror}); choose another.")


def write_list(path: Path, hits: Sequence[Hit]) -> None:
    """A work list: a line a hit, with its session and its time in seconds. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("session", "title", "at_s", "kind", "id", "field", "who", "text"))
        for hit in hits:
            at = "" if hit.start_ns is None else f"{hit.start_ns / 1e9:.3f}"
            writer.writerow((hit.session, hit.title, at, hit.kind, hit.item_id, hit.field, hit.who, hit.text))


def context_html(hit: Hit) -> str:
    around = [*(_line(line) for line in hit.before), f"<b>{escape(hit.who)}: {escape(hit.text)}</b>"]
    return "<br>".join([*around, *(_line(line) for line in hit.after)])


def _line(line: Line) -> str:
    return f"{line.speaker}: {escape(line.text)}"


def _told(found: Found) -> str:
    if not found.hits:
        return "Nothing was found."
    count = len(found.hits)
    if found.more:
        return f"The {count} that were written last; there is more. Say more of what you look for."
    return f"{count} found."
