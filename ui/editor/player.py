"""Plays a session, and shows single frames exactly.

The sound is the clock: the picture is that of the frame table at the time that is heard. Frames are decoded beside
the window by their number; while one drags, the key frame before is shown until the exact one is there.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

import av
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui.widgets.ending import Ending
from ui.widgets.fetching import Fetching, Wish
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.playback.course import Course
from woz.playback.frames import Frames
from woz.playback.sounding import Sounding

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
REST_MS = 120
"""Who drags and then holds still for so long wants the exact picture."""
LOOK_MS = 8
READY_NS = NS_PER_S // 2
"""For so long ahead pictures are decoded while it plays."""
LATE_NS = 500 * NS_PER_MS
"""Where the picture is later than this the sound waits for it."""
PASSED_OVER = 40
"""So many frames back one that is decoded is looked for, where the very one isn't."""


class Player(QObject):
    """`moved` tells the session time (ns) of what is asked for; `picture` an av.VideoFrame.

    `unreadable` tells the number of a frame that can't be had, `told` in a sentence why nothing is heard.
    """

    unreadable = Signal(int)
    moved = Signal(object)
    picture = Signal(object)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    told = Signal(str)
    voices_changed = Signal()

    def __init__(
        self, path: Path, reader: Frames, parent: QObject | None = None, sounding: Sounding | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._number = 0
        self._rested = True
        self._fetching = Fetching(reader, self)
        self._fetching.came.connect(self._came)
        self._resting = QTimer(self)
        self._resting.setInterval(REST_MS)
        self._resting.setSingleShot(True)
        self._resting.timeout.connect(self.rest)
        self._sounding = sounding or Sounding(path)
        self._told = ""
        self.sounds_while_scrubbing = True
        self._speed = 1.0
        self._rate = 0.0
        self._asked = -1
        """The frame that was asked for last while it goes."""
        self._gains: dict[int, float] = {}
        self._alone: int | None = None
        self._loop: Interval | None = None
        self._once: Interval | None = None
        self._span = Interval(0, 0)
        """What is played of the film."""
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(LOOK_MS)
        self._clock.timeout.connect(self._follow)

    @property
    def position_ns(self) -> int:
        return self._reader.times[self._number] if self._reader.times else 0

    @property
    def frame_number(self) -> int:
        return self._number

    @property
    def frame_count(self) -> int:
        return len(self._reader.times)

    @property
    def rested(self) -> bool:
        """Whether the picture that is shown is the one that was asked for."""
        return self._rested and not self._rate

    @property
    def playing(self) -> bool:
        """Forward."""
        return self._rate > 0

    @property
    def rate(self) -> float:
        """How fast it goes; below 0 backwards, 0 while it stands."""
        return self._rate

    @property
    def speed(self) -> float:
        """How fast it plays when it is told to."""
        return self._speed

    def show_frame(self, number: int) -> None:
        """Stand on a frame by its number; its picture follows."""
        self._stop()
        self._resting.stop()
        self._want(number, near=False)

    def step(self, by: int) -> None:
        """Some frames on, or back, with a moment of their sound."""
        self.show_frame(self._number + by)
        self._sound_here()

    def scrub(self, t_ns: int) -> None:
        """Stand near a time at once, and on its very frame as soon as nothing else is asked for; its sound too."""
        self._stop()
        self._resting.start()
        self._want(self._reader.at(t_ns), near=True)
        self._sound_here()

    def rest(self) -> None:
        """Have the exact picture where only a near one is shown."""
        self._resting.stop()
        if not self._rested and not self._rate:
            self._fetching.ask(Wish(self._number))

    def _want(self, number: int, near: bool) -> None:
        number = min(max(number, 0), len(self._reader.times) - 1)
        back, self._number = number < self._number, max(number, 0)
        kept = self._reader.kept(number)
        self._rested = kept is not None or not self._reader.here
        if kept is not None:
            self.picture.emit(kept)
        if self._reader.here:
            self._fetching.ask(Wish(number, near and kept is None, back))
        self.moved.emit(self.position_ns)

    def _came(self, wish: Wish, frame: av.VideoFrame | None) -> None:
        if self._rested or self._rate or wish.number != self._number:
            return
        self._rested = not wish.near
        if frame is not None:
            self.picture.emit(frame)
        elif not wish.near:
            self.unreadable.emit(wish.number)

    def _sound_here(self) -> None:
        if self._reader.here and self.sounds_while_scrubbing:
            self._sounding.grain(self.position_ns)

    def seek(self, t_ns: int) -> None:
        """Stand on the frame shown at a time; while playing, go on from there."""
        rate = self._rate
        self.show_frame(self._reader.at(t_ns))
        if rate:
            self._go(rate)

    def toggle(self) -> None:
        """Play, or pause on the frame that is shown; a recording that isn't here stands still."""
        if self._rate:
            self.show_frame(self._number)
        else:
            self._go(self._speed)

    def loop(self, span: Interval | None) -> None:
        """Play a span again and again from now on; None plays on past its end."""
        changed, self._loop = span != self._loop, span
        if changed and self._rate and self._once is None:
            self._go(self._rate)

    def play_once(self, span: Interval) -> None:
        """Play a span from its start and stop at its end."""
        self._stop()
        self.show_frame(self._reader.at(span.start_ns))
        self._once = span
        self._go(self._speed)

    def set_speed(self, speed: float) -> None:
        """From 0.25 to 4; voices keep their pitch."""
        self._speed = speed
        if self._rate:
            self._rate = speed if self._rate > 0 else -speed
            self._sounding.change(self._rate)
        self.speed_changed.emit(speed)

    def faster(self, steps: int) -> None:
        """The next speeds up, or down."""
        place = min(max(0, bisect_left(SPEEDS, self._speed) + steps), len(SPEEDS) - 1)
        self.set_speed(SPEEDS[place])

    def shuttle(self, direction: int) -> None:
        """As editors' J, K and L: forward (1), faster when it plays already; backward (-1) the same; stop (0)."""
        if not direction:
            self.show_frame(self._number)
        elif self._rate * direction > 0:
            self.faster(1)
        else:
            self._stop()
            self.set_speed(1.0)
            self._go(float(direction))

    # the voices

    def set_gain(self, track: int, gain: float) -> None:
        """How loud the trainee (0) or the expert (1) is: 0 to 8, 1 as recorded."""
        self._gains[track] = gain
        self._set_gains()

    def hear_alone(self, track: int | None) -> None:
        """Only this voice; None hears all again, as loud as they were."""
        self._alone = track
        self._set_gains()

    @property
    def alone(self) -> int | None:
        return self._alone

    def _set_gains(self) -> None:
        for track in (0, 1):
            heard = self._alone in (None, track)
            self._sounding.set_gain(track, self._gains.get(track, 1.0) if heard else 0.0)
        self.voices_changed.emit()

    def close(self, ending: Ending | None = None) -> None:
        self._stop()
        self._resting.stop()
        self._sounding.close()
        if self._fetching.close(ending):
            self._reader.close()

    # while it goes

    def _go(self, rate: float) -> None:
        """From the frame that stands. In a loop, from its beginning where it stands elsewhere."""
        if not self._reader.here:
            return
        course = self._course(rate)
        self._span = course.span
        began, self._rate = not self._rate, rate
        self._rested, self._asked = False, -1
        self._sounding.begin(course)
        self._fetching.ask(None)
        self._clock.start()
        if began:
            self.playing_changed.emit(True)

    def _course(self, rate: float) -> Course:
        if self._once is not None:
            return Course(self._once.start_ns, rate, self._once)
        if self._loop is not None:
            inside = self.position_ns in self._near(self._loop)
            start = self._loop.start_ns if rate > 0 else self._loop.end_ns
            return Course(self.position_ns if inside else start, rate, self._loop, again=True)
        times = self._reader.times
        last = times[-1] - times[-2] if len(times) > 1 else 0
        return Course(self.position_ns, rate, Interval(min(0, times[0]), times[-1] + last))

    def _near(self, span: Interval) -> Interval:
        """The span from the frame that is shown at its start."""
        return Interval(min(span.start_ns, self._reader.times[self._reader.at(span.start_ns)]), span.end_ns)

    def _follow(self) -> None:
        """Show what is heard. What lies behind an end isn't told, since it would be chosen in its place."""
        self._tell()
        if self._sounding.ended:
            at_end = self._once.end_ns if self._once else self._reader.times[-1] if self._rate > 0 else 0
            self.show_frame(self._reader.at(at_end))
            return
        t_ns = min(self._sounding.media_ns, self._span.end_ns - NS_PER_MS)
        wanted = self._reader.at(t_ns)
        shown = self._decoded(wanted)
        if shown is not None:
            self._number = shown[0]
            self.picture.emit(shown[1])
            self.moved.emit(self.position_ns)
        late = wanted != self._number and abs(self.position_ns - t_ns) > LATE_NS
        self._sounding.hold(late and self._fetching.waits)
        if wanted != self._asked and not self._fetching.waits:
            self._asked = wanted
            back = self._rate < 0
            moving = back and self._reader.long
            self._fetching.ask(Wish(wanted, back=back, ahead=self._ahead(wanted), moving=moving))

    def _decoded(self, wanted: int) -> tuple[int, av.VideoFrame] | None:
        """The frame with its number, or else the nearest to it of those that were passed over and are decoded."""
        step = 1 if self._rate > 0 else -1
        for number in range(wanted, wanted - step * PASSED_OVER, -step):
            if number == self._number:
                return None
            frame = self._reader.kept(number) if self._rate > 0 else self._reader.ready(number)
            if frame is not None:
                return number, frame
        return None

    def _ahead(self, wanted: int) -> int:
        """As many frames as the time ahead has and the cache can hold."""
        times, way = self._reader.times, round(READY_NS * max(1.0, abs(self._rate)))
        if self._rate > 0:
            there = self._reader.at(times[wanted] + way) - wanted
        else:
            there = wanted - self._reader.at(times[wanted] - way)
        return max(1, min(there, self._reader.room // 2))

    def _tell(self) -> None:
        if self._sounding.problem != self._told:
            self._told = self._sounding.problem
            if self._told:
                self.told.emit(self._told)

    def _stop(self) -> None:
        self._once = None
        if self._rate:
            self._rate = 0.0
            self._clock.stop()
            self._sounding.stop()
            self.playing_changed.emit(False)
