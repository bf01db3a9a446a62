"""A pass with one key a label while the recording plays: each press ends what runs and begins the next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from woz.model.annotation import Annotation


class Tapping(QObject):
    """`finish` has a segment made that ends at a time, and says whether it was; `undo` takes a made one away."""

    changed = Signal()

    def __init__(
        self, finish: Callable[[Annotation, int], bool], undo: Callable[[Annotation], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._finish, self._undo = finish, undo
        self._ended: list[tuple[Annotation, int]] = []
        """What was ended by a tap, and when, the latest last: taking back goes on with it."""
        self.running: Annotation | None = None

    def tap(self, new: Annotation, at_ns: int) -> None:
        """End what runs; begin the new one, unless it has the same label: then there is a gap."""
        ended = self.running
        self.end(at_ns)
        if ended is None or ended.label != new.label:
            self.running = new
        self.changed.emit()

    def end(self, at_ns: int) -> None:
        """Have what runs made, where it has any length."""
        ended, self.running = self.running, None
        if ended is None:
            return
        if ended.start_ns is not None and at_ns > ended.start_ns and self._finish(ended, at_ns):
            self._ended.append((ended, at_ns))
        self.changed.emit()

    def drop(self) -> None:
        """Forget what runs, and what was ended before."""
        self.running = None
        self._ended.clear()
        self.changed.emit()

    def take_back(self) -> None:
        """Forget what runs; what was ended by its beginning runs on."""
        taken, self.running = self.running, None
        if taken and self._ended and self._ended[-1][1] == taken.start_ns:
            last, _ = self._ended.pop()
            self._undo(last)
            self.running = last
        self.changed.emit()
