"""Times a turn's words by its sound, in the background, for the transcript panel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from ui.widgets.ending import Ending, Worker
from woz.base.errors import WozError
from woz.lab.voice_tracks import track_of
from woz.model.transcript import Turn
from woz.recording.folder.session_folder import SessionFolder
from woz.transcription.aligner import Aligner
from woz.transcription.models import models_folder
from woz.transcription.task import Settings, Timing


class WordTiming(QObject):
    """`timed` gives a turn as it was asked for, and its words' times; `failed` the turn, and why in a sentence."""

    timed = Signal(object, object)
    failed = Signal(object, str)
    _answered = Signal(object, object)

    def __init__(self, film: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._aligner = Aligner()
        self._closed = False
        self._worker = Worker("timing of words")
        self._answered.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def ask(self, turn: Turn, language: str) -> None:
        self._worker.begin(lambda: self._answer(turn, language))

    def close(self, ending: Ending | None = None) -> None:
        """Nothing is told after it."""
        self._closed = True
        self._worker.give_up()
        self._aligner.close()
        self._worker.end(ending or Ending())

    def _answer(self, turn: Turn, language: str) -> None:
        """On the worker's thread."""
        span, settings = turn.interval, Settings(models=str(models_folder()))
        try:
            track = track_of(SessionFolder.open(self._film.parent), turn.speaker)
            timing = Timing(track, span.start_ns, span.end_ns, turn.text, language, settings)
            self._answered.emit(turn, self._aligner.times(timing))
        except (WozError, OSError) as error:
            self._answered.emit(turn, str(error))

    def _tell(self, turn: Turn, answer: object) -> None:
        if self._closed:
            return
        (self.failed if isinstance(answer, str) else self.timed).emit(turn, answer)
