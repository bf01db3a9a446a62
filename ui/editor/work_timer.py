"""Measures how long the annotator works on each tier, and tells them: input at the window, and playing, is work."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.editor.marking import Marking
from ui.editor.player import Player
from ui.widgets.parts import clock_text
from woz.annotation.document import Document
from woz.annotation.work import WorkMeter, covered_ns, rate
from woz.base.clock import SystemClock, iso_utc
from woz.model.ids import TierId
from woz.model.work import Work

EVERY_MS, KEPT_AFTER = 1000, 20
"""How often it looks, and after how many looks what was counted is stored."""
ACTS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


@dataclass(frozen=True, slots=True)
class WorkLog:
    """What this person has worked on the session's tiers so far (ns), and how more is stored."""

    done: Mapping[TierId, int] = field(default_factory=dict)
    add: Callable[[Sequence[Work]], None] | None = None
    """None where the project doesn't measure it."""


class WorkTimer(QObject):
    """`changed` once a second while there is work."""

    changed = Signal()

    def __init__(
        self, log: WorkLog, document: Document, marking: Marking, player: Player, line: QWidget, duration_ns: int
    ) -> None:
        super().__init__(line)
        self._log, self._document, self._marking, self._player = log, document, marking, player
        self._duration_ns, self._line = duration_ns, line
        self._meter = WorkMeter(time.monotonic_ns)
        self._done = dict(log.done)
        self._waiting: dict[TierId, int] = {}
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        if log.add is None:
            return
        self._timer.start()
        self._unsubscribe = document.subscribe(lambda _: self.acted())
        marking.chosen_changed.connect(self.acted)

    def watch(self) -> None:
        """The keys and clicks of the shown window, all of them: they come to it before they come to a widget."""
        handle = self._line.window().windowHandle()
        if handle and self._log.add:
            handle.installEventFilter(self)

    def acted(self) -> None:
        tier = self._marking.tier
        self._meter.acted(tier.id if tier else None)

    @property
    def words(self) -> str:
        """Of the chosen tier; empty where nothing is measured."""
        tier = self._marking.tier
        if tier is None or self._log.add is None:
            return ""
        active_ns = self._done.get(tier.id, 0)
        covered = covered_ns(self._document.annotations(tier.id), self._duration_ns)
        a_second = rate(active_ns, covered)
        if a_second is None:
            return f"Your work here: {clock_text(active_ns)}"
        return f"Your work here: {clock_text(active_ns)} for {clock_text(covered)}, {a_second:.2f} s a second"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in ACTS:
            self.acted()
        return False

    def close(self) -> None:
        """Have what was counted stored."""
        if self._log.add is None:
            return
        self._timer.stop()
        self._unsubscribe()
        self._take()
        self._keep()

    def _look(self) -> None:
        if self._player.playing:
            self._meter.plays()
        self._looks += 1
        if self._take():
            self.changed.emit()
        if self._looks % KEPT_AFTER == 0:
            self._keep()

    def _take(self) -> bool:
        taken = self._meter.take()
        for tier, active_ns in taken.items():
            self._done[tier] = self._done.get(tier, 0) + active_ns
            self._waiting[tier] = self._waiting.get(tier, 0) + active_ns
        return bool(taken)

    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, {}
        stored = {tier.id for tier in self._document.tiers}
        day = iso_utc(SystemClock().utc_ns())[:10]
        session, by, add = self._document.session_id, self._document.by, self._log.add
        pieces = [Work(session, tier, by, day, ns) for tier, ns in waiting.items() if tier in stored]
        if pieces and add:
            self._document.read(lambda: add(pieces), lambda _: None)
