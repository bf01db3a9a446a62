"""The operator's window: the view, both voices, who is there, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMainWindow, QMessageBox, QVBoxLayout, QWidget

from ui.bridge import Bridge
from ui.theme import GRID, icon
from ui.widgets.meter import Meter
from ui.widgets.parts import Banner, action, button, bytes_text, clock_text, help_action, label, panel, row
from ui.widgets.qr import qr_label
from ui.widgets.video_view import VideoView
from woz.seats import LinkState, StationPhase, StationSeat, StationStatus

LINK_WORDS = {
    LinkState.WAITING: "No expert yet: send the invitation",
    LinkState.CONNECTING: "The expert is joining …",
    LinkState.LIVE: "The expert is here",
    LinkState.LOST: "The link to the expert is lost; it comes back by itself",
    LinkState.ENDED: "The link is closed",
}
PHASE_WORDS = {
    StationPhase.READY: "Ready to record",
    StationPhase.RECORDING: "Recording",
    StationPhase.CLOSING: "Saving the session …",
    StationPhase.CLOSED: "The session is saved",
}


class StationWindow(QMainWindow):
    """Shows a `StationSeat` that tells its news through the bridge."""

    def __init__(self, seat: StationSeat, bridge: Bridge, unasked: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._seat = seat
        self._unasked = unasked
        self._phase = StationPhase.READY
        self.setWindowTitle(f"woz station – {seat.procedure.name}")
        self.setWindowIcon(icon("woz"))
        self.resize(1280, 800)
        self._view = VideoView("Waiting for the glasses …\nThe view appears here as soon as they send.")
        self._banner = Banner()
        self._build()
        self._actions()
        bridge.status_changed.connect(self._show_status)
        bridge.picture_arrived.connect(self._view.show_picture)

    @property
    def problem(self) -> str:
        return self._banner.text

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GRID)
        left.addWidget(self._banner)
        left.addWidget(self._view, 1)
        side = QVBoxLayout()
        side.setSpacing(GRID * 2)
        for part in (self._session_panel(), self._voices_panel(), self._figures_panel(), self._invitation_panel()):
            side.addWidget(part)
        side.addWidget(self._note_field())
        side.addStretch(1)
        holder = QWidget()
        holder.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        holder.setFixedWidth(340)
        body = QHBoxLayout()
        body.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        body.setSpacing(GRID * 2)
        body.addLayout(left, 1)
        body.addWidget(holder)
        centre = QWidget()
        centre.setLayout(body)
        self.setCentralWidget(centre)

    def _session_panel(self) -> QWidget:
        self._phase_label = label(PHASE_WORDS[StationPhase.READY], "heading")
        self._elapsed = label("0:00", "figure")
        self._record = button("Record", "record", "danger")
        self._record.setProperty("role", "danger")
        self._record.clicked.connect(self._record_or_stop)
        top = row(self._phase_label, self._elapsed)
        self._elapsed.setAlignment(Qt.AlignmentFlag.AlignRight)
        return panel(top, self._record)

    def _voices_panel(self) -> QWidget:
        self._link = label(LINK_WORDS[LinkState.WAITING], "heading", wrap=True)
        self._trainee, self._expert = Meter("Level of the trainee's voice"), Meter("Level of the expert's voice")
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for line, (name, meter) in enumerate((("Trainee", self._trainee), ("Expert", self._expert))):
            grid.addWidget(label(name, "muted"), line, 0)
            grid.addWidget(meter, line, 1)
        grid.setColumnStretch(1, 1)
        meters = QWidget()
        meters.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        return panel(self._link, meters)

    def _figures_panel(self) -> QWidget:
        self._figures = {name: label("–") for name in ("View", "Frames", "Delay", "Disk")}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID)
        for line, (name, value) in enumerate(self._figures.items()):
            grid.addWidget(label(name, "muted"), line, 0)
            grid.addWidget(value, line, 1)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setAccessibleName(name)
        grid.setColumnStretch(1, 1)
        figures = QWidget()
        figures.setLayout(grid)
        return panel(figures)

    def _invitation_panel(self) -> QWidget:
        link = QLineEdit(self._seat.invitation)
        link.setReadOnly(True)
        link.setCursorPosition(0)
        link.setAccessibleName("Invitation link")
        self._copy = button("Copy the link", "copy")
        self._copy.clicked.connect(self._copy_link)
        return panel(label("Invitation", "heading"), link, qr_label(self._seat.invitation, 132), self._copy)

    def _note_field(self) -> QWidget:
        self._note = QLineEdit()
        self._note.setPlaceholderText("Note for the journal, Enter to keep it")
        self._note.setAccessibleName("Note for the journal")
        self._note.returnPressed.connect(self._keep_note)
        return self._note

    def _actions(self) -> None:
        action(self, "Record, or stop", "Ctrl+R", self._record_or_stop)
        action(self, "Write a note", "Ctrl+N", self._note.setFocus)
        action(self, "Copy the invitation", "Ctrl+Shift+C", self._copy_link)
        action(self, "Close the station", "Ctrl+Q", self.close)
        help_action(self)

    # what the operator does

    def _record_or_stop(self) -> None:
        if self._phase == StationPhase.READY:
            self._seat.record()
        elif self._phase == StationPhase.RECORDING and self._sure("Stop recording and save the session?"):
            self._seat.stop()

    def _copy_link(self) -> None:
        QGuiApplication.clipboard().setText(self._seat.invitation)
        self._copy.setText("Copied")
        QTimer.singleShot(1500, self._copy, lambda: self._copy.setText("Copy the link"))

    def _keep_note(self) -> None:
        if self._note.text().strip():
            self._seat.note(self._note.text().strip())
            self._note.clear()

    def _sure(self, question: str) -> bool:
        return QMessageBox.question(self, "woz", question) == QMessageBox.StandardButton.Yes

    def closeEvent(self, event: QCloseEvent) -> None:
        recording = self._phase == StationPhase.RECORDING
        if recording and not self._sure("The session is being recorded. Stop, save it, and close the station?"):
            event.ignore()
            return
        event.accept()

    # what the station tells

    def _show_status(self, status: StationStatus) -> None:
        self._phase = status.phase
        self._phase_label.setText(PHASE_WORDS[status.phase])
        self._elapsed.setText(clock_text(status.elapsed_ns))
        recording = status.phase == StationPhase.RECORDING
        self._record.setText("Stop" if recording else "Record")
        self._record.setIcon(icon("stop" if recording else "record", "#ffffff"))
        self._record.setEnabled(status.phase in (StationPhase.READY, StationPhase.RECORDING))
        self._link.setText(LINK_WORDS[status.link])
        self._trainee.set_level(status.trainee_level_db)
        self._expert.set_level(status.expert_level_db)
        self._banner.tell(status.problem)
        self._figures["View"].setText(f"{status.view_fps:.0f} frames a second")
        lost = f", {status.dropped} late" if status.dropped else ""
        self._figures["Frames"].setText(f"{status.recorded} of {status.captured} recorded{lost}")
        self._figures["Delay"].setText(f"{status.delay_ms:.0f} ms to the expert" if status.delay_ms else "–")
        minutes = f", {min(status.disk_minutes, 9999):.0f} min" if status.disk_minutes else ""
        self._figures["Disk"].setText(f"{bytes_text(status.disk_free_bytes)}{minutes}")
