"""Keeps the lease of the tier that somebody is in, and shows who is in others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from ui.editor.keys import ANYWHERE, Keys
from ui.editor.lease_bar import LeaseBar
from ui.editor.marking import Marking
from ui.editor.timeline import Timeline
from woz.annotation.document import Document
from woz.annotation.proposals.drafts import is_draft
from woz.annotation.tier_states import OPEN
from woz.base.errors import UnreachableError
from woz.lab.door import Door, Inside
from woz.model.ids import TierId
from woz.model.lease import STALE_NS

REST_MS = 500
"""So long somebody stays with a tier before they are in it: who only passes takes nothing."""
STAY_MS = STALE_NS // 1_000_000 // 4


class TierLease(QObject):
    """A sign on the door, no lock: what others do in the tier is merged as ever. Without a door it does nothing."""

    def __init__(
        self, door: Door | None, document: Document, marking: Marking, line: Timeline, tell: Callable[[str], object]
    ) -> None:
        super().__init__(line)
        self._door, self._document, self._marking, self._line, self._tell = door, document, marking, line, tell
        self.bar = LeaseBar()
        self._in: TierId | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._settle)
        self._stay = QTimer(self, interval=STAY_MS)
        self._stay.timeout.connect(self.stay)
        self.bar.taken_over.connect(self._take_over)
        if door:
            marking.chosen_changed.connect(self._chosen)
            self._stay.start()

    def add_keys(self, keys: Keys) -> None:
        keys.add("Take a tier over from whoever left it", "Ctrl+Shift+L", self.take_over, *ANYWHERE)

    def take_over(self) -> None:
        if self.bar.word.isHidden():
            self._tell("Nobody left this tier behind; there is nothing to take over.")
        else:
            self._tell("")
            self.bar.word.setFocus()

    def stay(self) -> None:
        """Renew the lease, and look who is there."""
        door, tier = self._door, self._in
        if door and tier:
            self._ask(lambda: door.stay(tier))

    def close(self) -> None:
        self._rest.stop()
        self._stay.stop()
        if self._door:
            self._document.read(self._door.leave, lambda _: None)

    @property
    def _wanted(self) -> TierId | None:
        tier = self._marking.tier
        return tier.id if tier and tier.state in OPEN and not is_draft(tier) else None

    def _chosen(self) -> None:
        if self._wanted != self._in:
            self._rest.start()

    def _settle(self) -> None:
        door, tier = self._door, self._wanted
        if door is None or tier == self._in:
            return
        self._in = tier
        self.bar.tell("", False)
        if tier is None:
            self._document.read(door.leave, lambda _: None)
        elif self._document.saved:
            self._ask(lambda: door.enter(tier))
        else:
            self._in = None
            self._rest.start()

    def _take_over(self, word: str) -> None:
        door, tier = self._door, self._in
        if door and tier:
            self._ask(lambda: door.enter(tier, word))
            self._line.setFocus()

    def _ask(self, ask: Callable[[], Inside]) -> None:
        """A server that is away is told elsewhere; the lease is renewed when it is back."""
        asked = self._in

        def answer() -> Inside | None:
            try:
                return ask()
            except UnreachableError:
                return None

        def show(found: Inside | None) -> None:
            if found is not None and asked == self._in:
                self.bar.tell(found.other, found.stale)
                self._line.show_inside(found.elsewhere)

        self._document.read(answer, show)
