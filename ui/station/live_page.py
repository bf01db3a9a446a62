"""The page while recording: state, voices, link, figures, marks and notes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.station.bystander_button import BystanderButton
from ui.station.levels import Levels
from ui.station.marks import Marks
from ui.station.note_field import NoteField
from ui.station.words import away_text, battery_text, link_text, minutes_text, path_text, sound_text
from ui.theme import GRID, colours, icon
from ui.widgets.parts import button, clock_text, label, panel, row
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationSeat, StationStatus

NOT_KEPT = "The mark was not kept, since nothing is recorded, or the disk takes no more"
FIGURES = ("Frames", "Sound", "Delay", "Battery", "Disk")


class LivePage(QWidget):
    def __init__(
        self,
        window: QWidget,
        seat: StationSeat,
        settings: QSettings,
        stop: Callable[[], None],
        copy_link: Callable[[], None],
    ) -> None:
        super().__init__()
        self._seat = seat
        self._phase, self._image = label("Ready to record", "heading"), QLabel()
        self._live: bool | None = None
        self._elapsed = label("0:00", "figure")
        self._stop = button("Stop", "stop", "danger")
        self._stop.setMinimumHeight(GRID * 5)
        self._stop.clicked.connect(stop)
        self._link, self._path = label("", "heading", wrap=True), label("", "muted", wrap=True)
        self._link.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._levels = Levels()
        self._figures = {name: label("–") for name in FIGURES}
        self._invite = button("Copy the invitation", "copy")
        self._invite.clicked.connect(copy_link)
        self.marks = Marks(window, settings, self._mark)
        self._change = button("Change", "annotate")
        self._change.setAccessibleName("Change the marks")
        self._change.clicked.connect(self.marks.change)
        self.bystander = BystanderButton(window, seat.bystander)
        self._kept = label("", "muted", wrap=True)
        self._kept.setAccessibleName("What was done last")
        self.note = NoteField(seat, self.tell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        voices = panel(row(self._link, self._invite), self._path, self._levels)
        head = row(label("Marks", "heading"), self._change)
        for part in (
            self._state(),
            voices,
            panel(self._figure_grid()),
            panel(head, self.marks, self.bystander, self.note, self._kept),
        ):
            layout.addWidget(part)
        layout.addStretch(1)

    def show_status(self, status: StationStatus) -> None:
        self._show_phase(status)
        self._link.setText(link_text(status))
        self._path.setText(path_text(status) if not away_text(status) else "")
        self._path.setVisible(bool(self._path.text()))
        self._invite.setVisible(status.link in (LinkState.WAITING, LinkState.LOST))
        self._levels.show_status(status)
        late = f", {status.dropped} late" if status.dropped else ""
        values = (
            f"{status.view_fps:.0f} a second, {status.recorded} of {status.captured} recorded{late}",
            sound_text(status),
            f"{status.delay_ms:.0f} ms to the expert" if status.delay_ms is not None else "–",
            battery_text(status.device),
            minutes_text(status),
        )
        for name, text in zip(FIGURES, values, strict=True):
            self._figures[name].setText(text)
            self._figures[name].setAccessibleName(f"{name}: {text}")

    def tell(self, words: str) -> None:
        """What was done last: a mark, a note, an invitation that was copied."""
        self._kept.setText(words)

    def _mark(self, name: str) -> None:
        self.tell(f"Marked: {name}" if self._seat.mark(name) else f"{NOT_KEPT}: {name}")

    def _show_phase(self, status: StationStatus) -> None:
        live = status.phase == StationPhase.RECORDING
        if live != self._live:
            self._live = live
            self._phase.setText("Recording" if live else "Not recording")
            self._image.setPixmap(icon("record", colours().danger).pixmap(18, 18) if live else QPixmap())
            self._stop.setVisible(live)
            self.marks.set_live(live)
            self.bystander.set_live(live)
            self.note.set_live(live)
        if live:
            self._elapsed.setText(clock_text(status.elapsed_ns))

    def _state(self) -> QWidget:
        self._elapsed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._elapsed.setAccessibleName("Time since recording began")
        self._image.setFixedSize(20, 20)
        return panel(row(self._image, self._phase, self._elapsed, self._stop))

    def _figure_grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        for line, (name, value) in enumerate(self._figures.items()):
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(name, "muted"), line, 0)
            grid.addWidget(value, line, 1)
        return holder
