"""The expert's window: the trainee's view as large as it can be, and what the expert needs on both sides of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from ui.application.bridge import Bridge
from ui.application.control import UNASKED
from ui.console.cue_voice import CueVoice
from ui.console.keys import SingleKeys
from ui.console.list_panel import ListPanel
from ui.console.loop import LoopCorner
from ui.console.note_field import NoteField
from ui.console.own_list import MAX_ENTRIES, quick_marks, sentences
from ui.console.status_bar import StatusBar
from ui.console.steps_panel import StepsPanel
from ui.console.view import ConsoleView
from ui.console.voice_panel import VoicePanel
from ui.console.watching import only_watch
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.log_panel import LogPanel, deed_words
from ui.widgets.parts import Banner, action, button, help_action, row
from ui.widgets.questions import sure
from woz.base.errors import WozError
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleSeat, ConsoleStatus, ViewFrame
from woz.live.seats.expert_log import counts
from woz.model.ids import StepId
from woz.model.protocol import Protocol

NOT_KEPT = "Nothing is recorded now: that was not kept"
FAILURE_STAYS_MS = 20_000
OVERLAYS = {
    LinkState.LOST: "The link is lost.\nKeep this window open: view and voice come back by themselves.",
    LinkState.ENDED: "The operator has closed the station.",
}
SIDE_WIDTH = 264


class ConsoleWindow(QMainWindow):
    """Shows a `ConsoleSeat` that tells its news through the bridge; `lists` is where the expert's own lists lie."""

    def __init__(self, seat: ConsoleSeat, bridge: Bridge, lists: Path | None = None) -> None:
        super().__init__()
        self._seat = seat
        self._uploading = self._recording = False
        self._failure = ""
        self.setWindowTitle("woz console")
        self.setWindowIcon(icon("woz"))
        fit(self, 1280, 800)
        self._bar, self._banner, self._view = StatusBar(), Banner(), ConsoleView(seat.now_ns)
        self._loop = LoopCorner(self._view, seat.now_ns)
        self._steps, self._voice, self._note = StepsPanel(), VoicePanel(), NoteField(seat.now_ns)
        self._marks = ListPanel("Quick marks", "", quick_marks(lists))
        self._log = LogPanel()
        self._sentences = ListPanel("Sentences", "Alt+", sentences(lists))
        self._picture, self._again = button("Picture", "camera"), button("Last 30 s", "loop")
        self._gaze = QCheckBox("Trainee's &gaze")
        self._cue_voice = CueVoice(self)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(lambda: self._fail(""))
        self._keys = SingleKeys(self)
        self._build()
        self._tab_order()
        self._actions()
        self._connect(bridge)
        self._gaze.hide()
        if seat.observing:
            only_watch(self, self._sides)
        self._view.setFocus()

    def _build(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(GRID)
        left = _column(self._steps, self._log, row(self._picture, self._again), self._gaze, self._note)
        right = _column(self._voice, self._marks, self._sentences)
        self._sides = (left, right)
        body.addWidget(left)
        body.addWidget(self._view, 1)
        body.addWidget(right)
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._bar)
        layout.addWidget(self._banner)
        layout.addLayout(body, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _tab_order(self) -> None:
        voice, marks = self._voice.controls, [self._marks.edit_button, self._sentences.edit_button]
        order: list[QWidget] = [
            self._view,
            *self._steps.controls,
            self._log.undo_button,
            self._picture,
            self._again,
            self._gaze,
            self._note,
            *voice,
            *marks,
        ]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _connect(self, bridge: Bridge) -> None:
        bridge.status_changed.connect(self._show_status)
        bridge.picture_arrived.connect(self._show_picture)
        bridge.procedure_known.connect(self._steps.show_procedure)
        bridge.protocol_known.connect(self._follow)
        self._view.painted.connect(self._seat.shown)
        self._view.drawn.connect(self._seat.stroke)
        self._voice.muted.connect(self._seat.mute)
        self._voice.volume.connect(self._seat.volume)
        self._voice.hold_changed.connect(lambda _: self._view.setFocus())
        self._voice.refused.connect(self._bar.tell)
        self._steps.began.connect(self._begin_step)
        self._log.undo.connect(self._undo)
        self._steps.mistake.connect(self._mark_mistake)
        self._steps.corrected.connect(self._mark_correction)
        self._picture.clicked.connect(self._snapshot)
        self._again.clicked.connect(self._toggle_loop)
        self._note.written.connect(self._keep_note)
        self._note.left.connect(self._view.setFocus)
        self._marks.chosen.connect(self._quick_mark)
        self._sentences.chosen.connect(self._cue_voice.say)
        self._cue_voice.ready.connect(self._seat.cue)
        for failed in (self._cue_voice.failed, self._marks.failed, self._sentences.failed):
            failed.connect(self._fail)

    def _actions(self) -> None:
        single = self._single
        single("Next step begins", "N", lambda: self._steps.go(1))
        single("Back to the previous step", "P", lambda: self._steps.go(-1))
        single("Mark a mistake", "X", self._mark_mistake)
        single("The mistake was corrected", "C", self._mark_correction)
        single("Take back the last mark", ["U", "Ctrl+Z"], self._undo)
        single("Write a note", "T", self._note.begin)
        for i in range(MAX_ENTRIES):
            single(f"Quick mark {i + 1}", str(i + 1), partial(self._marks.take, i))
            action(self, f"Say sentence {i + 1}", f"Alt+{i + 1}", partial(self._sentences.take, i))
        single("Stop the sentence", "Esc", self._seat.stop_cues)
        single("Mute, or speak", "M", self._voice.toggle)
        single("Open microphone, or hold to talk", "H", self._voice.toggle_hold)
        self._talk = single("Speak while held (hold to talk)", "Space", lambda: self._voice.talk(True))
        self._talk.setAutoRepeat(False)
        single("Keep a picture of the view", "S", self._snapshot)
        single("Last 30 seconds in a corner", "R", self._toggle_loop)
        single("Trainee's gaze, or not", "G", self._gaze.toggle)
        single("Larger", ["+", "="], lambda: self._view.magnify(1))
        single("Smaller", "-", lambda: self._view.magnify(-1))
        single("Fit the view", "0", self._view.fit)
        action(self, "Trainee louder", "Ctrl+Up", lambda: self._voice.louder(1))
        action(self, "Trainee softer", "Ctrl+Down", lambda: self._voice.louder(-1))
        action(self, "Leave the session", "Ctrl+Q", self.close)
        help_action(self)

    def _single(self, name: str, keys: str | list[str], do: Callable[[], object]) -> QAction:
        made = action(self, name, keys, do)
        self._keys.add(made)
        return made

    # what the expert does

    def _begin_step(self, step: str) -> None:
        if not self._seat.step(StepId(step)):
            self._steps.show_what_runs()
            self._bar.tell(NOT_KEPT)

    def _mark_mistake(self) -> None:
        self._bar.tell("Mistake marked" if self._seat.mistake() else NOT_KEPT)

    def _mark_correction(self) -> None:
        if self._seat.correct():
            self._bar.tell("Correction marked")
        else:
            self._bar.tell("No mistake is open" if self._recording else NOT_KEPT)

    def _quick_mark(self, name: str) -> None:
        self._bar.tell(f"Marked: {name}" if self._seat.quick_mark(name) else NOT_KEPT)

    def _keep_note(self, text: str, began_ns: int | None) -> None:
        if self._seat.note(text, began_ns):
            self._bar.tell("Note kept")
        else:
            self._note.give_back(text, began_ns)
            self._bar.tell(NOT_KEPT)

    def _undo(self, deed_id: str = "") -> None:
        deed = self._seat.undo(deed_id)
        self._bar.tell(f"Taken back: {deed_words(deed)}" if deed else "There is nothing to take back")

    def _snapshot(self) -> None:
        try:
            path = self._seat.snapshot()
        except WozError as error:
            self._fail(str(error))
            return
        self._bar.tell(f"Kept {path.name}" if path else "There is no picture yet")

    def _toggle_loop(self) -> None:
        if self._loop.toggle():
            self._bar.tell("R closes the corner again")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._voice.talk(False)
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._voice.talk(False)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.property(UNASKED) and not self._may_leave():
            event.ignore()
            return
        self._seat.leave()
        event.accept()

    def _may_leave(self) -> bool:
        if self._recording and not self._seat.observing:
            question = "The session is being recorded. Leave it?"
            more = "The trainee then has nobody to ask. You can come back by the same invitation."
            return sure(self, question, "Leave the session", "Stay", more)
        if self._uploading:
            question = "Your recording is still on its way to the station. Leave all the same?"
            more = "It stays on this machine, and goes on when you join again."
            return sure(self, question, "Leave now", "Wait", more)
        return True

    # what the console tells

    def _follow(self, protocol: Protocol) -> None:
        self._view.pointing = protocol.pointing_allowed
        self._view.setToolTip(protocol.text)
        self._gaze.setVisible(protocol.gaze_shown)
        self._gaze.setChecked(protocol.gaze_shown)

    def _show_picture(self, frame: ViewFrame) -> None:
        self._view.show_gaze(frame.gaze if self._gaze.isChecked() else None)
        self._view.show_picture(frame.image, frame)
        self._loop.keep(self._view.image)

    def _show_status(self, status: ConsoleStatus) -> None:
        self._bar.show_status(status)
        self._voice.show_status(status)
        self._steps.show_status(status)
        self._log.show_deeds(status.deeds)
        self._marks.show_counts(counts(status.deeds))
        self._view.set_overlay(OVERLAYS.get(status.link, ""))
        self._banner.tell(status.problem or self._failure)
        self._recording = status.recording
        self._uploading = status.upload is not None and status.upload < 1 and status.link == LinkState.LIVE

    def _fail(self, sentence: str) -> None:
        self._failure = sentence
        self._banner.tell(sentence)
        if sentence:
            self._forget.start(FAILURE_STAYS_MS)


def _column(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    holder.setFixedWidth(SIDE_WIDTH)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for widget in widgets:
        layout.addWidget(widget)
    return holder
