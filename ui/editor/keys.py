"""Which keys work where: a letter types in a field, and has its own meaning on time line and transcript."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ui.widgets.parts import GROUP, LISTED_AS, action


class Place(Enum):
    """Where the keyboard is."""

    TIME_LINE = "On the time line"
    TRANSCRIPT = "In the transcript"
    TURN = "While typing in a turn"
    FIELD = "In another field"


ANYWHERE = tuple(Place)
NOT_TYPING = (Place.TIME_LINE, Place.TRANSCRIPT)
IN_TURNS = (Place.TRANSCRIPT, Place.TURN)
TYPING = (Place.TURN, Place.FIELD)
BEYOND = (Place.TRANSCRIPT, Place.FIELD)


class Keys:
    """The actions of a window; those of another place are off, so that no key has two meanings at once.

    In a `form` each widget takes its own keys.
    """

    def __init__(self, window: QWidget, transcript: QWidget, form: QWidget) -> None:
        self._window = window
        self._form = form
        self._transcript = transcript
        self._places: dict[QAction, tuple[Place, ...]] = {}
        self.place = Place.TIME_LINE
        QApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]

    def add(self, name: str, keys: str | list[str], do: Callable[[], object], *places: Place) -> QAction:
        made = action(self._window, name, keys, do)
        self._places[made] = places
        made.setProperty(GROUP, places[0].value if len(places) == 1 else _GROUPS[places])
        made.setEnabled(self.place in places)
        return made

    def add_digits(self, name: str, first: str, count: int, do: Callable[[int], object], *places: Place) -> None:
        """An action each for a digit from 1 on, `first` being the key of the first; listed as one."""
        for i in range(1, count + 1):
            made = self.add(name, first.replace("1", str(i)), partial(do, i), *places)
            made.setProperty(LISTED_AS, f"{first} – {count}" if i == 1 else "")

    def mention(self, name: str, keys: str, place: Place) -> None:
        """List a key that the widget itself takes."""
        self.add(name, keys, lambda: None, place)
        made = self._window.actions()[-1]
        del self._places[made]
        made.setEnabled(False)

    def enabled(self, place: Place) -> list[QAction]:
        """The actions whose keys work at a place."""
        return [made for made, places in self._places.items() if place in places]

    def close(self) -> None:
        QApplication.instance().focusChanged.disconnect(self._moved)  # type: ignore[union-attr]

    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self._window.isAncestorOf(now):
            return
        self.place = self._place_of(now)
        for made, places in self._places.items():
            made.setEnabled(self.place in places)

    def _place_of(self, widget: QWidget) -> Place:
        in_list = self._transcript is widget or self._transcript.isAncestorOf(widget)
        if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
            return Place.TURN if in_list else Place.FIELD
        if self._form.isAncestorOf(widget):
            return Place.FIELD
        return Place.TRANSCRIPT if in_list else Place.TIME_LINE


_GROUPS = {
    ANYWHERE: "Everywhere",
    NOT_TYPING: "On the time line and in the transcript",
    TYPING: "While typing anywhere",
    BEYOND: "Everywhere",
    IN_TURNS: "In the transcript, also while typing",
}
