"""The note for the journal, which counts from when its first letter was typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from woz.live.seats.station_seat import StationSeat

NOT_KEPT = "The note was not kept, and still stands in the field: nothing is recorded, or the disk takes no more"


class NoteField(QLineEdit):
    """Enter keeps the note; a note that is cleared and begun anew has a new time. `tell` gets what became of it."""

    def __init__(self, seat: StationSeat, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._seat, self._tell = seat, tell
        self._began_ns: int | None = None
        self.setAccessibleName("Note for the journal")
        self.textChanged.connect(self._begin)
        self.returnPressed.connect(self._keep)
        self.set_live(False)

    def set_live(self, live: bool) -> None:
        """Notes are kept while something is recorded."""
        self.setEnabled(live)
        self.setPlaceholderText(
            "Note: Ctrl+N to write, Enter to keep" if live else "Notes are kept while recording"
        )

    def _begin(self, text: str) -> None:
        if not text:
            self._began_ns = None
        elif self._began_ns is None:
            self._began_ns = self._seat.session_ns

    def _keep(self) -> None:
        text = self.text().strip()
        if text and not self._seat.note(text, self._began_ns):
            self._tell(NOT_KEPT)
            return
        if text:
            self._tell(f"Noted: {text}")
        self.clear()
