"""The recording that the glasses make for themselves, beside the station's."""

from __future__ import annotations

from collections.abc import Callable

from woz.capture.source import OwnRecorder, Source
from woz.live.station.running_session import RunningSession
from woz.model.events import EventKind

FETCHING = "Waiting for the glasses' own recording, which may take minutes."


class OwnRecording:
    """Does nothing where the source's device doesn't record for itself."""

    def __init__(self, source: Source, session: RunningSession) -> None:
        self._source = source
        self._session = session
        self._name = ""

    def begin(self) -> None:
        if device := self._device:
            device.begin_own_recording()

    def end(self) -> None:
        if device := self._device:
            self._name = device.end_own_recording()
            self._session.journal(EventKind.DEVICE, "source", {"own_recording": self._name})

    def fetch(self, tell: Callable[[str], None]) -> None:
        """Into the session's folder; may take minutes, which `tell` is told. Raises WozError."""
        if (device := self._device) and self._name and self._session.folder:
            tell(FETCHING)
            device.fetch_own_recording(self._session.folder.own_recording)

    @property
    def _device(self) -> OwnRecorder | None:
        source = self._source
        return source if isinstance(source, OwnRecorder) and source.records_itself else None
