"""What the expert always sees: the link, the delay, whether they are heard, whether it is recorded."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.theme import GRID, colours
from ui.widgets.elided import ElidedLabel
from ui.widgets.parts import clock_text, label
from woz.base.counts import counted
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus

LINK_WORDS = {
    LinkState.WAITING: "Waiting for the station",
    LinkState.CONNECTING: "Connecting …",
    LinkState.LIVE: "Connected",
    LinkState.LOST: "Link lost",
    LinkState.ENDED: "The session has ended",
}
GOOD_DELAY_MS, FAIR_DELAY_MS = 150, 400
NEWS_MS = 3_000


class StatusBar(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._link, self._delay = label(LINK_WORDS[LinkState.CONNECTING], "heading"), label("Delay –", "heading")
        self._heard = label("You are not connected yet", "heading")
        self._news, self._recording = ElidedLabel(), label("Not recording", "heading")
        names = ("Link", "Delay of the view", "Whether you are heard", "News", "Recording")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        layout.setSpacing(GRID * 3)
        parts = (self._link, self._delay, self._heard, self._news, self._recording)
        for name, part in zip(names, parts, strict=True):
            part.setAccessibleName(name)
            layout.addWidget(part, 1 if part is self._news else 0)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.timeout.connect(self._news.clear)

    def tell(self, text: str) -> None:
        """A word on what was just done; it goes by itself."""
        self._news.setText(text)
        self._news.setToolTip(text)
        self._forget.start(NEWS_MS)

    @property
    def words(self) -> str:
        """All that it says, for whoever can't see it."""
        parts = (self._link, self._delay, self._heard, self._news, self._recording)
        return " · ".join(part.text() for part in parts if part.text())

    def show_status(self, status: ConsoleStatus) -> None:
        c = colours()
        link = {LinkState.LIVE: c.success, LinkState.LOST: c.danger}.get(status.link, c.muted)
        _say(self._link, LINK_WORDS[status.link] + _unsent(status), link)
        _say(self._delay, _delay_words(status.delay_ms), _delay_colour(status.delay_ms))
        _say(self._heard, _heard_words(status), c.success if _something_is_heard(status) else c.danger)
        _say(self._recording, _recording_words(status), c.danger if status.recording else c.muted)


def _say(where: QLabel, words: str, colour: str) -> None:
    where.setText(words)
    where.setStyleSheet(f"color: {colour}")


def _unsent(status: ConsoleStatus) -> str:
    waits = status.unsent and status.link != LinkState.LIVE
    return f" · {counted(status.unsent, 'mark')} kept here" if waits else ""


def _delay_words(delay_ms: float | None) -> str:
    return f"Delay {delay_ms:.0f} ms" if delay_ms is not None else "Delay –"


def _delay_colour(delay_ms: float | None) -> str:
    if delay_ms is None:
        return colours().muted
    if delay_ms < GOOD_DELAY_MS:
        return colours().success
    return colours().warning if delay_ms < FAIR_DELAY_MS else colours().danger


def _heard_words(status: ConsoleStatus) -> str:
    if status.link != LinkState.LIVE:
        return "You are not heard: no link"
    if status.observing:
        return "You observe: nobody hears you"
    if not status.trainee_has_earpiece:
        return "You are not heard: no earpiece there"
    if status.cue:
        return "A sentence is spoken for you"
    if not status.has_microphone:
        return "You are not heard: no microphone"
    return "You are heard" if status.heard else "You are muted"


def _something_is_heard(status: ConsoleStatus) -> bool:
    """Of the expert's, or the sentence that is spoken for them."""
    spoken = status.link == LinkState.LIVE and bool(status.cue) and status.trainee_has_earpiece
    return status.heard or spoken


def _recording_words(status: ConsoleStatus) -> str:
    if status.upload is not None:
        return "Safe to close" if status.upload >= 1 else f"Handing over your recording: {status.upload:.0%}"
    return f"● Recording {clock_text(status.elapsed_ns)}" if status.recording else "Not recording"
