"""The window in which people review the faces of a film: decide on each, mend what leaks, sign off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import av
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from ui.faces.desk import FaceDesk
from ui.faces.line import TrackLine
from ui.faces.strip import TrackStrip
from ui.faces.view import FaceView, Shown
from ui.faces.words import DRAWING, FOLLOWING, KEYS, NAMES, NO_TRACKS, colour_of, state_words
from ui.theme import GRID, icon
from ui.widgets.fetching import Fetching, Wish
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, clock_text, help_action, label
from ui.widgets.push import Push
from woz.base.counts import counted
from woz.deidentifying.covering import covered
from woz.deidentifying.faces import Box, Decision, Track

Do = Callable[[], object]
STRIDE = 10
PLAYING_MS = 33


class FacesWindow(QMainWindow):
    """Everything is done by key; what is shown comes from a desk."""

    def __init__(self, desk: FaceDesk) -> None:
        super().__init__()
        self.desk = desk
        self.number = 0
        self._seen = set[str]()
        self._blurred = False
        self._frames: Fetching | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(PLAYING_MS)
        self._timer.timeout.connect(self._play_on)
        self.setWindowTitle("Faces – woz")
        self.setWindowIcon(icon("woz"))
        fit(self, 1280, 820)
        self._banner, self.view, self.line, self.strip = Banner(), FaceView(), TrackLine(), TrackStrip()
        self._build()
        self._actions()
        desk.opened.connect(self._open)
        desk.changed.connect(self._show)
        desk.told.connect(self._banner.tell)
        desk.drawn.connect(self.strip.choose)
        desk.following.connect(lambda on: self._hint.setText(FOLLOWING if on else ""))
        self.strip.chosen.connect(self._go_to_track)
        self.line.wanted.connect(self.go)
        self.view.drawn.connect(self._drawn)
        self.view.left.connect(self._left_drawing)
        self.strip.setFocus()

    @property
    def told(self) -> str:
        return self._banner.text

    @property
    def state(self) -> str:
        return self._state.text()

    @property
    def chosen(self) -> Track | None:
        return self.desk.track(self.strip.current)

    def begin(self) -> None:
        """The film that is chosen above."""
        films = self.desk.films
        if films:
            self.desk.open(films[max(0, self._films.currentIndex())])

    def go(self, number: int) -> None:
        """Show a frame."""
        count = len(self.desk.times)
        if self._frames is None or not count:
            return
        back, self.number = number < self.number, min(max(0, number), count - 1)
        self._frames.ask(Wish(self.number, back=back))
        self.line.show_at(self.number)
        self._where.setText(f"{clock_text(self.desk.times[self.number])}   frame {self.number} of {count}")
        self._show_boxes()

    def decide(self, decision: Decision) -> None:
        """On the chosen track; then the next open one is shown."""
        track, faces = self.chosen, self.desk.faces
        if track is None or faces is None:
            self._banner.tell("There is no track to decide on; draw around a face with D, or by dragging.")
            return
        self.desk.decide(track.id, decision)
        if self.desk.faces is not None:
            self.strip.next_open(self.desk.faces)

    def sign_off(self) -> None:
        """Somebody who signs looked at each track that others decided on."""
        faces = self.desk.faces
        waiting = [
            each
            for each in (faces.tracks if faces else ())
            if not each.checked and each.by != self.desk.by and each.id not in self._seen
        ]
        if waiting and faces and not faces.open:
            count = counted(len(waiting), "track was", "tracks were")
            self.strip.choose_first({each.id for each in waiting})
            self._banner.tell(f"{count} not shown to you yet; look at all (Down), then sign off.")
            return
        self.desk.sign_off()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._close_reading()
        self.desk.close()
        super().closeEvent(event)

    # what is shown

    def _open(self) -> None:
        self._close_reading()
        film, reader = self.desk.film, self.desk.reader
        assert film
        assert reader
        self._seen, self.number = set(), 0
        self.strip.begin(film.frames)
        self._frames = Fetching(reader, self)
        self._frames.came.connect(self._came)
        if self.desk.faces:
            self.view.set_size(self.desk.faces.width, self.desk.faces.height)
        self.view.clear("")
        self.go(0)

    def _close_reading(self) -> None:
        if self._frames:
            self._frames.close()
            self._frames = None
        self.strip.close_reading()

    def _came(self, _: Wish, frame: av.VideoFrame | None) -> None:
        if frame is None:
            self.view.clear("This frame can't be read; see to the film with woz check.")
        else:
            self.view.show_picture(frame)

    def _show(self) -> None:
        faces = self.desk.faces
        if faces is None:
            self._state.setText("")
            self.strip.clear()
            return
        first = not self.strip.count()
        self.strip.show_faces(faces, self.desk.times)
        self._state.setText(state_words(faces, self.desk.by))
        if not faces.tracks:
            self._hint.setText(NO_TRACKS)
        self.line.show_tracks(faces.tracks, faces.frames, self.strip.current)
        if first and faces.tracks:
            self._go_to_track(self.strip.current)
        self._show_boxes()

    def _go_to_track(self, name: str) -> None:
        track = self.desk.track(name)
        if track is None or self.desk.faces is None:
            return
        self._seen.add(name)
        self._banner.tell("")
        self.line.show_tracks(self.desk.faces.tracks, self.desk.faces.frames, name)
        self.go(track.surest)

    def _show_boxes(self) -> None:
        faces = self.desk.faces
        if faces is None:
            self.view.show_boxes((), None)
            return
        now = [(track, box) for track in faces.tracks if (box := track.box(self.number))]
        shown = [
            Shown(box, colour_of(track.decision), f"{track.id} {NAMES[track.decision]}", track.id == current)
            for current in (self.strip.current,)
            for track, box in now
        ]
        hidden = tuple(covered(faces, faces.tracks, self.number)) if self._blurred else None
        self.view.show_boxes(tuple(shown), hidden)

    # what is done

    def _step(self, steps: int) -> None:
        self._timer.stop()
        self.go(self.number + steps)

    def _play(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            self._timer.start()

    def _play_on(self) -> None:
        """The next frame once this one is there; none is passed over."""
        if self._frames is None or self._frames.waits:
            return
        if self.number + 1 >= len(self.desk.times):
            self._timer.stop()
        self.go(self.number + 1)

    def _bound(self, end: bool) -> None:
        """The chosen track ends (or begins) at this frame: it is cut back, or taken on."""
        track = self.chosen
        if track is None:
            self._banner.tell("There is no track to mend; draw around a face with D, or by dragging.")
        elif (end and self.number > track.last) or (not end and self.number < track.first):
            self.desk.take_on(track, self.number)
        else:
            self.desk.cut(track, *((track.first, self.number) if end else (self.number, track.last)))

    def _drawn(self, box: Box) -> None:
        self._timer.stop()
        self._left_drawing()
        self.desk.draw(self.number, box)

    def _begin_drawing(self) -> None:
        self._timer.stop()
        if self.desk.faces is None:
            return
        self._hint.setText(DRAWING)
        self.view.begin_drawing()

    def _left_drawing(self) -> None:
        self._hint.setText("")
        self.strip.setFocus()

    def _escape(self) -> None:
        self._timer.stop()
        self.desk.stop_following()

    def _look_blurred(self) -> None:
        self._blurred = not self._blurred
        self._see_blurred.setChecked(self._blurred)
        self._show_boxes()

    # building

    def _build(self) -> None:
        self._state, self._where, self._hint = (
            label("", "heading"),
            label("", "muted"),
            label("", "muted", wrap=True),
        )
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget, stretch in ((self.view, 1), (self.line, 0)):
            column.addWidget(widget, stretch)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.strip)
        splitter.addWidget(beside)
        splitter.setSizes([330, 900])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        self.strip.setMinimumWidth(250)
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addLayout(self._top())
        layout.addWidget(self._banner)
        layout.addWidget(splitter, 1)
        layout.addLayout(self._bottom())
        layout.addWidget(self._hint)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _top(self) -> QHBoxLayout:
        self._films = QComboBox()
        self._films.setAccessibleName("Film")
        self._films.addItems([film.title for film in self.desk.films])
        self._films.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._films.activated.connect(lambda _: self.begin())
        top = QHBoxLayout()
        top.setSpacing(GRID * 2)
        top.addWidget(self._films)
        top.addWidget(self._state, 1)
        for widget in (self._where, label(self.desk.by, "heading")):
            top.addWidget(widget)
        return top

    def _bottom(self) -> QHBoxLayout:
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        decisions: list[tuple[str, Do]] = [
            (f"{NAMES[each]} ({key})", partial(self.decide, each)) for each, key in KEYS.items()
        ]
        mending: list[tuple[str, Do]] = [
            ("Draw (D)", self._begin_drawing),
            ("Begins here ([)", partial(self._bound, False)),
            ("Ends here (])", partial(self._bound, True)),
        ]
        self._see_blurred = _push("As blurred (V)", self._look_blurred)
        self._see_blurred.setCheckable(True)
        for name, do in decisions:
            bottom.addWidget(_push(name, do))
        bottom.addSpacing(GRID * 2)
        for name, do in mending:
            bottom.addWidget(_push(name, do))
        bottom.addWidget(self._see_blurred)
        bottom.addStretch(1)
        bottom.addWidget(_push("Undo (Ctrl+Z)", self.desk.undo))
        bottom.addWidget(_push("Sign off (S)", self.sign_off))
        return bottom

    def _actions(self) -> None:
        for decision, key in KEYS.items():
            action(self, NAMES[decision], key, partial(self.decide, decision))
        action(self, "Draw around a face", "D", self._begin_drawing)
        action(self, "The track begins here: cut back, or taken on", "[", partial(self._bound, False))
        action(self, "The track ends here: cut back, or taken on", "]", partial(self._bound, True))
        action(self, "As it will be blurred", "V", self._look_blurred)
        action(self, "Play, pause", "Space", self._play)
        for keys, steps, what in ((("Right", "Left"), 1, "frame"), (("Shift+Right", "Shift+Left"), STRIDE, "ten")):
            action(self, f"The next {what}", keys[0], partial(self._step, steps))
            action(self, f"The {what} before", keys[1], partial(self._step, -steps))
        action(self, "To the track's beginning", "Home", partial(self._edge, False))
        action(self, "To the track's end", "End", partial(self._edge, True))
        action(self, "Sign off, as the second person", "S", self.sign_off)
        action(self, "Undo", "Ctrl+Z", self.desk.undo)
        action(self, "Do again", ["Ctrl+Shift+Z", "Ctrl+Y"], self.desk.redo)
        action(self, "Stop following, stop playing", "Escape", self._escape)
        action(self, "Choose the film", "Ctrl+O", self._films.setFocus)
        action(self, "Close", "Ctrl+Q", self.close)
        help_action(self)

    def _edge(self, end: bool) -> None:
        track = self.chosen
        if track:
            self._step((track.last if end else track.first) - self.number)


def _push(name: str, do: Do) -> Push:
    made = Push(name)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.clicked.connect(lambda: do())
    return made
