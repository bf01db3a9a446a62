"""The faces of one film as somebody reviews them: what they decide and draw is stored, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from ui.application.background import Background as OneThing
from ui.faces.words import BUSY, NOT_LOOKED
from woz.annotation.writing import Background, Executor
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.deidentifying.carrying import Carried, Read, carried, carried_from
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.faces import Box, Decision, Faces, Track
from woz.deidentifying.keeping import load_faces, save_faces
from woz.deidentifying.mending import cut_to, reaching, taken_on, with_drawn
from woz.lab.blurring import SessionFilm
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import FrameIndex


@dataclass(frozen=True, slots=True)
class Film:
    """A film to review; `title` tells it from the others."""

    title: str
    film: SessionFilm

    def frames(self) -> FrameReader:
        """A reader of its own. Raises WozError for a film that can't be read."""
        return FrameReader(self.film.path, self.film.index())


@dataclass(frozen=True, slots=True)
class _Opened:
    faces: Faces | None
    index: FrameIndex
    reader: FrameReader


class FaceDesk(QObject):
    """`opened` comes with another film, `changed` whenever its faces are others, `drawn` with a new track's name,
    `told` with what went wrong, `following` while a box is carried along.
    """

    opened = Signal()
    changed = Signal()
    drawn = Signal(str)
    told = Signal(str)
    following = Signal(bool)
    _called = Signal(object)

    def __init__(self, films: Sequence[Film], by: str, clock: Clock, executor: Executor | None = None) -> None:
        super().__init__()
        self.films, self.by = films, by
        self._clock = clock
        self._called.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor(lambda fault: self._post(lambda: self.told.emit(str(fault))))
        self._work = executor or Background(self._supervisor, self._post)
        self.film: Film | None = None
        self.reader: FrameReader | None = None
        self.faces: Faces | None = None
        self._undone: list[Faces] = []
        self._done: list[Faces] = []
        self._carrying: object = None

    @property
    def times(self) -> list[int]:
        return self.reader.times if self.reader else []

    def track(self, name: str) -> Track | None:
        tracks = self.faces.tracks if self.faces else ()
        return next((track for track in tracks if track.id == name), None)

    def open(self, film: Film) -> None:
        """Another film in the place of the one that is open."""
        self.stop_following()
        self._work.submit(lambda: _open(film), lambda opened: self._take(film, opened), self._fail)

    def close(self) -> None:
        """When all is stored."""
        self.stop_following()
        self._work.close()
        if self.reader:
            self.reader.close()

    # what people do

    def decide(self, name: str, decision: Decision) -> None:
        self._change(lambda faces: decided(faces, {name}, decision, self.by))

    def cut(self, track: Track, first: int, last: int) -> None:
        """Only these frames of a track."""
        self._change(lambda faces: cut_to(faces, track, first, last, self.by))

    def take_on(self, track: Track, number: int) -> None:
        """To a frame before the track or after it: followed, and where that is lost, where it was last."""
        step = 1 if number > track.last else -1
        end, box = (track.last, track.boxes[-1]) if step > 0 else (track.first, track.boxes[0])

        def carry(read: Read) -> Carried:
            boxes = tuple(carried_from(read, end, box, step, most=abs(number - end)))
            found = Carried(end + 1, boxes) if step > 0 else Carried(end - len(boxes), boxes[::-1])
            return reaching(track, (found,), number)

        self._carry(carry, lambda faces, more: taken_on(faces, track, more, self.by))

    def draw(self, number: int, box: Box) -> None:
        """A new track of what was drawn around in a frame, followed to where it is lost."""

        def add(faces: Faces, found: Carried) -> Faces:
            made, track = with_drawn(faces, found, self.by)
            self._post(lambda: self.drawn.emit(track.id))
            return made

        self._carry(lambda read: carried(read, number, box), add)

    def sign_off(self) -> None:
        self._change(lambda faces: signed_off(faces, self.by, self._clock.utc_ns()))

    def undo(self) -> None:
        """What was done in this window with this film."""
        self._go_back(self._done, self._undone, "There is nothing to undo in this film.")

    def redo(self) -> None:
        self._go_back(self._undone, self._done, "There is nothing to do again in this film.")

    def stop_following(self) -> None:
        if self._carrying is not None:
            self._carrying = None
            self.following.emit(False)

    # inside

    def _take(self, film: Film, opened: _Opened) -> None:
        if self.reader:
            self.reader.close()
        self.film, self.reader, self.faces = film, opened.reader, opened.faces
        self._done, self._undone = [], []
        self.told.emit("" if opened.faces else NOT_LOOKED)
        self.opened.emit()
        self.changed.emit()

    def _change(self, change: Callable[[Faces], Faces]) -> None:
        if self.faces is None:
            self.told.emit(NOT_LOOKED if self.film else "")
            return
        try:
            new = change(self.faces)
        except WozError as refusal:
            self.told.emit(str(refusal))
            return
        self._done.append(self.faces)
        self._undone.clear()
        self._store(new)

    def _go_back(self, come: list[Faces], gone: list[Faces], nothing: str) -> None:
        if self.faces is None or not come:
            self.told.emit(nothing)
            return
        gone.append(self.faces)
        self._store(come.pop())

    def _store(self, new: Faces) -> None:
        film, before = self.film, self.faces
        assert film
        self.faces = new
        self.told.emit("")
        self.changed.emit()
        self._work.submit(lambda: save_faces(film.film.path, new, before), lambda _: None, self._not_stored)

    def _not_stored(self, fault: WozError) -> None:
        """What is stored counts: it is read anew, and said why."""
        film = self.film
        if film:
            self.open(film)
        self._work.submit(lambda: None, lambda _: self.told.emit(str(fault)), self._fail)

    def _carry(self, carry: Callable[[Read], Carried], take: Callable[[Faces, Carried], Faces]) -> None:
        film, faces = self.film, self.faces
        if film is None or faces is None:
            self.told.emit(NOT_LOOKED if film else "")
            return
        if self._carrying is not None:
            self.told.emit(BUSY)
            return
        mark = self._carrying = object()
        job = OneThing(self)
        job.done.connect(lambda found: self._carried(mark, lambda now: take(now, found)))
        job.failed.connect(lambda why: self._carried(mark, None, why))
        self.following.emit(True)
        job.begin("following of a box", lambda: self._followed(film, carry, mark))

    def _followed(self, film: Film, carry: Callable[[Read], Carried], mark: object) -> Carried:
        reader = film.frames()
        try:
            return carry(lambda number: reader.read(number) if self._carrying is mark else None)
        finally:
            reader.close()

    def _carried(self, mark: object, change: Callable[[Faces], Faces] | None, why: str = "") -> None:
        if self._carrying is not mark:
            return
        self.stop_following()
        if change is None:
            self.told.emit(why)
        else:
            self._change(change)

    def _fail(self, fault: WozError) -> None:
        self.told.emit(str(fault))

    def _post(self, call: Callable[[], None]) -> None:
        self._called.emit(call)


def _open(film: Film) -> _Opened:
    faces, index = load_faces(film.film.path), film.film.index()
    if faces is not None and faces.frames != len(index.times):
        raise WozError(
            f"{film.film.path.name} has other frames than when faces were looked for; run woz blur detect --again."
        )
    return _Opened(faces, index, FrameReader(film.film.path, index))
