"""Plays a session, and shows single frames exactly.

QtMultimedia plays (its frames carry their times); it plays one audio track at a time, so a second player carries
the other voice. A standing picture is decoded by PyAV beside the window, by the frame's number: exact, and the same
on every system. While one drags, the key frame before is shown until the exact one is there.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from pathlib import Path

import av
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoFrame, QVideoSink

from ui.editor.backwards import Backwards
from ui.editor.fetching import Fetching, Wish
from ui.editor.media import Frames
from woz.base.interval import Interval

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
REST_MS = 120
"""Who drags and then holds still for so long wants the exact picture."""


class Player(QObject):
    """`moved` tells the session time (ns) of what is asked for; `picture` an av.VideoFrame, `image` a QImage.

    `unreadable` tells the number of a frame that can't be had.
    """

    unreadable = Signal(int)
    moved = Signal(object)
    picture = Signal(object)
    image = Signal(object)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)

    def __init__(self, path: Path, reader: Frames, parent: QObject | None = None) -> None:
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
        self._backwards = Backwards(reader, self._want, lambda: self._rested, self)
        self._path = path
        self._players: list[QMediaPlayer] = []
        self._speed = 1.0
        self._muted = [False, False]
        self._loop: Interval | None = None
        self.looping = False
        """While it jumps back to a loop's start, and so stops for a moment."""
        self._stop_at_ns: int | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(15)
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
        return self._rested and not self.playing

    @property
    def playing(self) -> bool:
        return self._clock.isActive()

    @property
    def speed(self) -> float:
        return self._speed

    def show_frame(self, number: int) -> None:
        """Stand on a frame by its number; its picture follows."""
        self._stop()
        self._resting.stop()
        self._want(number, near=False)

    def scrub(self, t_ns: int) -> None:
        """Stand near a time at once, and on its very frame as soon as nothing else is asked for."""
        self._stop()
        self._resting.start()
        self._want(self._reader.at(t_ns), near=True)

    def rest(self) -> None:
        """Have the exact picture where only a near one is shown."""
        self._resting.stop()
        if not self._rested and not self.playing:
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
        if self._rested or self.playing or wish.number != self._number:
            return
        self._rested = not wish.near
        if frame is not None:
            self.picture.emit(frame)
        elif not wish.near:
            self.unreadable.emit(wish.number)

    def seek(self, t_ns: int) -> None:
        """Stand on the frame shown at a time; while playing, go on from there."""
        was_playing = self.playing
        self.show_frame(self._reader.at(t_ns))
        if was_playing:
            self.toggle()

    def toggle(self) -> None:
        """Play, or pause on the frame that is shown; a recording that isn't here stands still."""
        if not self._reader.here:
            return
        if self.playing:
            self.show_frame(self._number)
            return
        if self._loop and self._stop_at_ns is None and self.position_ns not in self._near(self._loop):
            self.show_frame(self._reader.at(self._loop.start_ns))
        self._fetching.ask(None)
        self._rested = False
        self._clock.start()
        for player in self._made():
            self._begin(player)
        self.playing_changed.emit(True)

    def loop(self, span: Interval | None) -> None:
        """Play a span again and again from now on; None plays on past its end."""
        self._loop = span

    def play_once(self, span: Interval) -> None:
        """Play a span from its start and stop at its end."""
        self._stop()
        self.seek(span.start_ns)
        self._stop_at_ns = span.end_ns
        self.toggle()

    def set_speed(self, speed: float) -> None:
        """From 0.25 to 4; voices keep their pitch where this system's player can do that."""
        self._speed = speed
        for player in self._players:
            player.setPlaybackRate(speed)
        self.speed_changed.emit(speed)

    def faster(self, steps: int) -> None:
        """The next speeds up, or down."""
        place = min(max(0, bisect_left(SPEEDS, self._speed) + steps), len(SPEEDS) - 1)
        self.set_speed(SPEEDS[place])

    def shuttle(self, direction: int) -> None:
        """As editors' J, K and L: forward (1), faster when it plays already; backward (-1) the same; stop (0)."""
        if direction > 0 and self.playing:
            self.faster(1)
        elif direction > 0:
            self.set_speed(1.0)
            self.toggle()
        elif direction < 0 and self._reader.here:
            speed = self._backwards.speed
            self._stop()
            self._backwards.play(self._number, min(speed * 2, SPEEDS[-1]) if speed else 1.0)
        else:
            self.show_frame(self._number)

    def mute(self, track: int, muted: bool) -> None:
        """Silence the trainee (0) or the expert (1)."""
        self._muted[track] = muted
        if self._players:
            output = self._players[track].audioOutput()
            if output:
                output.setMuted(muted)

    def close(self) -> None:
        self._stop()
        for player in self._players:
            player.setSource(QUrl())
        self._players.clear()
        self._resting.stop()
        self._fetching.close()
        self._reader.close()

    def _made(self) -> list[QMediaPlayer]:
        if not self._players:
            self._players = [self._player(track) for track in (0, 1)]
            self._sink = QVideoSink(self)
            self._sink.videoFrameChanged.connect(self._shown)
            self._players[0].setVideoSink(self._sink)
        return self._players

    def _player(self, track: int) -> QMediaPlayer:
        player = QMediaPlayer(self)
        if not QMediaDevices.defaultAudioOutput().isNull():
            output = QAudioOutput(player)
            output.setMuted(self._muted[track])
            player.setAudioOutput(output)
        if hasattr(player, "setPitchCompensation"):
            player.setPitchCompensation(True)
        player.mediaStatusChanged.connect(partial(self._opened, player))
        player.setSource(QUrl.fromLocalFile(str(self._path)))
        player.tracksChanged.connect(lambda: player.setActiveAudioTrack(track))
        if track:
            player.tracksChanged.connect(lambda: player.setActiveVideoTrack(-1))
        return player

    def _opened(self, player: QMediaPlayer, status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.LoadedMedia:
            self._begin(player)

    def _begin(self, player: QMediaPlayer) -> None:
        """Play from the frame that stands; a file that is still being opened begins when it is."""
        if self.playing and player.mediaStatus() != QMediaPlayer.MediaStatus.LoadingMedia:
            player.setPlaybackRate(self._speed)
            player.setPosition(self.position_ns // 1_000_000)
            player.play()

    def _shown(self, frame: QVideoFrame) -> None:
        if self.playing and frame.isValid() and frame.startTime() >= 0:
            self._number = self._reader.at(frame.startTime() * 1000)
            self.image.emit(frame.toImage())

    def _near(self, span: Interval) -> Interval:
        """The span from the frame that is shown at its start."""
        return Interval(min(span.start_ns, self._reader.times[self._reader.at(span.start_ns)]), span.end_ns)

    def _follow(self) -> None:
        """Tell the time, unless an end is reached: what lies behind it would be chosen in its place."""
        ended = bool(self._players) and self._players[0].mediaStatus() == QMediaPlayer.MediaStatus.EndOfMedia
        if self._stop_at_ns is not None and (ended or self.position_ns >= self._stop_at_ns):
            self.show_frame(self._reader.at(self._stop_at_ns))
        elif self._stop_at_ns is None and self._loop and (ended or self.position_ns >= self._loop.end_ns):
            self.looping = True
            self.seek(self._loop.start_ns)
            self.looping = False
        elif ended:
            self.show_frame(len(self._reader.times) - 1)
        else:
            self.moved.emit(self.position_ns)

    def _stop(self) -> None:
        self._stop_at_ns = None
        self._backwards.stop()
        if self.playing:
            self._clock.stop()
            for player in self._players:
                player.pause()
            self.playing_changed.emit(False)
