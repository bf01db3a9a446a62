"""All passes of an editor's window: their keys, the strip of frames, and the line that says what is on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings

from ui.editor.desk_keys import add_marking_keys, add_refining_keys
from ui.editor.keys import Keys, Place
from ui.editor.marking import Marking
from ui.editor.passes.frame_strip import FrameStrip
from ui.editor.passes.hearing import Hearing
from ui.editor.passes.keeping import Keeping
from ui.editor.passes.microphone import ChosenMicrophone
from ui.editor.passes.refining import Refining
from ui.editor.passes.talking import Talking
from ui.editor.picture.pen import Pen
from ui.editor.picture.view import PictureView
from ui.editor.player import Player
from ui.editor.rounds import Rounds
from ui.editor.status_line import StatusLine
from ui.editor.subject import Subject, frames_of
from ui.editor.timeline import Timeline
from ui.editor.work_timer import WorkTimer
from ui.widgets.ending import Ending
from woz.annotation.document import Document
from woz.transcription.note_writer import NoteWriter

HERE = Place.TIME_LINE
STRIP_CACHE_BYTES = 48 * 2**20
"""Of decoded frames, for the strip of them in the refine pass."""


class Ways(QObject):
    """Shows what runs on the time line, which has the keys of the passes while it has the focus."""

    def __init__(
        self,
        subject: Subject,
        document: Document,
        marking: Marking,
        player: Player,
        line: Timeline,
        times: Sequence[int],
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(marking)
        self._marking, self._line, self._times = marking, line, times
        self._pen: Pen | None = None
        self.keeping = Keeping(subject.running, marking) if subject.running else None
        self.rounds = Rounds(player, marking, marking.said.emit, self)
        self.refining = Refining(document, marking, self.rounds)
        folder = subject.media.parent
        self.microphone = ChosenMicrophone(settings)
        self.talking = Talking(document, marking, player, folder, self.microphone.open, NoteWriter())
        self.hearing = Hearing(document, marking, player, folder)
        self.work = WorkTimer(subject.work, document, marking, player, line, subject.session.duration_ns or 0)
        self.strip = FrameStrip(lambda: frames_of(subject, STRIP_CACHE_BYTES))
        self.status = StatusLine()
        marking.passes.hold_on(line)
        self.talking.listen_on(line)
        for each in (
            marking.passes.changed,
            marking.passes.late.changed,
            self.refining.changed,
            self.talking.changed,
        ):
            each.connect(self._show)
        for each in (self.work.changed, marking.chosen_changed):
            each.connect(self._show_work)
        self._show()

    def add_keys(self, keys: Keys) -> None:
        keys.add("Play round the nearest edge, slowly; again: stand on it", "R", self.rounds.toggle, HERE)
        keys.add("Play the segment, or what was said at a point", "P", self._play_chosen, HERE)
        keys.add("Play the segment again and again", "Shift+P", self.rounds.loop_chosen, HERE)
        add_marking_keys(keys, self._marking, self.refining)
        add_refining_keys(keys, self.refining)
        talk = keys.add("Held: pause, and record what you say of this moment", "F10", self.talking.begin, HERE)
        talk.setAutoRepeat(False)

    def add_pen(self, keys: Keys, view: PictureView) -> None:
        """One for the picture; it is down while somebody talks, where the scheme has a drawing."""
        self._pen = pen = Pen(view, self._marking)
        pen.changed.connect(self._show)
        self.talking.changed.connect(lambda: pen.offer() if self.talking.on else pen.lift())
        keys.add("Draw on the picture, at the chosen annotation; again: no more", "Ctrl+F10", pen.toggle, HERE)

    def recover(self) -> str:
        """What was made of what ran when the program was killed, in words."""
        return self.keeping.recover() if self.keeping else ""

    def close(self, ending: Ending | None = None) -> None:
        """After the player."""
        if self.keeping:
            self.keeping.close()
        self.work.close()
        self.talking.close(ending)
        self.hearing.close()
        self._marking.passes.late.close()
        self.strip.close_reading(ending)

    def _play_chosen(self) -> None:
        if not self.hearing.toggle():
            self.rounds.play_chosen()

    def _show(self) -> None:
        passes, edge = self._marking.passes, self.refining.edge
        talk = " · ".join(filter(None, (self.talking.words, self._pen.words if self._pen else "")))
        self._line.set_running(passes.running)
        self.status.show_part("pass", talk or self.refining.words or passes.words)
        self.status.show_part("late", passes.late.words)
        self.strip.show_around(bisect_right(self._times, edge.t_ns) - 1 if edge else None)

    def _show_work(self) -> None:
        self.status.show_part("work", self.work.words)
