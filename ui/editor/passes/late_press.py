"""Takes off what somebody's presses come late while it plays, as their own corrections tell."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Signal

from ui.editor.player import Player
from woz.annotation.edits import Edit
from woz.annotation.lag import ENOUGH
from woz.annotation.presses import Presses
from woz.base.interval import NS_PER_MS
from woz.model.annotation import Annotation

PRESSES, SWITCH = "editor_presses", "editor_late_press"
"""Settings: of each person, and whether anything is taken off."""


class LatePress(QObject):
    """With settings, what was learnt of a person is remembered."""

    changed = Signal()

    def __init__(self, player: Player, by: str, settings: QSettings | None, parent: QObject) -> None:
        super().__init__(parent)
        self._player, self._settings, self._key = player, settings, f"{PRESSES}/{by}"
        self._presses = Presses()
        self.on = True
        if settings is not None:
            self._presses = Presses.from_json(str(settings.value(self._key, "")))
            self.on = str(settings.value(SWITCH, "on")) == "on"
        player.playing_changed.connect(self._keep)

    @property
    def words(self) -> str:
        lag_ns, settled = self._presses.lag_ns, self._presses.settled
        if not self.on:
            return "Late presses: left as they are"
        if lag_ns is None:
            return f"Late presses: {settled} of {ENOUGH} corrections seen"
        return f"You press {lag_ns // NS_PER_MS} ms late: taken off"

    def switch(self) -> None:
        self.on = not self.on
        if self._settings is not None:
            self._settings.setValue(SWITCH, "on" if self.on else "off")
        self.changed.emit()

    def corrected_ns(self, here_ns: int) -> int:
        """When it was that is pressed for now; where it stands, the play head itself."""
        if not self.on or not self._player.playing:
            return here_ns
        return self._presses.corrected_ns(here_ns, self._player.speed)

    def pressed(self, item: str, at_start: bool, here_ns: int) -> None:
        """An edge was made by a press with the play head here."""
        if self._player.playing:
            self._presses.add(item, at_start, here_ns, self._player.speed)

    def right(self, item: str, at_start: bool, t_ns: int) -> None:
        """An edge was put to a time, or found right there."""
        if self._presses.settle(item, at_start, t_ns):
            self.changed.emit()

    def doubt(self, item: str, at_start: bool) -> float:
        """From 0 to 1, of an edge that was pressed and not looked at since."""
        return self._presses.doubt(item, at_start)

    def moved(self, edit: Edit) -> None:
        """Learn from the edges that an edit moved."""
        for before, after in zip(edit.before, edit.after, strict=False):
            if isinstance(before, Annotation) and isinstance(after, Annotation) and before.id == after.id:
                for at_start, old, new in (
                    (True, before.start_ns, after.start_ns),
                    (False, before.end_ns, after.end_ns),
                ):
                    if new is not None and new != old:
                        self.right(after.id, at_start, new)

    def close(self) -> None:
        self._keep(False)

    def _keep(self, playing: bool) -> None:
        if self._settings is not None and not playing:
            self._settings.setValue(self._key, self._presses.to_json())
