"""Has the voices' waveforms for the time line: read from beside the film, else made beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.editor.beside import once_open
from ui.widgets.ending import Ending, Worker
from woz.base.supervision import Supervisor
from woz.model.people import Role
from woz.recording.folder.waves import load_wave, make_waves

VOICES = (Role.TRAINEE, Role.EXPERT)
"""By their track in the film."""


class WaveLoader(QObject):
    """`ready` gives a voice and its waveform, `progress` the part (0..1) that is made, None once nothing is made,
    `failed` why not.
    """

    ready = Signal(object, object)
    progress = Signal(object)
    failed = Signal(str)

    def __init__(self, film: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._closed = False
        self._supervisor = Supervisor()
        self._worker = Worker("drawing of the sound")

    def start(self) -> None:
        """What is there is given at once; else the film's sound is decoded on another thread, and kept."""
        waves = [load_wave(self._film, track) for track in range(len(VOICES))]
        if None not in waves:
            for voice, wave in zip(VOICES, waves, strict=True):
                self.ready.emit(voice, wave)
            return
        self.progress.emit(0.0)
        once_open(self, lambda: self._worker.begin(self._make))

    def close(self, ending: Ending | None = None) -> None:
        """What is being made is given up."""
        self._closed = True
        self._worker.end(ending or Ending())

    def _make(self) -> None:
        """A film with fewer voices, or none, is done as well."""
        try:
            waves = make_waves(self._film, self._tell)
            for voice, wave in zip(VOICES, waves or (), strict=False):
                self.ready.emit(voice, wave)
        except Exception as error:
            self.failed.emit(str(self._supervisor.failed("drawing of the sound", error)))
        self.progress.emit(None)

    def _tell(self, part: float) -> bool:
        self.progress.emit(part)
        return not self._closed
