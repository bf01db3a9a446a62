"""Plays what an annotator said of a moment, from its file in the session's folder."""

from __future__ import annotations

from pathlib import Path

import av
from av.audio.stream import AudioStream

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.playback.course import Course
from woz.playback.sounding import Sounding
from woz.playback.speakers import FindSpeaker, system_speaker


class NotePlayer:
    """One note at a time; on a thread of its own."""

    def __init__(self, find: FindSpeaker = system_speaker) -> None:
        self._find = find
        self._sounding: Sounding | None = None

    @property
    def playing(self) -> bool:
        return self._sounding is not None and not self._sounding.ended

    @property
    def problem(self) -> str:
        """Why nothing is heard; empty where all is well."""
        return self._sounding.problem if self._sounding else ""

    def play(self, note: Path) -> None:
        """From its beginning, in place of another. Raises WozError where it can't be read."""
        self.stop()
        length_ns = note_length_ns(note)
        self._sounding = Sounding(note, find=self._find)
        self._sounding.begin(Course(0, 1.0, Interval(0, length_ns)))

    def stop(self) -> None:
        """Also of a device that hangs; nobody waits for it."""
        sounding, self._sounding = self._sounding, None
        if sounding:
            sounding.leave()


def note_length_ns(note: Path) -> int:
    """By its packets, since a file that a killed program left names no length. Raises WozError."""
    try:
        with av.open(str(note)) as container:
            ends = [_end(packet) for packet in container.demux(audio=0) if packet.pts is not None]
    except (OSError, IndexError, av.FFmpegError) as error:
        raise WozError(f"What was said can't be heard: {note} is not here or can't be read.") from error
    return round(max(ends, default=0) * NS_PER_S)


def _end(packet: av.Packet[AudioStream]) -> float:
    """In seconds."""
    return float(((packet.pts or 0) + (packet.duration or 0)) * packet.time_base)
