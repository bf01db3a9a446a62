"""Find and replace in the transcript, from its bar and by keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.editor.keys import ANYWHERE, Keys
from ui.editor.transcript import TranscriptPanel
from woz.annotation.edits import Edit
from woz.annotation.finding import Match, find, replace_all, replace_one
from woz.annotation.word_times import parts
from woz.annotation.words import word_of
from woz.base.errors import WozError
from woz.model.transcript import Turn


class TranscriptFinding(QObject):
    """`edit` edits the chosen turn and tells whether it could, `word` gives the chosen word."""

    def __init__(
        self,
        panel: TranscriptPanel,
        edit: Callable[[Callable[[Turn], Edit]], bool],
        word: Callable[[], str | None],
    ) -> None:
        super().__init__(panel)
        self._panel, self._edit, self._word = panel, edit, word
        bar = panel.find_bar
        bar.stepped.connect(self.find_next)
        bar.changed.connect(self._mark_found)
        bar.replaced.connect(self.replace)
        bar.replaced_all.connect(self.replace_all)
        bar.closed.connect(self._end)

    def add_keys(self, keys: Keys) -> None:
        keys.add("Find", "Ctrl+F", lambda: self.open(False), *ANYWHERE)
        keys.add("Find and replace", "Ctrl+H", lambda: self.open(True), *ANYWHERE)
        keys.add("Find next", "F3", lambda: self.find_next(1), *ANYWHERE)
        keys.add("Find previous", "Shift+F3", lambda: self.find_next(-1), *ANYWHERE)

    def open(self, replacing: bool) -> None:
        self._panel.finish_typing()
        in_list = self._panel.list.hasFocus()
        self._panel.find_bar.open(parts(self._word() or "")[1] if in_list else "", replacing)
        self._mark_found()

    def find_next(self, direction: int) -> None:
        """The next place found after the chosen word, or the one before; from the other end where there is none."""
        found = self._found()
        if not found:
            return
        places = [self._place(match) for match in found]
        here = (self._panel.row, self._panel.word)
        ahead = [p for p in places if p > here] if direction > 0 else [p for p in places if p < here]
        place = (ahead or places)[0 if direction > 0 else -1]
        self._panel.choose(*place)
        self._panel.find_bar.tell(f"{places.index(place) + 1} of {len(places)}")

    def replace(self) -> None:
        """Replace the place found at the chosen word, and go on to the next; else go to the next first."""
        bar, here = self._panel.find_bar, (self._panel.row, self._panel.word)
        match = next((m for m in self._found() if self._place(m) == here), None)
        if match and not self._edit(lambda turn: replace_one(turn, match, bar.search, bar.replacement)):
            return
        self.find_next(1)

    def replace_all(self) -> None:
        bar, turns = self._panel.find_bar, self._panel.turns
        count = len(self._found())
        if self._panel.apply(lambda: replace_all(turns, bar.search, bar.replacement)):
            bar.tell(f"{count} replaced")

    def _found(self) -> list[Match]:
        try:
            found = find(self._panel.turns, self._panel.find_bar.search)
        except WozError as error:
            self._panel.find_bar.tell("")
            self._panel.told.emit(str(error))
            return []
        self._panel.told.emit("")
        self._panel.find_bar.tell(f"{len(found)} found" if found else "Not found")
        return found

    def _place(self, match: Match) -> tuple[int, int]:
        number = self._panel.model.row_of(match.turn_id) or 0
        return number, word_of(self._panel.turns[number].text, match.start)

    def _mark_found(self) -> None:
        search = self._panel.find_bar.search
        found = self._found() if search.text else []
        self._panel.delegate.searched = search.pattern() if found else None
        self._panel.list.viewport().update()

    def _end(self) -> None:
        self._panel.delegate.searched = None
        self._panel.list.viewport().update()
        self._panel.list.setFocus()
