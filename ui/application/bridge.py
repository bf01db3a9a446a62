"""Takes the core's calls, which come on any thread, to the window's thread, as Qt signals."""

from __future__ import annotations

import threading

import av
from PySide6.QtCore import QObject, Qt, Signal

from woz.live.seats.console_seat import ConsoleStatus, ViewFrame
from woz.live.seats.station_seat import StationStatus
from woz.model.events import Event
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol


class Bridge(QObject):
    """Listens to a station or a console. Pictures: only the newest waits, however slow the window is."""

    status_changed = Signal(object)
    picture_arrived = Signal(object)
    event_happened = Signal(object)
    procedure_known = Signal(object)
    protocol_known = Signal(object)
    closed = Signal(object)
    _picture_waits = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._newest: av.VideoFrame | ViewFrame | None = None
        self._picture_waits.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def status(self, status: StationStatus | ConsoleStatus) -> None:
        self.status_changed.emit(status)

    def preview(self, image: av.VideoFrame) -> None:
        self._put(image)

    def view(self, frame: ViewFrame) -> None:
        self._put(frame)

    def journalled(self, event: Event) -> None:
        self.event_happened.emit(event)

    def procedure(self, procedure: Procedure) -> None:
        self.procedure_known.emit(procedure)

    def protocol(self, protocol: Protocol) -> None:
        self.protocol_known.emit(protocol)

    def _put(self, picture: av.VideoFrame | ViewFrame) -> None:
        with self._lock:
            waits, self._newest = self._newest is not None, picture
        if not waits:
            self._picture_waits.emit()

    def _hand_over(self) -> None:
        with self._lock:
            picture, self._newest = self._newest, None
        if picture is not None:
            self.picture_arrived.emit(picture)
