"""Plays a clip at once, again and again; behind its end there is nothing to be seen or heard."""

from __future__ import annotations

import time
from bisect import bisect_right

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

from ui.questions.clip import Clip
from woz.dataset.release.clips import RATE

TICK_MS = 15
REST_NS = 600_000_000
"""It rests so long on its last picture before it begins again."""


class ClipPlayer(QObject):
    """`image` gives the picture that is shown now, `moved` the time within the clip (ns)."""

    image = Signal(QImage)
    moved = Signal(object)
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clip: Clip | None = None
        self._shown = -1
        self._begun_ns = 0
        self._at_ns = 0
        self.muted = False
        self._sink: QAudioSink | None = None
        self._sound = QBuffer(self)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @property
    def clip(self) -> Clip | None:
        return self._clip

    def show_clip(self, clip: Clip | None) -> None:
        """Play this one from its start; None stops."""
        self.stop()
        self._clip, self._shown, self._at_ns = clip, -1, 0
        if clip is not None and clip.pictures:
            self.play()

    def play(self) -> None:
        """From the start, or from where it was paused."""
        if self._clip is None or not self._clip.pictures or self.playing:
            return
        length_ns = self._clip.wanted.span.duration_ns
        self._begin(self._at_ns if self._at_ns < length_ns else 0)
        self._timer.start()
        self.playing_changed.emit(True)
        self._tick()

    def pause(self) -> None:
        if self.playing:
            self._at_ns = self._now_ns()
            self.stop()

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def restart(self) -> None:
        self.pause()
        self._at_ns, self._shown = 0, -1
        self.play()

    def mute(self, muted: bool) -> None:
        self.muted = muted
        if self._sink is not None:
            self._sink.setVolume(0.0 if muted else 1.0)

    def stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self._silence()
            self.playing_changed.emit(False)

    def _begin(self, at_ns: int) -> None:
        self._silence()
        self._begun_ns = time.monotonic_ns() - at_ns
        device = QMediaDevices.defaultAudioOutput()
        if self._clip is None or not self._clip.sound or device.isNull():
            return
        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._sink = QAudioSink(device, form, self)
        self._sink.setVolume(0.0 if self.muted else 1.0)
        self._sound.setData(QByteArray(self._clip.sound[at_ns * RATE // 10**9 * 2 :]))
        self._sound.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink.start(self._sound)

    def _silence(self) -> None:
        if self._sink is not None:
            self._sink.stop()
            self._sink.deleteLater()
            self._sink = None
        self._sound.close()

    def _now_ns(self) -> int:
        return time.monotonic_ns() - self._begun_ns

    def _tick(self) -> None:
        clip, now_ns = self._clip, self._now_ns()
        if clip is None:
            return
        length_ns = clip.wanted.span.duration_ns
        if now_ns >= length_ns + REST_NS:
            self._begin(0)
            now_ns = 0
        place = max(0, bisect_right(clip.times, now_ns) - 1)
        if place != self._shown and place < len(clip.pictures):
            self._shown = place
            self.image.emit(QImage.fromData(clip.pictures[place]))
        self.moved.emit(min(now_ns, length_ns))
