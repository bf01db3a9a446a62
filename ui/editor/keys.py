"""Which keys work where: a letter types in a field, and has its own meaning on time line and transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ui.editor.shortcuts.kept import KeptKeys
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


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An action, where its keys work, and those it has unless somebody changes them; `fixed` ones nobody may."""

    action: QAction
    places: tuple[Place, ...]
    default: tuple[str, ...]
    fixed: bool = False
    listed: bool = True
    """False for one that is shown in another way."""

    @property
    def name(self) -> str:
        return self.action.text()

    @property
    def group(self) -> str:
        return str(self.action.property(GROUP))

    @property
    def id(self) -> str:
        return f"{self.group}: {self.name}"

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(each.toString() for each in self.action.shortcuts())

    @property
    def words(self) -> str:
        """Its keys as this system writes them."""
        shown = str(self.action.property(LISTED_AS) or "")
        native = QKeySequence.SequenceFormat.NativeText
        return shown or " or ".join(each.toString(native) for each in self.action.shortcuts())


class Keys:
    """The actions of a window; those of another place are off, so that no key has two meanings at once.

    In a `form` each widget takes its own keys. `kept` are the keys that the person changed.
    """

    def __init__(self, window: QWidget, transcript: QWidget, form: QWidget, kept: KeptKeys | None = None) -> None:
        self._window = window
        self._form = form
        self._transcript = transcript
        self._kept = kept or KeptKeys()
        self._entries: list[Entry] = []
        self.place = Place.TIME_LINE
        QApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All actions, in the order in which they came."""
        return tuple(self._entries)

    def add(self, name: str, keys: str | list[str], do: Callable[[], object], *places: Place) -> QAction:
        return self._add(name, keys, do, places)

    def add_fixed(self, name: str, key: str, do: Callable[[], object], *places: Place) -> QAction:
        """One whose key belongs to something else, as a label's to its scheme; it is listed there."""
        return self._add(name, key, do, places, fixed=True, listed=False)

    def add_digits(self, name: str, first: str, count: int, do: Callable[[int], object], *places: Place) -> None:
        """An action each for a digit from 1 on, `first` being the key of the first; listed as one."""
        for i in range(1, count + 1):
            key = first.replace("1", str(i))
            made = self._add(name, key, partial(do, i), places, fixed=True, listed=i == 1)
            made.setProperty(LISTED_AS, f"{first} – {count}" if i == 1 else "")

    def mention(self, name: str, keys: str, place: Place) -> None:
        """List a key that the widget itself takes."""
        made = action(self._window, name, keys, lambda: None)
        made.setProperty(GROUP, place.value)
        made.setEnabled(False)
        self._entries.append(Entry(made, (), (keys,), fixed=True))

    def enabled(self, place: Place) -> list[QAction]:
        """The actions whose keys work at a place."""
        return [entry.action for entry in self._entries if place in entry.places]

    def at(self, key: str, places: Sequence[Place]) -> list[Entry]:
        """What a key does at any of some places."""
        wanted = QKeySequence(key)
        here = (entry for entry in self._entries if set(entry.places) & set(places))
        return [entry for entry in here if wanted in entry.action.shortcuts()]

    def change(self, entry: Entry, keys: Sequence[str]) -> None:
        """Give an action other keys from now on; whoever had them loses them."""
        for key in keys:
            for other in self.at(key, entry.places):
                if other is not entry:
                    self._set(other, [each for each in other.keys if QKeySequence(each) != QKeySequence(key)])
        self._set(entry, keys)

    def settle(self) -> None:
        """After all are added: a key that the person gave to one action is no other's, a fixed one's excepted."""
        for entry in [each for each in self._entries if each.keys != each.default and not each.fixed]:
            for key in entry.keys:
                for other in self.at(key, entry.places):
                    loser = entry if other.fixed else other
                    if other is not entry:
                        left = [each for each in loser.keys if QKeySequence(each) != QKeySequence(key)]
                        loser.action.setShortcuts([QKeySequence(each) for each in left])

    def reset(self) -> None:
        """All as at first."""
        for entry in self._entries:
            if not entry.fixed:
                self._set(entry, entry.default)

    def close(self) -> None:
        QApplication.instance().focusChanged.disconnect(self._moved)  # type: ignore[union-attr]

    def _add(
        self,
        name: str,
        keys: str | list[str],
        do: Callable[[], object],
        places: tuple[Place, ...],
        fixed: bool = False,
        listed: bool = True,
    ) -> QAction:
        default = (keys,) if isinstance(keys, str) else tuple(keys)
        made = action(self._window, name, list(default), do)
        made.setProperty(GROUP, places[0].value if len(places) == 1 else _GROUPS[places])
        made.setEnabled(self.place in places)
        entry = Entry(made, places, default, fixed, listed)
        self._entries.append(entry)
        if not fixed:
            made.setShortcuts([QKeySequence(key) for key in self._kept.of(entry.id, default)])
        return made

    def _set(self, entry: Entry, keys: Sequence[str]) -> None:
        entry.action.setShortcuts([QKeySequence(key) for key in keys])
        self._kept.keep(entry.id, keys, entry.default)

    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self._window.isAncestorOf(now):
            return
        self.place = self._place_of(now)
        for entry in self._entries:
            if entry.places:
                entry.action.setEnabled(self.place in entry.places)

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
