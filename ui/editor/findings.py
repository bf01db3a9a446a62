"""What the session lacks by its schemes, as `woz check` tells it: counted above the time line, listed on a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ui.application.background import Background
from ui.editor.timeline.flags import Flags
from ui.theme import GRID, colours, icon
from ui.widgets.parts import button, label
from ui.widgets.wrapping import wrapping_list
from woz.annotation.document import Change, Document
from woz.base.counts import counted as count_words
from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.scheme import Level
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.schemes.demands.findings import Windows, findings
from woz.schemes.finding import Finding

REST_MS = 500
"""So long nothing changes before it is looked through."""
EXPLAINED = "Enter leads to it. A tier with an error can't be submitted; it is saved all the same."
ROLE = Qt.ItemDataRole.UserRole
CONCERNED = frozenset({Annotation, Tier, Link, Turn})


class Findings(QObject):
    """Looks through the session beside the window, a while after the last change. `found` tells the list, `flagged`
    the signs of it on the time line.
    """

    found = Signal(object)
    flagged = Signal(object)

    def __init__(self, document: Document, duration_ns: int | None, windows: Windows, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._duration_ns, self._windows = document, duration_ns, windows
        self.list: list[Finding] = []
        self._busy = self._again = False
        self._work = Background()
        self._work.done.connect(self._looked)
        self._work.failed.connect(self._rest)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._look)
        self._unsubscribe = document.subscribe(self._changed)
        self._timer.start()

    def close(self) -> None:
        self._unsubscribe()
        self._timer.stop()
        self._again = False

    def _changed(self, change: Change) -> None:
        if change.kinds & CONCERNED:
            self._timer.start()

    def _look(self) -> None:
        if self._busy:
            self._again = True
            return
        self._busy = True
        items, schemes = self._document.items, self._document.schemes
        duration_ns, windows = self._duration_ns, self._windows

        def look() -> tuple[list[Finding], Flags]:
            found = findings(items, schemes, duration_ns=duration_ns, windows=windows)
            return found, Flags(items, found)

        self._work.begin("look through the annotations", look)

    def _looked(self, answer: tuple[list[Finding], Flags]) -> None:
        self.list, flags = answer
        self.flagged.emit(flags)
        self.found.emit(self.list)
        self._rest()

    def _rest(self) -> None:
        self._busy = False
        if self._again:
            self._again = False
            self._timer.start()


class FindingsButton(QPushButton):
    """How many there are; hidden where there are none."""

    def __init__(self, of: Findings) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("What is missing or wrong by the schemes (Ctrl+E)")
        self.hide()
        of.found.connect(self._show)

    def _show(self, found: Sequence[Finding]) -> None:
        wrong = any(each.level == Level.ERROR for each in found)
        self.setIcon(icon("mistake", _colour(Level.ERROR if wrong else Level.WARNING)))
        self.setText(counted([each for each in found if (each.level == Level.ERROR) == wrong]))
        self.setAccessibleName(counted(found))
        self.setVisible(bool(found))


def _colour(level: Level) -> str:
    return colours().danger if level == Level.ERROR else colours().warning


def counted(found: Sequence[Finding]) -> str:
    counts = Counter(each.level for each in found)
    return ", ".join(count_words(counts[k], k) for k in Level if counts[k])


class FindingsDialog(QDialog):
    """Stays beside the window, follows it while it is shown, and leads to what is chosen."""

    def __init__(self, of: Findings, show_item: Callable[[ItemRef], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is missing or wrong")
        self._of, self._show_item = of, show_item
        self._title = label("", "title")
        self.list = wrapping_list("What is missing or wrong", by_keys=True)
        self.list.itemActivated.connect(self._lead)
        self.list.itemClicked.connect(self._lead)
        leaving = button("Close", "step")
        leaving.setAutoDefault(False)  # Enter leads to an item, and the list stays
        leaving.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        layout.addWidget(self._title)
        layout.addWidget(label(EXPLAINED, "muted", wrap=True))
        layout.addWidget(self.list, 1)
        layout.addWidget(leaving)
        self.resize(560, 420)
        of.found.connect(self._follow)

    def come_up(self) -> None:
        self.show_findings(self._of.list)
        self.show()
        self.raise_()
        self.activateWindow()
        self.list.setFocus()

    def come_up_with(self, found: Sequence[Finding]) -> None:
        """Those alone, until something changes."""
        self.come_up()
        self.show_findings(found)

    def _follow(self, found: Sequence[Finding]) -> None:
        """A list that nobody sees holds up nobody."""
        if self.isVisible():
            self.show_findings(found)

    def show_findings(self, found: Sequence[Finding]) -> None:
        signs = {level: icon("mistake", _colour(level)) for level in Level}
        row = self.list.currentRow()
        self._title.setText(counted(found) or "Nothing is missing or wrong")
        self.list.clear()
        for each in found:
            item = QListWidgetItem(each.words, self.list)
            item.setData(ROLE, each.item)
            item.setIcon(signs[each.level])
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))

    def _lead(self, item: QListWidgetItem) -> None:
        ref = item.data(ROLE)
        if ref is not None:
            self._show_item(ref)
