"""A pass in which a label's key begins a segment as it goes down and ends it as it comes up; several at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.editor.passes.key_up import KeyUp, place_of
from ui.widgets.digit_row import digit_key
from woz.model.annotation import Annotation

Ours = Callable[[str], bool]
"""Whether a label's key is to be held now."""
Begin = Callable[[str], Annotation | None]
"""What begins with the label that has a key; None where it can't."""
End = Callable[[Annotation, int], None]
"""Ends it with the play head where it is told to have been."""
Now = Callable[[], int]


class Holding(QObject):
    """Watches the keys of a widget. A key that is held repeats nothing; a lost focus ends all, in their order."""

    changed = Signal()

    def __init__(self, watched: QObject, ours: Ours, begin: Begin, end: End, now: Now) -> None:
        """`now` is where the play head is (ns)."""
        super().__init__(watched)
        self._ours, self._begin, self._end, self._now = ours, begin, end, now
        self.key_up = KeyUp(self)
        self._held: dict[int, Annotation | None] = {}
        """By the place of the key, since another sign may come up where Shift went down meanwhile."""
        watched.installEventFilter(self)

    @property
    def running(self) -> tuple[Annotation, ...]:
        return tuple(each for each in self._held.values() if each)

    def let_go(self) -> None:
        """End all that is held."""
        self.key_up.settle()
        for place in tuple(self._held):
            self._up(place, self._now())

    def drop(self) -> None:
        """Forget all that is held; the keys do nothing more until they are pressed anew."""
        self._held = dict.fromkeys(self._held)
        self.changed.emit()

    def end(self, begun: Annotation) -> None:
        """End one that another takes the place of; its key does nothing more."""
        for place, each in self._held.items():
            if each == begun:
                self._held[place] = None
                self._end(each, self._now())
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.let_go()
        if not isinstance(event, QKeyEvent):
            return False
        place = place_of(event)
        if event.type() == QEvent.Type.KeyRelease:
            if place in self._held and not event.isAutoRepeat():
                self.key_up.released(event, partial(self._up, place, self._now()))
                return True
            return place in self._held
        if event.type() == QEvent.Type.KeyPress and self.key_up.repeats(event):
            return True
        if place not in self._held and not self._ours(label_key_of(event)):
            return False
        if event.type() == QEvent.Type.KeyPress and place not in self._held and not event.isAutoRepeat():
            self._held[place] = self._begin(label_key_of(event))
            self.changed.emit()
        event.accept()
        return True

    def _up(self, place: int, at_ns: int) -> None:
        begun = self._held.pop(place, None)
        if begun:
            self._end(begun, at_ns)
        self.changed.emit()


def label_key_of(event: QKeyEvent) -> str:
    """The key as a label's shortcut names it; empty for one that none can have."""
    digit = digit_key(event)
    if digit is not None:
        return str(digit)
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    plain = held == Qt.KeyboardModifier.NoModifier and 0x20 < event.key() < 0x110000
    return chr(event.key()).upper() if plain else ""
