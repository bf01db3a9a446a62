"""What two annotators made of the same field of an item: both values, a button and a key each, beside the item."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.editor.keys import ANYWHERE, Keys
from ui.theme import GRID
from ui.widgets.parts import button, label
from woz.annotation.dispute import Dispute
from woz.annotation.dispute_words import Sides, sides
from woz.annotation.document import Change, Document
from woz.base.errors import WozError
from woz.lab.item_names import item_names
from woz.model.item import ItemRef

THEIRS_KEY, MINE_KEY = "F7", "F8"
THEIRS, MINE = "Of two changes of the same, theirs", "Of two changes of the same, mine"
UNDISPUTED = "Nobody else changed what you changed, so there is nothing to decide."
LONGEST = 40
"""So many letters of a value fit a button."""
WIDEST, MARGIN = 820, 6
Spot = Callable[[ItemRef], QRectF | None]
"""Where an item lies on the widget that the bar lies on; None where it isn't to be seen there."""


class ConflictBar(QFrame):
    """Hidden while nothing is in dispute; the oldest dispute comes first. `asked` tells its item.

    It lies on a widget, and moves nothing by coming and going: below the item or above it, else at the lower edge.
    """

    asked = Signal(object)
    told = Signal(str)

    def __init__(self, document: Document, over: QWidget, spot: Spot = lambda _: None) -> None:
        super().__init__(over)
        self._document, self._over, self._spot = document, over, spot
        over.installEventFilter(self)
        self._dispute: Dispute | None = None
        self.setProperty("role", "banner")
        self._words = label(wrap=True)
        self.theirs, self.mine = button("Theirs", "check"), button("Mine", "check")
        self.theirs.clicked.connect(lambda: self._decide(document.yield_to))
        self.mine.clicked.connect(lambda: self._decide(document.insist))
        for each in (self.theirs, self.mine):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.theirs)
        layout.addWidget(self.mine)
        self.hide()
        self._unsubscribe = document.subscribe(self._changed)

    def add_keys(self, keys: Keys) -> None:
        keys.add(THEIRS, THEIRS_KEY, self.theirs.click, *ANYWHERE)
        keys.add(MINE, MINE_KEY, self.mine.click, *ANYWHERE)

    @property
    def text(self) -> str:
        """What is asked; empty where nothing is."""
        return self._words.text() if self._dispute else ""

    def close_bar(self) -> None:
        self._unsubscribe()

    def _decide(self, how: Callable[[Dispute, object], None]) -> None:
        if self._dispute is None:
            self.told.emit(UNDISPUTED)
            return
        try:
            how(self._dispute, self)
        except WozError as error:
            self.told.emit(str(error))

    def _changed(self, _: Change) -> None:
        open_ones = self._open()
        self.setVisible(bool(open_ones))
        if not open_ones:
            self._dispute = None
            return
        dispute, said = open_ones[0]
        self._show(said, len(open_ones))
        new, self._dispute = dispute is not self._dispute, dispute
        if new:
            self.asked.emit(dispute.clashes[0].item)
        self.place()

    def _open(self) -> list[tuple[Dispute, Sides]]:
        """Asked after each edit, so that names are looked for only where something is in dispute."""
        document = self._document
        if not document.disputes:
            return []
        names = item_names(tuple(document.schemes.values()), document.tiers)
        found = [(each, sides(each, document.item, names.of)) for each in document.disputes]
        return [(each, said) for each, said in found if said]

    def place(self) -> None:
        """Anew, where what it lies on was scrolled or changed its size."""
        if self._dispute is None:
            return
        room = self._over.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        width = min(room.width(), WIDEST)
        height = max(self.sizeHint().height(), self.heightForWidth(width))
        item = self._spot(self._dispute.clashes[0].item)
        left, top = room.left(), room.bottom() - height
        if item is not None and item.top() < room.bottom() and item.bottom() > room.top():
            left = min(max(int(item.left()), left), room.right() - width)
            below, above = int(item.bottom()) + MARGIN, int(item.top()) - MARGIN - height
            top = below if below + height <= room.bottom() else max(room.top(), above)
        self.setGeometry(left, top, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def _show(self, said: Sides, count: int) -> None:
        more = f" ({count - 1} more)" if count > 1 else ""
        self._words.setText(f"{said.asked} Whose holds?{more}")
        self._words.setAccessibleName(self._words.text())
        for each, name, words, key in (
            (self.theirs, "Theirs", said.theirs, THEIRS_KEY),
            (self.mine, "Mine", said.mine, MINE_KEY),
        ):
            each.setText(f"{name}: {_short(words)}  ({key})".replace("&", "&&"))
            each.setToolTip(words)
            each.setAccessibleName(f"{name}: {words}")


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
