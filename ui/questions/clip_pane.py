"""The clip that ends when the question has been asked, as long as one wants it, with what comes next made ready."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QProgressBar, QVBoxLayout, QWidget

from ui.questions.clip import Clip, ClipLoader, Wanted
from ui.questions.clip_player import ClipPlayer
from ui.theme import GRID, icon
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from ui.widgets.push import Push
from ui.widgets.video_view import VideoView
from woz.base.interval import NS_PER_S, seconds
from woz.dataset.questions.proposing import CLIPS_S, clip_before
from woz.lab.resting import Rest
from woz.lab.reviewing import ReviewItem

LONGEST_S = 60
NO_FILM = "The recording isn't here. Connect its disk, or name another folder with woz project media-root."

BEHIND = "Its clip begins when the question has been asked already; 1, 2 or 3 show the last seconds before."


class ClipPane(QWidget):
    """`shown` comes once the first picture of what is wanted is there."""

    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.view = VideoView("")
        self.loader = ClipLoader(self)
        self.player = ClipPlayer(self)
        self._item: ReviewItem | None = None
        self._coming: Sequence[ReviewItem] = ()
        self._length_s: float | None = None
        self._rest: Rest | None = None
        self._fault = ""
        self._time = QProgressBar()
        self._time.setTextVisible(False)
        self._time.setRange(0, 1000)
        self._time.setAccessibleName("Time within the clip")
        self._said = label("", "muted", wrap=True)
        self._build()
        self.player.image.connect(self.view.show_image)
        self.player.moved.connect(self._show_time)
        self.loader.grown.connect(self._grown)

    @property
    def clip_ns(self) -> int | None:
        """The length of its clip as one has chosen it; None where there is none."""
        wanted = self._clip_of(self._item) if self._item else None
        return wanted.span.duration_ns if wanted else None

    @property
    def rest(self) -> Rest | None:
        """What the question set rests on that is played in the place of its clip."""
        return self._rest

    @property
    def fault(self) -> str:
        """Why the clip can't be seen; empty where it can, or is still being decoded."""
        return self._why_none() if self.clip_ns is None else self._fault

    def show_item(self, item: ReviewItem | None, coming: Sequence[ReviewItem] = ()) -> None:
        """Another one begins at its own length; the same one goes on playing."""
        same = item is not None and self._item is not None and item.question.id == self._item.question.id
        if not same:
            self._length_s = self._rest = None
        self._item, self._coming = item, coming
        if item is None or self._rest not in item.playable:
            self._rest = None
        self._want(again=not same)

    def set_length(self, seconds_: float | None) -> None:
        """So many seconds before the question's end; None for the question's own."""
        self._length_s, self._rest = seconds_, None
        self._want(again=True)

    def play_rest(self) -> bool:
        """Play the next of what the question set rests on in the place of its clip; whether there is something."""
        found = self._item.playable if self._item else ()
        if not found:
            return False
        self._rest = found[(found.index(self._rest) + 1) % len(found)] if self._rest in found else found[0]
        self._want(again=True)
        return True

    def close_pane(self) -> None:
        self.player.show_clip(None)
        self.loader.close()

    def _want(self, again: bool) -> None:
        wanted = [w for each in (self._item, *self._coming) if each and (w := self._clip_of(each))]
        own = self._wanted(self._item) if self._item else None
        if self._rest is not None and own is not None:
            wanted.insert(0, own)
        clip = self.loader.want(wanted)
        if self._rest is None:
            self._fault = clip.fault if clip else ""
        if own is None:
            self.player.show_clip(None)
            self.view.clear(self._why_none())
        elif again:
            self.player.show_clip(None)
            if clip is None or not clip.pictures:
                self.view.clear(clip.fault if clip else "")
        if own is not None and clip is not None:
            self._grown(clip)
        self._show_length()

    def _wanted(self, item: ReviewItem) -> Wanted | None:
        """What is played."""
        played = self._rest.played if self._rest and item is self._item else None
        if played is None or item.film is None:
            return self._clip_of(item)
        return Wanted(item.film, played, item.question.answered.start_ns)

    def _clip_of(self, item: ReviewItem) -> Wanted | None:
        question = item.question
        if item.film is None:
            return None
        length_s = self._length_s if item is self._item else None
        span = question.known
        if length_s is not None:
            span = clip_before(span.end_ns, round(length_s * NS_PER_S), span.end_ns)
        return Wanted(item.film, span, question.answered.start_ns) if span else None

    def _why_none(self) -> str:
        """Why there is nothing to be shown."""
        if self._item is None:
            return ""
        return BEHIND if self._item.film else self._item.fault or NO_FILM

    def _grown(self, clip: Clip) -> None:
        own = self._wanted(self._item) if self._item else None
        judged = self._clip_of(self._item) if self._item else None
        if judged is not None and clip.wanted.key == judged.key and clip.fault:
            self._fault = clip.fault
        if own is None or clip.wanted.key != own.key:
            return
        if clip.fault:
            self.view.clear(clip.fault)
        elif clip.pictures and self.player.clip is not clip:
            self.player.show_clip(clip)
            self.shown.emit()

    def _show_time(self, t_ns: int) -> None:
        own = self._wanted(self._item) if self._item else None
        length_ns = own.span.duration_ns if own else 1
        self._time.setValue(min(1000, 1000 * t_ns // length_ns))

    def _show_playing(self, playing: bool) -> None:
        self._pause.setText("Pause" if playing else "Play")
        self._pause.setIcon(icon("pause" if playing else "play"))

    def _show_length(self) -> None:
        length_ns = self.clip_ns
        for choice in self._lengths.buttons():
            choice.setChecked(length_ns is not None and self._lengths.id(choice) * NS_PER_S == length_ns)
        if length_ns:
            self._own.blockSignals(True)
            self._own.setValue(seconds(length_ns))
            self._own.blockSignals(False)
        if self._rest is not None:
            self._said.setText(f"{self._rest.name}, on which it rests; 0 shows its clip again.")
        else:
            self._said.setText("It ends when the question has been asked." if length_ns else "")

    def _build(self) -> None:
        self._lengths = QButtonGroup(self)
        self._lengths.setExclusive(False)
        choices = []
        for length in CLIPS_S:
            made = Push(f"{length} s")
            made.setCheckable(True)
            made.setAccessibleName(f"The last {length} seconds")
            made.clicked.connect(lambda _=False, length=length: self.set_length(length))
            self._lengths.addButton(made, length)
            choices.append(made)
        self._own = QDoubleSpinBox()
        self._own.setRange(0.1, LONGEST_S)
        self._own.setDecimals(1)
        self._own.setSuffix(" s")
        self._own.setAccessibleName("Own length")
        self._own.setKeyboardTracking(False)
        self._own.valueChanged.connect(self.set_length)
        self._pause = button("Play", "play")
        self._pause.clicked.connect(self.player.toggle)
        self.player.playing_changed.connect(self._show_playing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._time)
        layout.addWidget(row(self._pause, *choices, self._own))
        layout.addWidget(self._said)
        steady(self)

    def type_length(self) -> None:
        self._own.setFocus()
        self._own.selectAll()
