"""The expert's window: the trainee's view as large as it can be, and the procedure beside it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from ui.bridge import Bridge
from ui.theme import GRID, colours, icon
from ui.widgets.meter import Meter
from ui.widgets.parts import Banner, action, button, clock_text, help_action, label, panel, row
from ui.widgets.video_view import VideoView
from woz.seats import ConsoleSeat, ConsoleStatus, LinkState, ViewFrame
from woz.session import Procedure, StepId

LINK_WORDS = {
    LinkState.WAITING: "Waiting for the station",
    LinkState.CONNECTING: "Connecting …",
    LinkState.LIVE: "Connected",
    LinkState.LOST: "Link lost",
    LinkState.ENDED: "The session has ended",
}
OVERLAYS = {
    LinkState.LOST: "The link is lost.\nKeep this window open: view and voice come back by themselves.",
    LinkState.ENDED: "The operator has closed the station.",
}
GOOD_DELAY_MS, FAIR_DELAY_MS = 150, 400


class ConsoleWindow(QMainWindow):
    """Shows a `ConsoleSeat` that tells its news through the bridge."""

    def __init__(self, seat: ConsoleSeat, bridge: Bridge) -> None:
        super().__init__()
        self._seat = seat
        self._muted = False
        self._uploading = False
        self.setWindowTitle("woz console")
        self.setWindowIcon(icon("woz"))
        self.resize(1280, 800)
        self._view = VideoView("Waiting for the trainee's view …\nIt appears as soon as the station sends it.")
        self._banner = Banner()
        self._build()
        self._actions()
        bridge.status_changed.connect(self._show_status)
        bridge.picture_arrived.connect(self._show_picture)
        bridge.procedure_known.connect(self._show_procedure)
        self._view.painted.connect(seat.shown)

    def _build(self) -> None:
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(GRID)
        main.addWidget(self._status_bar())
        main.addWidget(self._banner)
        main.addWidget(self._view, 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GRID * 2)
        side.addWidget(self._voice_panel())
        side.addWidget(self._procedure_panel(), 1)
        holder = QWidget()
        holder.setLayout(side)
        holder.setFixedWidth(300)
        body = QHBoxLayout()
        body.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        body.setSpacing(GRID * 2)
        body.addLayout(main, 1)
        body.addWidget(holder)
        centre = QWidget()
        centre.setLayout(body)
        self.setCentralWidget(centre)

    def _status_bar(self) -> QWidget:
        self._link = label(LINK_WORDS[LinkState.CONNECTING], "heading")
        self._delay = label("–", "heading")
        self._delay.setAccessibleName("Delay of the view")
        self._recording = label("Not recording", "muted")
        bar = row(self._link, self._delay, spacing=GRID * 3)
        layout = bar.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addStretch(1)
        layout.addWidget(self._recording)
        return bar

    def _voice_panel(self) -> QWidget:
        self._heard = label("You are not connected yet", "heading", wrap=True)
        self._own, self._trainee = Meter("Your own level"), Meter("The trainee's level")
        self._mute = button("Mute", "microphone")
        self._mute.setCheckable(True)
        self._mute.clicked.connect(self._toggle_mute)
        return panel(
            self._heard, label("You", "muted"), self._own, label("Trainee", "muted"), self._trainee, self._mute
        )

    def _procedure_panel(self) -> QWidget:
        self._title = label("Procedure", "heading", wrap=True)
        self._steps = QListWidget()
        self._steps.setAccessibleName("Steps of the procedure")
        self._steps.setWordWrap(True)
        self._steps.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._steps.itemClicked.connect(lambda item: self._begin_step(self._steps.row(item)))
        next_step = button("Next step", "step", "primary")
        next_step.clicked.connect(lambda: self._move_step(1))
        mistake, note = button("Mistake", "mistake"), button("Note", "note")
        mistake.clicked.connect(self._mark_mistake)
        note.clicked.connect(self._write_note)
        return panel(self._title, self._steps, next_step, row(mistake, note))

    def _actions(self) -> None:
        action(self, "Mute, or speak", "M", self._toggle_mute)
        action(self, "Next step begins", "N", lambda: self._move_step(1))
        action(self, "Back to the previous step", "P", lambda: self._move_step(-1))
        action(self, "Mark a mistake", "X", self._mark_mistake)
        action(self, "Write a note", "T", self._write_note)
        for i in range(9):
            action(self, f"Step {i + 1} begins", str(i + 1), partial(self._begin_step, i))
        action(self, "Leave the session", "Ctrl+Q", self.close)
        help_action(self)

    # what the expert does

    def _toggle_mute(self) -> None:
        self._muted = not self._muted
        self._mute.setChecked(self._muted)
        self._mute.setText("Speak" if self._muted else "Mute")
        self._mute.setIcon(icon("muted" if self._muted else "microphone"))
        self._seat.mute(self._muted)

    def _move_step(self, by: int) -> None:
        self._begin_step(self._steps.currentRow() + by)

    def _begin_step(self, index: int) -> None:
        if 0 <= index < self._steps.count():
            self._steps.setCurrentRow(index)
            self._seat.step(StepId(self._steps.item(index).data(Qt.ItemDataRole.UserRole)))

    def _mark_mistake(self) -> None:
        self._seat.mistake()
        self._recording.setText("Mistake marked")

    def _write_note(self) -> None:
        text, kept = QInputDialog.getText(self, "Note", "Note for the journal:")
        if kept and text.strip():
            self._seat.note(text.strip())

    def closeEvent(self, event: QCloseEvent) -> None:
        question = "Your recording is still on its way to the station. Leave all the same?"
        if self._uploading and QMessageBox.question(self, "woz", question) != QMessageBox.StandardButton.Yes:
            event.ignore()
            return
        self._seat.leave()
        event.accept()

    # what the console tells

    def _show_picture(self, frame: ViewFrame) -> None:
        self._view.show_picture(frame.image, frame)

    def _show_procedure(self, procedure: Procedure) -> None:
        self._title.setText(procedure.name)
        current = self._steps.currentRow()
        self._steps.clear()
        for i, step in enumerate(procedure.steps):
            item = QListWidgetItem(f"{i + 1}   {step.name}")
            item.setData(Qt.ItemDataRole.UserRole, str(step.id))
            self._steps.addItem(item)
        self._steps.setCurrentRow(current)

    def _show_status(self, status: ConsoleStatus) -> None:
        self._link.setText(LINK_WORDS[status.link])
        self._link.setStyleSheet(f"color: {self._link_colour(status.link)}")
        self._show_delay(status.delay_ms)
        self._recording.setText(self._recording_words(status))
        self._heard.setText(self._heard_words(status))
        self._own.set_level(status.own_level_db)
        self._trainee.set_level(status.trainee_level_db)
        self._view.set_overlay(OVERLAYS.get(status.link, ""))
        self._banner.tell(status.problem)
        self._uploading = status.upload is not None and status.upload < 1 and status.link == LinkState.LIVE

    def _show_delay(self, delay_ms: float | None) -> None:
        self._delay.setText(f"Delay {delay_ms:.0f} ms" if delay_ms is not None else "Delay –")
        fair = delay_ms is None or delay_ms < FAIR_DELAY_MS
        good = delay_ms is not None and delay_ms < GOOD_DELAY_MS
        colour = colours().success if good else colours().warning if fair else colours().danger
        self._delay.setStyleSheet(f"color: {colour}")

    @staticmethod
    def _link_colour(state: LinkState) -> str:
        return {LinkState.LIVE: colours().success, LinkState.LOST: colours().danger}.get(state, colours().muted)

    @staticmethod
    def _recording_words(status: ConsoleStatus) -> str:
        if status.upload is not None:
            done = status.upload >= 1
            return "Safe to close" if done else f"Handing over your recording: {status.upload:.0%}"
        return f"● Recording {clock_text(status.elapsed_ns)}" if status.recording else "Not recording"

    @staticmethod
    def _heard_words(status: ConsoleStatus) -> str:
        if status.link != LinkState.LIVE:
            return "You are not heard: no link"
        return "You are muted" if status.muted else "You are heard"
