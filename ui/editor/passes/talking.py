"""A pass in which a held key pauses and records what the annotator says about the moment; releasing goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.editor.marking import NO_TIER, Marking
from ui.editor.passes.key_up import KeyUp
from ui.editor.player import Player
from ui.widgets.ending import Ending, Worker
from woz.annotation import commands
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.spoken import may_be_spoken, sounding, written
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.capture.sound import Microphone
from woz.capture.source import AudioBlock
from woz.capture.stopping import stop_in_time
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.item import ref_to
from woz.model.scheme import Label, TierType
from woz.recording.folder.spoken_note import FOLDER, SpokenNote, note_path
from woz.transcription.note_writer import NoteWriter

LEAST_NS = 250 * NS_PER_MS
"""What is shorter was a slip of the finger."""
NOT_HERE = (
    "Talk makes points that have a text; choose such a tier, or make one: Ctrl+N, Ego-Exo4D's atomic descriptions"
    " or expert commentary."
)
Open = Callable[[], Microphone]
"""Raises WozError where there is no microphone."""


class Talking(QObject):
    """`changed` as a note begins and ends. What is said stands in the session's folder from the first moment on."""

    changed = Signal()
    _heard = Signal(object, object)

    def __init__(
        self,
        document: Document,
        marking: Marking,
        player: Player,
        session: Path,
        microphone: Open,
        writer: NoteWriter,
    ) -> None:
        super().__init__(marking)
        self._document, self._marking, self._player = document, marking, player
        self._session, self._open, self._writer = session, microphone, writer
        self._microphone: Microphone | None = None
        self._note: SpokenNote | None = None
        self._point: AnnotationId | None = None
        self._fault = ""
        self._goes_on = False
        self._closed = False
        self.key_up = KeyUp(self)
        self._worker = Worker("writing of what was said")
        self._heard.connect(self._write, Qt.ConnectionType.QueuedConnection)

    def listen_on(self, watched: QObject) -> None:
        """The key is let go where this widget has the focus."""
        watched.installEventFilter(self)

    @property
    def on(self) -> bool:
        return self._note is not None

    @property
    def words(self) -> str:
        return "Talk: it listens as long as the key is held" if self.on else ""

    def begin(self) -> None:
        """Pause, make a point, and record."""
        marking, label = self._marking, self._label()
        if self.on or label is None:
            return
        self._goes_on = self._player.playing
        if self._player.playing:
            self._player.toggle()
        point = marking.new(label, marking.here_ns)
        if not marking.apply(lambda: Edit("New point", (), (point,))):
            return
        marking.used(label)
        marking.choose(point.tier_id, point.id)
        self._point, self._fault = point.id, ""
        try:
            self._note = SpokenNote(note_path(self._session, point.id))
            self._microphone = self._open()
            self._microphone.start(partial(self._take, self._note), self._failed)
        except WozError as error:
            self._drop()
            marking.said.emit(f"{error} The point is made; D goes to its text, to be typed.")
        self.changed.emit()

    def end(self) -> None:
        """Keep what was said, have it written, and go on."""
        note, point = self._note, self._shown()
        if note is None:
            return
        self._silence()
        self._note = None
        try:
            sha256 = note.close()
            if self._fault:
                raise WozError(self._fault)
            self._keep(note, sha256, point)
        except WozError as error:
            self._marking.said.emit(f"{error} D goes to the text, to be typed.")
        self.changed.emit()
        if self._goes_on and not self._player.playing:
            self._player.toggle()

    def close(self, ending: Ending | None = None) -> None:
        self._goes_on = False
        self.end()
        self._closed = True
        self._worker.give_up()
        self._writer.close()
        self._worker.end(ending or Ending())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusOut and self.on:
            self.end()
        if not self.on or not isinstance(event, QKeyEvent):
            return False
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            self.key_up.repeats(event)
        elif kind == QEvent.Type.KeyRelease:
            held = event.isAutoRepeat() or event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control)
            if not held:
                self.key_up.released(event, self.end)
        return False

    def _label(self) -> Label | None:
        """The one used last in this tier, or its first; None, and why, where nothing can be spoken."""
        marking = self._marking
        tier_type = marking.tier_type
        if tier_type is None or marking.deciding or not may_be_spoken(tier_type) or not marking.labels():
            marking.said.emit(NO_TIER if tier_type is None else NOT_HERE)
            return None
        labels = {each.id: each for each in marking.labels()}
        return next((labels[each] for each in marking.recent if each in labels), next(iter(labels.values())))

    def _shown(self) -> Annotation | None:
        try:
            return self._document.annotation(self._point) if self._point else None
        except KeyError:
            return None

    def _type_of(self, point: Annotation) -> TierType:
        return self._document.tier_type(next(each for each in self._document.tiers if each.id == point.tier_id))

    def _keep(self, note: SpokenNote, sha256: str, point: Annotation | None) -> None:
        if note.duration_ns < LEAST_NS or point is None:
            note.path.unlink(missing_ok=True)
            if point:
                self._marking.apply(lambda: commands.delete(point))
            raise WozError("Hold the key while you speak: nothing was recorded.")
        place = f"{FOLDER}/{note.path.name}"
        self._marking.apply(lambda: sounding(self._type_of(point), point, place, sha256, note.duration_ns))
        self._marking.hinted.emit("What was said is being written …")
        self._worker.begin(lambda: self._listen(note.path, point))

    # other threads

    def _take(self, note: SpokenNote, block: AudioBlock) -> None:
        """Of a microphone that was left behind nothing comes into another note."""
        try:
            if note is self._note:
                note.write(block)
        except OSError as error:
            self._fault = f"What was said can't be kept in {note.path} ({error.strerror})."

    def _failed(self, error: WozError) -> None:
        self._fault = str(error)

    def _listen(self, path: Path, point: Annotation) -> None:
        try:
            self._heard.emit(point, self._writer.text_of(path))
        except WozError as error:
            self._heard.emit(point, error)

    # back on the window's thread

    def _write(self, point: Annotation, said: object) -> None:
        now = self._document.item(ref_to(point))
        if self._closed or not isinstance(now, Annotation):
            return
        self._marking.hinted.emit("")
        if isinstance(said, str) and said.strip():
            self._marking.apply(lambda: written(self._type_of(now), now, said.strip()))
            return
        why = f"What was said isn't written: {said}" if isinstance(said, WozError) else "No words were heard."
        self._marking.said.emit(f"{why} The sound is kept; D goes to the text, to be typed.")

    def _silence(self) -> None:
        microphone, self._microphone = self._microphone, None
        if microphone:
            stop_in_time(f"the microphone {microphone.name}", microphone.stop)

    def _drop(self) -> None:
        self._silence()
        note, self._note = self._note, None
        if note:
            note.path.unlink(missing_ok=True)
