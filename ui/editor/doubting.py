"""Flags a turn, or a link, as doubtful; a line asks why. An annotation's flag is its own (`placing_keys`)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from ui.editor.keys import NOT_TYPING, Keys, Place
from ui.editor.links import Links
from woz.annotation.document import Document
from woz.annotation.flagging import flagged
from woz.base.errors import WozError
from woz.model.link import Link
from woz.model.transcript import Turn

NO_TURN = "Choose a turn first: Ctrl+T goes to the transcript."
WHY = "Why? It may stay empty."


class Doubting(QObject):
    """`said` is why a key can't act, empty where it could; `hinted` what it did."""

    said = Signal(str)
    hinted = Signal(str)

    def __init__(self, document: Document, links: Links, turn: Callable[[], Turn | None], window: QWidget) -> None:
        super().__init__(window)
        self._document, self._links, self._turn, self._window = document, links, turn, window

    def add_keys(self, keys: Keys) -> None:
        keys.add("The turn is doubtful, and why; or no longer", "Shift+U", self.turn, Place.TRANSCRIPT)
        keys.add("A link of this item is doubtful, and why; or no longer", "Alt+U", self.link, *NOT_TYPING)

    def turn(self) -> None:
        turn = self._turn()
        if turn is None:
            self.said.emit(NO_TURN)
        else:
            self._flag(turn, "Doubtful turn")

    def link(self) -> None:
        link = self._links.pick("Which link is doubtful, or no longer?")
        if link is not None:
            self._flag(link, "Doubtful link")

    def _flag(self, item: Turn | Link, title: str) -> None:
        why = self._why(title) if item.doubt is None else None
        if why is None and item.doubt is None:
            return
        try:
            self._document.apply(flagged(item, why), self)
        except WozError as error:
            self.said.emit(str(error))
            return
        self.said.emit("")
        more = "Doubtful: Ctrl+E lists all that are; the same key takes it back"
        self.hinted.emit("No longer doubtful" if why is None else more)

    def _why(self, title: str) -> str | None:
        """None where it was not to be flagged after all."""
        text, kept = QInputDialog.getText(self._window, title, WHY)
        return text if kept else None
