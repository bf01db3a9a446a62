"""The operator's window: the view, and beside it what to check before, and to watch while, recording."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import cast

import av
from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui.application.bridge import Bridge
from ui.application.control import UNASKED
from ui.station.check_page import CheckPage
from ui.station.checking import Finding
from ui.station.consent_question import ConsentQuestion
from ui.station.expert_strip import ExpertStrip
from ui.station.live_page import LivePage
from ui.station.preview import Preview
from ui.station.saved import Saved
from ui.station.saved_page import SavedPage
from ui.station.words import away_text
from ui.theme import GRID, icon
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, help_action
from ui.widgets.questions import sure
from woz.base.errors import WozError
from woz.capture.gaze_point import gaze_point
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationSeat, StationStatus
from woz.model.events import Event, EventKind

SIDE_WIDTH = 480
UNKEPT = "Nothing is recorded: that they agreed could not be kept."
LATER = "The form opens once the project answers, with all that was entered."
SENT_AWAY = "The expert is sent away, and needs the new invitation to come again."
ALWAYS = "always"
"""The property of an action that works on each page."""


class StationWindow(QMainWindow):
    """Shows a `StationSeat` that tells its news through the bridge.

    `unasked` are the pseudonyms of those who have not agreed to be recorded here; where they do, `agreed` is told
    who, and to which version of the text; `version` is the one that is offered. `away` says why the project
    can't be reached, so that the form couldn't open.
    """

    annotate = Signal()
    """The session that was saved."""
    another = Signal()
    """A new session; this window has closed."""
    back = Signal()
    """To the form; this window has closed, and nothing was recorded."""

    def __init__(
        self,
        seat: StationSeat,
        bridge: Bridge,
        unasked: tuple[str, ...] = (),
        settings: QSettings | None = None,
        agreed: Callable[[tuple[str, ...], str], None] = lambda names, version: None,
        version: str = "1",
        away: Callable[[], str] = str,
    ) -> None:
        super().__init__()
        self._seat, self._unasked, self._agreed, self._version = seat, unasked, agreed, version
        self._why_away = away
        self._phase, self._link = StationPhase.READY, LinkState.WAITING
        self._unkept = ""
        """Why a recording that was wished could not begin, where the station itself knows nothing of it."""
        self._awaits = self._problem = ""
        self.setWindowTitle(f"woz station – {seat.procedure.name}")
        self.setWindowIcon(icon("woz"))
        fit(self, 1280, 800)
        self._view = Preview("Waiting for the glasses …\nThe view appears here as soon as they send.")
        self._banner, self._away = Banner(), Banner(loud=True)
        self.saved = SavedPage()
        self._gaze = QCheckBox("Draw the gaze (about)")
        self.checks = CheckPage(seat, unasked, self._record_or_stop, self._go_back)
        kept = settings or QSettings("woz", "woz")
        self.live = LivePage(self, seat, kept, self._record_or_stop, self._copy_link)
        self._expert = ExpertStrip(seat.procedure)
        self._build()
        self._actions()
        self._show_status(StationStatus(StationPhase.READY, LinkState.WAITING))
        bridge.status_changed.connect(self._show_status)
        bridge.picture_arrived.connect(self._show_picture)
        bridge.event_happened.connect(self._show_event)

    @property
    def problem(self) -> str:
        return self._banner.text

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GRID)
        left.addWidget(self._away)
        left.addWidget(self._banner)
        left.addWidget(self._view, 1)
        left.addWidget(self._gaze)
        left.addWidget(self.checks.invitation)
        left.addWidget(self._expert)
        self._gaze.hide()
        self._pages = QStackedWidget()
        self._pages.setFixedWidth(SIDE_WIDTH)
        self._pages.addWidget(self.checks)
        self._pages.addWidget(self.live)
        desk = QWidget()
        body = QHBoxLayout(desk)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(GRID * 2)
        body.addLayout(left, 1)
        body.addWidget(self._pages)
        self._rooms = QStackedWidget()
        self._rooms.addWidget(desk)
        self._rooms.addWidget(self.saved)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.addWidget(self._rooms)
        self.setCentralWidget(centre)
        self.saved.annotate.connect(self.annotate)
        self.saved.another.connect(self._begin_another)
        self.saved.leave.connect(self.close)

    def _actions(self) -> None:
        action(self, "Record, or stop", "Ctrl+R", self._record_or_stop)
        action(self, "Play the chime in the earpiece", "Ctrl+P", self.checks.play_chime)
        action(self, "Back to the form", "Ctrl+B", self._go_back)
        action(self, "Write a note", "Ctrl+N", self.live.note.setFocus)
        action(self, "Draw the gaze, or don't", "Ctrl+G", self._gaze.toggle)
        action(self, "Change the marks", "Ctrl+M", self.live.marks.change)
        action(self, "Copy the invitation", "Ctrl+Shift+C", self._copy_link)
        action(self, "Copy an observer's invitation", "Ctrl+Shift+O", self._copy_observer_link)
        for always in (action(self, "Close the station", "Ctrl+Q", self.close), help_action(self)):
            always.setProperty(ALWAYS, True)

    # what the operator does

    def _record_or_stop(self) -> None:
        if self._phase == StationPhase.READY:
            self._record()
        elif self._phase == StationPhase.RECORDING and sure(
            self, "Stop recording?", "Stop and save", "Keep recording", "The session is then closed and saved."
        ):
            self._seat.stop()

    def _record(self) -> None:
        self._unkept = ""
        try:
            may = self._may_record()
        except WozError as fault:
            self._unkept = f"{UNKEPT} {fault}"
            self._show_banner()
            return
        if may:
            with contextlib.suppress(WozError):  # the status tells it
                self._seat.record()

    def _may_record(self) -> bool:
        """Raises WozError where a yes can't be kept."""
        if not self._unasked:
            return True
        question = ConsentQuestion(self, self._unasked, self._version)
        if not question.exec():
            return False
        self._version = question.version
        self._agreed(self._unasked, self._version)
        self._unasked = ()
        self.checks.show_consent(())
        return True

    def _copy_link(self) -> None:
        self._copy(self._seat.invitation, "Copied: the invitation for the expert")

    def _copy_observer_link(self) -> None:
        self._copy(self._seat.observer_invitation, "Copied: an invitation for observers")

    def _copy(self, link: str, words: str) -> None:
        """The page that is shown says so."""
        QGuiApplication.clipboard().setText(link)
        if self._phase == StationPhase.READY:
            self.checks.invitation.tell(words)
        else:
            self.live.tell(words)

    def _go_back(self) -> None:
        """To the form, where nothing has been recorded yet; the invitation ends with the station."""
        if self._phase != StationPhase.READY:
            return
        away = self._why_away()
        more = [f"{away} {LATER}"] if away else []
        more += [] if self._link == LinkState.WAITING else [SENT_AWAY]
        if more and not sure(self, "Back to the form?", "Go back", "Stay here", "\n\n".join(more)):
            return
        if self.close():
            self.back.emit()

    def _begin_another(self) -> None:
        if self.close():
            self.another.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        recording = self._phase == StationPhase.RECORDING
        question = "The session is being recorded. Stop, save it, and close the station?"
        if (
            recording
            and not self.property(UNASKED)
            and not sure(self, question, "Stop and close", "Keep recording")
        ):
            event.ignore()
            return
        event.accept()

    # what the station tells

    def _show_status(self, status: StationStatus) -> None:
        self._show_room(status.phase)
        self._phase, self._link, self._problem = status.phase, status.link, status.problem
        self._show_banner()
        self.saved.problem.tell(status.problem)
        self.saved.show_awaited(status.awaits)
        self._away.tell(away_text(status))
        ready = status.phase == StationPhase.READY
        self._show_page(self.checks if ready else self.live)
        self.checks.invitation.setVisible(ready)
        self._expert.setVisible(not ready)
        if ready:
            self.checks.show_status(status)
        self.live.show_status(status)

    def show_awaited(self, words: str) -> None:
        """What a yes waits for; empty once it is kept."""
        self._awaits = words
        self._show_banner()

    def _show_banner(self) -> None:
        unkept = self._unkept if self._phase == StationPhase.READY else ""
        self._banner.tell(" ".join(filter(None, (unkept, self._awaits, self._problem))))

    def _show_page(self, page: QWidget) -> None:
        """Nothing has the focus then, so that no key presses what happens to come first."""
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            self.setFocus()

    def _show_room(self, phase: StationPhase) -> None:
        """Once it stops, the desk makes way for what was saved."""
        over = phase in (StationPhase.CLOSING, StationPhase.CLOSED)
        if over and self._rooms.currentWidget() is not self.saved:
            self._gaze.hide()
            self._rooms.setCurrentWidget(self.saved)
            for each in self.actions():
                each.setEnabled(bool(each.property(ALWAYS)))

    def show_saved(self, saved: Saved, checked: bool) -> None:
        """`checked`: a check has begun, whose finding is shown later."""
        self.saved.show_saved(saved, checked)

    def show_far(self, percent: int, what: str) -> None:
        self.saved.show_far(percent, what)

    def show_finding(self, finding: Finding) -> None:
        self.saved.show_finding(finding)

    def _show_picture(self, picture: av.VideoFrame) -> None:
        self._view.show_picture(picture)
        gaze = self._seat.gaze
        self._gaze.setVisible(gaze is not None)
        self._view.show_gaze(gaze_point(gaze) if gaze and self._gaze.isChecked() else None)

    def _show_event(self, event: Event) -> None:
        self._expert.take(event)
        if event.kind == EventKind.STROKE:
            self._view.show_stroke(cast("list[list[float]]", event.data["points"]))
