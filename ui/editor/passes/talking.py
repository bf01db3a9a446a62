"""A pass in which a held key pauses and records what the annotator says about the moment; releasing goes on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from ui.editor.marking import NO_TIER, Marking
from ui.editor.passes.key_up import KeyUp
from ui.editor.passes.utterance import Open, Utterance
from ui.editor.player import Player
from ui.widgets.ending import Ending, Worker
from woz.annotation import commands
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.spoken import may_be_spoken, sounding, written
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.item import ref_to
from woz.model.scheme import Label, TierType
from woz.recording.folder.spoken_note import FOLDER, note_path
from woz.transcription.note_writer import NoteWriter

LEAST_NS = 250 * NS_PER_MS
"""What is shorter was a slip of the finger."""
NOT_HERE = (
    "Talk makes points that have a text; choose such a tier, or make one: Ctrl+N, Ego-Exo4D's atomic descriptions"
    " or expert commentary."
)
OPENED_WITHIN_MS = 5_000
"""A microphone that takes longer is left behind, and closed as soon as it is open."""
TYPE_IT = "The point is made; D goes to its text, to be typed."
HANGS = f"The microphone doesn't answer; plug it in again and try again. {TYPE_IT}"
SLIP = "Hold the key while you speak: nothing was recorded. The point is gone again."


class Talking(QObject):
    """`changed` as a note begins and ends. What is said stands in the session's folder from the first moment on."""

    changed = Signal()
    _told = Signal(object)
    _heard = Signal(object, object, str)

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
        self._spoken: Utterance | None = None
        """While the key is held."""
        self._kept_soon: list[Utterance] = []
        """Those that aren't over."""
        self._hanging: Utterance | None = None
        self._goes_on = False
        self._closed = False
        self.key_up = KeyUp(self)
        self._worker = Worker("writing of what was said")
        self._told.connect(self._look, Qt.ConnectionType.QueuedConnection)
        self._heard.connect(self._write, Qt.ConnectionType.QueuedConnection)

    def listen_on(self, watched: QObject) -> None:
        """The key is let go where this widget has the focus."""
        watched.installEventFilter(self)

    @property
    def on(self) -> bool:
        return self._spoken is not None

    @property
    def at_rest(self) -> bool:
        """Whether nothing is being said, and all that was is kept."""
        return not self._kept_soon

    @property
    def words(self) -> str:
        if self._spoken is None:
            return ""
        if not self._spoken.listens:
            return "Talk: the microphone is being opened …"
        return "Talk: it listens as long as the key is held"

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
        if self._hanging and self._hanging.hangs:
            marking.said.emit(HANGS)
            return
        spoken = Utterance(point.id, note_path(self._session, point.id), self._open, self._told.emit)
        self._spoken = spoken
        self._kept_soon.append(spoken)
        spoken.begin()
        QTimer.singleShot(OPENED_WITHIN_MS, self, partial(self._leave_behind, spoken))
        self.changed.emit()

    def end(self) -> None:
        """Go on; what was said is kept, and written."""
        spoken, self._spoken = self._spoken, None
        if spoken is None:
            return
        spoken.release()
        self.changed.emit()
        if self._goes_on and not self._player.playing:
            self._player.toggle()

    def close(self, ending: Ending | None = None) -> None:
        ending = ending or Ending()
        self._goes_on = False
        self.end()
        for spoken in tuple(self._kept_soon):
            if spoken.wait(ending):
                self._look(spoken)
            else:
                spoken.leave_behind()
        self._kept_soon.clear()
        self._closed = True
        self._worker.give_up()
        self._writer.close()
        self._worker.end(ending)

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

    def _shown(self, point: AnnotationId) -> Annotation | None:
        try:
            return self._document.annotation(point)
        except KeyError:
            return None

    def _type_of(self, point: Annotation) -> TierType:
        return self._document.tier_type(next(each for each in self._document.tiers if each.id == point.tier_id))

    def _look(self, spoken: Utterance) -> None:
        """At what was told of one that isn't over yet."""
        if spoken not in self._kept_soon:
            return
        if spoken.over:
            self._forget(spoken)
            self._keep(spoken)
        elif spoken.fault:
            self._marking.said.emit(spoken.fault)
        self.changed.emit()

    def _forget(self, spoken: Utterance) -> None:
        self._kept_soon.remove(spoken)
        if self._spoken is spoken:
            self._spoken = None

    def _leave_behind(self, spoken: Utterance) -> None:
        """Unless it listens by now."""
        if spoken.listens or spoken not in self._kept_soon:
            return
        self._forget(spoken)
        self._hanging = spoken
        spoken.leave_behind()
        self._marking.said.emit(HANGS)
        self.changed.emit()

    def _keep(self, spoken: Utterance) -> None:
        point = self._shown(spoken.point)
        if point is None or spoken.duration_ns < LEAST_NS:
            spoken.discard()
        if point is None:
            self._marking.said.emit("The point was taken back, and so was what was said at it.")
        elif spoken.duration_ns >= LEAST_NS:
            self._give(point, spoken)
        elif spoken.fault:
            self._marking.said.emit(f"{spoken.fault} {TYPE_IT}")
        else:
            self._marking.apply(lambda: commands.delete(point))
            self._marking.said.emit(SLIP)

    def _give(self, point: Annotation, spoken: Utterance) -> None:
        """Its sound to the point, and then its words."""
        place = f"{FOLDER}/{spoken.path.name}"
        self._marking.apply(lambda: sounding(self._type_of(point), point, place, spoken.sha256, spoken.duration_ns))
        fault = f"{spoken.fault} What was heard is kept." if spoken.fault else ""
        self._marking.said.emit(fault)
        self._marking.hinted.emit("What was said is being written …")
        self._worker.begin(lambda: self._listen(spoken.path, point, fault))

    # other threads

    def _listen(self, path: Path, point: Annotation, fault: str) -> None:
        try:
            self._heard.emit(point, self._writer.text_of(path), fault)
        except WozError as error:
            self._heard.emit(point, error, fault)

    # back on the window's thread

    def _write(self, point: Annotation, said: object, fault: str = "") -> None:
        """A `fault` of the microphone stays in sight."""
        now = self._document.item(ref_to(point))
        if self._closed or not isinstance(now, Annotation):
            return
        self._marking.hinted.emit("")
        if isinstance(said, str) and said.strip():
            if self._marking.apply(lambda: written(self._type_of(now), now, said.strip())):
                self._marking.said.emit(fault)
            return
        why = f"What was said isn't written: {said}" if isinstance(said, WozError) else "No words were heard."
        self._marking.said.emit(f"{fault} {why} The sound is kept; D goes to the text, to be typed.".strip())
