"""The page before a recording: lamps, the chime, the invitation, and the button that begins."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.station.invitation_bar import InvitationBar
from ui.station.lamps import LampList
from ui.station.levels import Levels
from ui.theme import GRID
from ui.widgets.parts import button, label, panel, row
from woz.live.seats.station_seat import StationSeat, StationStatus
from woz.live.station.preflight import LampState, consent_lamp, lamps


class CheckPage(QWidget):
    def __init__(
        self,
        seat: StationSeat,
        unasked: tuple[str, ...],
        record: Callable[[], None],
        back: Callable[[], None],
    ) -> None:
        super().__init__()
        self._seat = seat
        self._consent = consent_lamp(unasked)
        self._summary = label("", "heading", wrap=True)
        self.lamps = LampList()
        self._levels = Levels()
        self._heard, self._unheard = button("Heard", "step"), button("Not heard", "mistake")
        self._play = button("Chime", "play")
        self.invitation = InvitationBar(seat.invitation)
        self._record, self._back = button("Record", "record", "danger"), button("Back to the form", "undo")
        self._build()
        self._record.clicked.connect(record)
        self._back.clicked.connect(back)
        self._play.clicked.connect(self.play_chime)
        self._heard.clicked.connect(lambda: seat.chime_heard(True))
        self._unheard.clicked.connect(lambda: seat.chime_heard(False))

    def show_status(self, status: StationStatus) -> None:
        found = [self._consent, *lamps(status)]
        self.lamps.show_lamps(found)
        self._levels.show_status(status)
        self._play.setEnabled(status.has_earpiece)
        bad = sum(lamp.state == LampState.BAD for lamp in found)
        open_ones = sum(lamp.state == LampState.CHECK for lamp in found)
        self._summary.setText(_summary(bad, open_ones))

    def show_consent(self, unasked: tuple[str, ...]) -> None:
        self._consent = consent_lamp(unasked)

    def play_chime(self) -> None:
        """Ring in the earpiece; the operator then says whether it was heard."""
        self._seat.chime()
        for answer in (self._heard, self._unheard):
            answer.setEnabled(True)

    def _ways_on(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self._back, 1)
        line.addWidget(self._record, 2)
        return line

    def _build(self) -> None:
        for answer, name in ((self._heard, "The chime was heard"), (self._unheard, "The chime was not heard")):
            answer.setEnabled(False)
            answer.setAccessibleName(name)
        self._play.setAccessibleName("Play the chime in the earpiece")
        for made in (self._record, self._back):
            made.setMinimumHeight(GRID * 5)
        self._back.setToolTip("Change people, devices or the protocol; the invitation then ends.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        chime = row(self._play, self._heard, self._unheard)
        layout.addWidget(panel(self._summary, _scrolled(self.lamps), self._levels, chime), 1)
        layout.addLayout(self._ways_on())


def _scrolled(widget: QWidget) -> QScrollArea:
    """Lines at the top of an area that scrolls where they are too many."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, GRID, 0)
    column.addWidget(widget)
    column.addStretch(1)
    area = QScrollArea()
    area.setProperty("role", "inside")
    area.setWidget(holder)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _summary(bad: int, open_ones: int) -> str:
    if bad:
        return f"Not ready: {bad} to put right"
    if open_ones:
        return f"Nearly ready: {open_ones} to check"
    return "Ready to record"
