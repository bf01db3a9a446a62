"""A source made of two: another camera gives the view, and the glasses record for themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError
from woz.capture.aria.source import AriaSource
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, Sink, Source, SourceInfo, VideoFrame


class BesideSource:
    """View and sound are those of `view`; the glasses give their status, and their recording at the end."""

    def __init__(self, view: Source, glasses: AriaSource) -> None:
        self._view = view
        self._glasses = glasses

    @property
    def info(self) -> SourceInfo:
        return replace(self._view.info, name=f"{self._view.info.name} beside {self._glasses.info.name}")

    @property
    def records_itself(self) -> bool:
        return self._glasses.records_itself

    def start(self, sink: Sink) -> None:
        self._glasses.start(_StatusOnly(sink))
        try:
            self._view.start(sink)
        except WozError:
            self._glasses.stop()
            raise

    def stop(self) -> None:
        self._view.stop()
        self._glasses.stop()

    def begin_own_recording(self) -> None:
        self._glasses.begin_own_recording()

    def end_own_recording(self) -> str:
        return self._glasses.end_own_recording()

    def fetch_own_recording(self, target: Path) -> None:
        self._glasses.fetch_own_recording(target)


class _StatusOnly:
    """What the glasses give beside their status is the other camera's to give."""

    def __init__(self, sink: Sink) -> None:
        self.status = sink.status

    def video(self, frame: VideoFrame) -> None: ...

    def audio(self, block: AudioBlock) -> None: ...

    def gaze(self, sample: GazeSample) -> None: ...

    def ended(self, fault: WozError | None) -> None:
        if fault:
            self.status(DeviceStatus(problem=str(fault)))
