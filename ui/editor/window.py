"""The editor's window: video, transcript, inspector, and the time line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.editor.conflict_bar import ConflictBar
from ui.editor.item_history import ItemHistory
from ui.editor.keys import ANYWHERE, BEYOND, NOT_TYPING, TYPING, Keys, Place
from ui.editor.player import SPEEDS, Player
from ui.editor.subject import Subject, away_words, frames_of
from ui.editor.timeline import Timeline
from ui.editor.transcript import TranscriptPanel
from ui.editor.transcript_commands import Backing, TranscriptCommands
from ui.editor.wave_loader import WaveLoader
from ui.editor.word_timing import WordTiming
from ui.theme import GRID, icon
from ui.widgets.parts import Banner, Shortcuts, button, clock_text, label, panel, row
from ui.widgets.video_view import VideoView
from woz.annotation import commands
from woz.annotation.document import Change, Document
from woz.annotation.edits import Edit
from woz.annotation.label_of import label_of
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, new_id
from woz.model.item import ItemRef
from woz.model.own_schemes import MISTAKE
from woz.model.scheme import TierType
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn

NEW_SEGMENT_NS = 2 * NS_PER_S


class EditorWindow(QMainWindow):
    """Edits a document; every change is stored by the document before it shows."""

    def __init__(self, subject: Subject, document: Document) -> None:
        """Raises WozError where the media file can't be read."""
        super().__init__()
        self._subject = subject
        self._document = document
        frames = frames_of(subject)
        self._times = frames.times
        self._player = Player(subject.media, frames, self)
        duration_ns = subject.session.duration_ns or (self._times[-1] if self._times else NS_PER_S)
        self._timeline = Timeline(document, duration_ns)
        self._view = VideoView("The video has no picture." if frames.here else away_words(subject.media))
        self._banner = Banner()
        self._conflicts = ConflictBar(document)
        self._tier: Tier | None = next(iter(document.tiers), None)
        self._chosen: AnnotationId | None = None
        self._in_ns: int | None = None
        self.setWindowTitle(f"woz editor – {subject.session.title}")
        self.setWindowIcon(icon("woz"))
        self.resize(1280, 800)
        self._history = ItemHistory(self, document, subject.history, self._player.seek)
        self._build()
        self._actions()
        self._connect()
        self._choose(self._tier.id if self._tier else None, None)
        self._player.show_frame(0)
        self._timeline.setFocus()
        self._play.setEnabled(frames.here)
        if frames.here:
            self._waves.start()

    # building

    def _build(self) -> None:
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self._video_side())
        upper.addWidget(self._text_side())
        upper.setStretchFactor(0, 3)
        upper.setStretchFactor(1, 2)
        upper.setSizes([760, 500])
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID)
        below.addWidget(self._transport())
        below.addWidget(self._timeline, 1)
        whole = QSplitter(Qt.Orientation.Vertical)
        whole.addWidget(upper)
        whole.addWidget(lower)
        whole.setStretchFactor(0, 1)
        whole.setCollapsible(0, False)
        whole.setCollapsible(1, False)
        wanted = min(max(self._timeline.wanted_height, 240), 380) + 44
        whole.setSizes([self.height() - wanted, wanted])
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._banner)
        layout.addWidget(self._conflicts)
        layout.addWidget(whole, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _video_side(self) -> QWidget:
        return self._view

    def _text_side(self) -> QWidget:
        self._panel = TranscriptPanel(self._document, self._subject.transcripts)
        self._timing = WordTiming(self._subject.media, self)
        backing = Backing(self._subject.originals, self._subject.session.procedure_id, self._timing)
        self._commands = TranscriptCommands(self._panel, self._document, self._player, backing)
        side = panel(self._panel, self._inspector())
        side.setMinimumWidth(340)
        return side

    def _inspector(self) -> QWidget:
        self._name = label("", "heading", wrap=True)
        self._span = label("", "muted")
        self._labels = QComboBox()
        self._labels.setAccessibleName("Label of the segment")
        self._labels.activated.connect(self._relabel_by_index)
        self._mistake = QCheckBox("Mistake")
        self._mistake.clicked.connect(lambda on: self._edit_chosen(lambda s: commands.set_mistake(s, on)))
        self._note = QLineEdit()
        self._note.setPlaceholderText("Note, Enter to keep it")
        self._note.setAccessibleName("Note of the segment")
        self._note.returnPressed.connect(self._keep_note)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self._name, self._span, row(self._labels, self._mistake), self._note):
            layout.addWidget(widget)
        return holder

    def _transport(self) -> QWidget:
        self._play = button("Play", "play")
        self._play.clicked.connect(self._player.toggle)
        back, forward = button("Frame", "back"), button("Frame", "forward")
        back.clicked.connect(lambda: self._step(-1))
        forward.clicked.connect(lambda: self._step(1))
        self._time = label("0:00", "heading")
        self._time.setMinimumWidth(230)
        self._speed = QComboBox()
        self._speed.addItems([f"{speed:g} ×" for speed in SPEEDS])
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.setAccessibleName("Speed")
        self._speed.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._speed.currentIndexChanged.connect(lambda i: self._player.set_speed(SPEEDS[i]))
        voices = [self._voice_box(0, "Trainee"), self._voice_box(1, "Expert")]
        self._undo, self._redo = button("Undo", "undo"), button("Redo", "redo")
        self._undo.clicked.connect(self._undo_last)
        self._redo.clicked.connect(self._redo_last)
        self._saved = label("All changes saved", "muted")
        for widget in (self._play, back, forward, self._undo, self._redo):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = row(self._play, back, forward, self._time, self._speed, *voices)
        layout = holder.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.addStretch(1)
        layout.addWidget(self._saved)
        for widget in (self._undo, self._redo):
            layout.addWidget(widget)
        return holder

    def _voice_box(self, track: int, name: str) -> QCheckBox:
        box = QCheckBox(name)
        box.setChecked(True)
        box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.toggled.connect(lambda on: self._player.mute(track, not on))
        return box

    def _actions(self) -> None:
        self._keys = keys = Keys(self, self._panel.list)
        step, jump, here = self._step, self._jump, Place.TIME_LINE
        keys.add("Play or pause", "Space", self._player.toggle, *NOT_TYPING)
        keys.add("Play or pause while typing", "Ctrl+Space", self._player.toggle, *TYPING)
        keys.add("One frame back", "Left", lambda: step(-1), here)
        keys.add("One frame on", "Right", lambda: step(1), here)
        keys.add("One second back", "Shift+Left", lambda: jump(-NS_PER_S), *NOT_TYPING)
        keys.add("One second on", "Shift+Right", lambda: jump(NS_PER_S), *NOT_TYPING)
        keys.add("Five seconds back", "Ctrl+Left", lambda: jump(-5 * NS_PER_S), *NOT_TYPING)
        keys.add("Five seconds on", "Ctrl+Right", lambda: jump(5 * NS_PER_S), *NOT_TYPING)
        keys.add("To the start", "Home", lambda: self._player.seek(0), here)
        keys.add("To the end", "End", lambda: self._player.show_frame(len(self._times) - 1), here)
        keys.add("Previous boundary", "PgUp", lambda: self._boundary(-1), here)
        keys.add("Next boundary", "PgDown", lambda: self._boundary(1), here)
        keys.add("Other tier", "Tab", self._next_tier, here)
        keys.add("Choose the segment here", "Return", self._choose_here, here)
        keys.add("New segment starts here (in)", ["I", "["], self._mark_in, here)
        keys.add("New segment ends here (out)", ["O", "]"], self._mark_out, here)
        keys.add_digits("Label: set, or new segment", "1", 9, lambda i: self._label_key(str(i)), here)
        keys.add_digits("Labels beyond nine", "Alt+1", 9, lambda i: self._label_key(f"Alt+{i}"), here)
        keys.add("Start of the segment to here", "Shift+I", lambda: self._set_edge(start=True), here)
        keys.add("End of the segment to here", "Shift+O", lambda: self._set_edge(start=False), here)
        keys.add("Split the segment here", "S", self._split, here)
        keys.add("Merge with the next segment", "M", self._merge, here)
        keys.add("Mark or unmark a mistake", "X", self._toggle_mistake, here)
        keys.add("Write the segment's note", "N", self._note.setFocus, here)
        keys.add("Delete the segment", ["Delete", "Backspace"], lambda: self._edit_chosen(commands.delete), here)
        keys.add("Undo", "Ctrl+Z", self._undo_last, *NOT_TYPING)
        keys.add("Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], self._redo_last, *NOT_TYPING)
        keys.add("History of this item", "Ctrl+Shift+H", self._show_history, here)
        keys.add("Zoom in", ["+", "="], lambda: self._timeline.zoom(0.6), *NOT_TYPING)
        keys.add("Zoom out", "-", lambda: self._timeline.zoom(1 / 0.6), *NOT_TYPING)
        keys.add("Back to the time line", "Escape", self._escape, *BEYOND)
        keys.add("Close", "Ctrl+Q", self.close, *ANYWHERE)
        keys.add("Show these shortcuts", "F1", lambda: Shortcuts(self).exec(), *ANYWHERE)
        self._commands.add_keys(keys)
        self._conflicts.add_keys(keys)

    def _escape(self) -> None:
        bar = self._panel.find_bar
        if bar.isAncestorOf(self.focusWidget()):
            bar.close_bar()
        else:
            self._timeline.setFocus()

    def _connect(self) -> None:
        self._timeline.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timeline.sought.connect(self._player.seek)
        self._timeline.scrubbed.connect(self._player.scrub)
        self._timeline.released.connect(self._player.rest)
        self._timeline.segment_chosen.connect(self._choose)
        self._timeline.edge_moved.connect(self._drop_edge)
        self._player.picture.connect(self._view.show_picture)
        self._player.image.connect(self._view.show_image)
        self._player.unreadable.connect(self._show_unreadable)
        self._player.moved.connect(self._show_time)
        self._player.playing_changed.connect(self._show_playing)
        self._panel.sought.connect(self._player.seek)
        self._panel.told.connect(self._banner.tell)
        self._panel.transcript_changed.connect(self._show_transcript)
        self._show_transcript()
        self._conflicts.told.connect(self._banner.tell)
        self._conflicts.asked.connect(self._show_item)
        self._unsubscribe = self._document.subscribe(self._changed)
        self._waves = WaveLoader(self._subject.media, self)
        self._waves.ready.connect(self._timeline.set_wave)
        self._waves.progress.connect(self._timeline.set_wave_progress)
        self._waves.failed.connect(self._banner.tell)

    def _show_transcript(self) -> None:
        self._timeline.show_transcript(self._panel.transcript_id)

    # moving about

    def _step(self, by: int) -> None:
        self._player.show_frame(self._player.frame_number + by)

    def _jump(self, by_ns: int) -> None:
        self._player.seek(max(0, self._player.position_ns + by_ns))

    def _boundary(self, direction: int) -> None:
        here = self._player.position_ns
        edges = sorted({t for s in self._segments() for t in (s.interval.start_ns, s.interval.end_ns)})
        ahead = (
            [t for t in edges if t > here + 1_000_000]
            if direction > 0
            else [t for t in edges if t < here - 1_000_000]
        )
        if ahead:
            self._player.seek(ahead[0] if direction > 0 else ahead[-1])

    def _next_tier(self) -> None:
        tiers = self._document.tiers
        if tiers:
            number = tiers.index(self._tier) if self._tier in tiers else -1
            self._choose(tiers[(number + 1) % len(tiers)].id, None)

    def _choose_here(self) -> None:
        here = next((s for s in self._segments() if self._here_ns in s.interval), None)
        self._choose(self._tier.id if self._tier else None, here.id if here else None)

    # editing

    @property
    def _here_ns(self) -> int:
        return self._player.position_ns

    def _segments(self) -> Sequence[Annotation]:
        return self._document.timed(self._tier.id) if self._tier else ()

    def _apply(self, make: Callable[[], Edit]) -> bool:
        try:
            self._document.apply(make(), self)
        except WozError as error:
            self._banner.tell(str(error))
            return False
        self._banner.tell("")
        return True

    def _segment(self) -> Annotation | None:
        return next((s for s in self._segments() if s.id == self._chosen), None)

    def _edit_chosen(self, make: Callable[[Annotation], Edit]) -> None:
        segment = self._segment()
        if segment:
            self._apply(lambda: make(segment))
        else:
            self._banner.tell("Choose a segment first: click it, or press Enter on it.")

    def _mark_in(self) -> None:
        self._in_ns = self._here_ns
        self._saved.setText(f"In at {_stamp(self._in_ns)}: press O or a label's key at its end")

    def _mark_out(self) -> None:
        tier_type = self._tier_type()
        if tier_type and tier_type.offered:
            self._create(tier_type.offered[0].id)

    def _label_key(self, key: str) -> None:
        tier_type = self._tier_type()
        wanted = next((lab for lab in tier_type.offered if lab.shortcut == key), None) if tier_type else None
        if wanted is None:
            return
        if self._segment():
            self._edit_chosen(lambda segment: commands.relabel(segment, wanted.id))
        else:
            self._create(wanted.id)

    def _create(self, label: str) -> None:
        if self._tier is None:
            self._banner.tell("This session has no tier yet.")
            return
        tier, here = self._tier, self._here_ns
        start = self._in_ns if self._in_ns is not None else here
        span = (
            Interval(min(start, here), max(start, here)) if start != here else Interval(here, here + NEW_SEGMENT_NS)
        )
        new = AnnotationId(new_id())
        made = self._document.made()
        if self._apply(lambda: commands.create(self._segments(), new, tier.id, span, label, made)):
            self._in_ns = None
            self._choose(tier.id, new)

    def _set_edge(self, start: bool) -> None:
        here = self._here_ns

        def edit(segment: Annotation) -> Edit:
            a, b = (here, segment.interval.end_ns) if start else (segment.interval.start_ns, here)
            if a >= b:
                raise WozError("A segment can't end before it starts.")
            return commands.set_interval(self._segments(), segment, Interval(a, b))

        self._edit_chosen(edit)

    def _drop_edge(self, segment_id: AnnotationId, span: Interval) -> None:
        self._chosen = segment_id
        snapped = [commands.snapped(t, self._times) for t in (span.start_ns, span.end_ns)]
        if snapped[0] < snapped[1]:
            self._edit_chosen(lambda s: commands.set_interval(self._segments(), s, Interval(*snapped)))

    def _split(self) -> None:
        if not self._segment():
            self._choose_here()
        self._edit_chosen(lambda segment: commands.split(segment, self._here_ns, AnnotationId(new_id())))

    def _merge(self) -> None:
        self._edit_chosen(lambda segment: commands.merge(self._segments(), segment))

    def _toggle_mistake(self) -> None:
        self._edit_chosen(lambda segment: commands.set_mistake(segment, segment.value(MISTAKE) is not True))

    def _keep_note(self) -> None:
        self._edit_chosen(lambda segment: commands.set_note(segment, self._note.text().strip()))
        self._timeline.setFocus()

    def _relabel_by_index(self, index: int) -> None:
        self._edit_chosen(lambda segment: commands.relabel(segment, self._labels.itemData(index)))
        self._timeline.setFocus()

    def _show_history(self) -> None:
        item = self._segment()
        if item is None:
            self._banner.tell("Choose a segment first: click it, or press Enter on it.")
            return
        self._history.show(item.id, self._name.text())

    def _undo_last(self) -> None:
        self._guarded(self._document.undo)

    def _redo_last(self) -> None:
        self._guarded(self._document.redo)

    def _guarded(self, do: Callable[[object], None]) -> None:
        try:
            do(self)
        except WozError as error:
            self._banner.tell(str(error))

    # showing

    def _tier_type(self) -> TierType | None:
        return self._document.tier_type(self._tier) if self._tier else None

    def _choose(self, tier_id: TierId | None, segment_id: AnnotationId | None) -> None:
        self._tier = next((t for t in self._document.tiers if t.id == tier_id), self._tier)
        self._chosen = segment_id
        self._timeline.select(self._tier.id if self._tier else None, segment_id)
        self._show_chosen()

    def _show_item(self, ref: ItemRef) -> None:
        """Choose an annotation that something is asked about."""
        item = self._document.item(ref)
        if isinstance(item, Annotation):
            self._choose(item.tier_id, item.id)

    def _show_chosen(self) -> None:
        segment, tier_type = self._segment(), self._tier_type()
        for widget in (self._labels, self._mistake, self._note):
            widget.setEnabled(segment is not None)
        self._labels.clear()
        for lab in tier_type.labels if tier_type else ():
            if not lab.retired or (segment and segment.label == lab.id):
                self._labels.addItem(f"{lab.shortcut}  {lab.name()}" if lab.shortcut else lab.name(), lab.id)
        if segment is None or tier_type is None:
            self._name.setText(f"{self._tier.name}: no segment chosen" if self._tier else "No tier yet")
            self._span.setText("Click a segment, or press 1–9 for a new one")
            self._note.clear()
            self._mistake.setChecked(False)
            return
        self._labels.setCurrentIndex(self._labels.findData(segment.label))
        self._name.setText(label_of(tier_type, segment).name())
        length = segment.interval.duration_ns / NS_PER_S
        start, end = _stamp(segment.interval.start_ns), _stamp(segment.interval.end_ns)
        self._span.setText(f"{start} – {end}   ({length:.3f} s)")
        self._mistake.setChecked(segment.value(MISTAKE) is True)
        self._note.setText(segment.note)

    def _show_time(self, t_ns: int) -> None:
        self._time.setText(f"{_stamp(t_ns)}   frame {self._player.frame_number}")
        self._timeline.set_position(t_ns)
        self._panel.show_time(t_ns)

    def _show_unreadable(self, number: int) -> None:
        self._view.clear(f"Frame {number} of the video can't be read.")

    def _show_playing(self, playing: bool) -> None:
        self._play.setText("Pause" if playing else "Play")
        self._play.setIcon(icon("pause" if playing else "play"))

    def _changed(self, change: Change) -> None:
        self._timeline.refresh()
        if change.kinds & {Turn, Term}:
            self._panel.refresh()
        self._show_chosen()
        undo, redo = self._document.undo_name, self._document.redo_name
        self._undo.setToolTip(f"Undo: {undo}" if undo else "Nothing to undo")
        self._redo.setToolTip(f"Redo: {redo}" if redo else "Nothing to redo")
        self.show_saved()

    @property
    def document(self) -> Document:
        return self._document

    @property
    def player(self) -> Player:
        return self._player

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def waves_ready(self) -> bool:
        """Whether both voices' waveforms are there."""
        return self._timeline.voices_shown == 2

    def tell(self, text: str) -> None:
        """A sentence about something that went wrong; hidden where it is empty."""
        self._banner.tell(text)

    def show_saved(self) -> None:
        """Say whether all that is shown is stored."""
        self._saved.setText("All changes saved" if self._document.saved else "Saving …")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._panel.finish_typing()
        self._keys.close()
        self._conflicts.close_bar()
        self._unsubscribe()
        self._player.close()
        self._timing.close()
        self._waves.close()
        QThreadPool.globalInstance().waitForDone()
        event.accept()


def _stamp(t_ns: int) -> str:
    return f"{clock_text(t_ns)}.{t_ns // 1_000_000 % 1000:03d}"
