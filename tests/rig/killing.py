"""Sessions that are killed at random moments, and what is left of them."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.rig.seat import Options, Seat
from woz.base.clock import SystemClock
from woz.demo.voices import write_wav
from woz.model.ids import new_session_id
from woz.model.stream import StreamKind
from woz.model.voice_copy import VoiceCopy
from woz.recording.check.recovery import recover
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.media_facts import media_facts, tracks_of
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap

CLOCK = SystemClock()
SEAT_FREE_S = 2.5
"""After so long the station knows that a console is gone."""
NAMES = {"view": StreamKind.VIEW, "trainee": StreamKind.TRAINEE_VOICE, "heard": StreamKind.EXPERT_HEARD}


@dataclass
class Left:
    """What a recovery found: seconds of each stream that are missing before the kill, how many of them the program
    had already taken to be written, and marks that are gone."""

    manifest: Manifest
    missing_s: dict[str, float]
    written_and_gone_s: dict[str, float]
    lost_marks: set[str] = field(default_factory=set)


class Stage:
    """A station, and a console where asked for, recording in a folder."""

    def __init__(self, folder: Path, console: bool = False, glasses: bool = False) -> None:
        self.folder = folder
        self.session_id = new_session_id(CLOCK.utc_ns())
        sessions = folder / "station" / "sessions"
        sessions.mkdir(parents=True, exist_ok=True)
        voice = speech(folder / "trainee.wav", 1)
        self.station = Seat(Options("station", str(sessions), self.session_id, voice=voice, glasses=glasses))
        self.invitation = self.station.wait_for("invitation")
        self.console: Seat | None = self.join() if console else None
        if glasses:
            self.station.wait_for("view")
        self.station.do("record")
        self.origin_ns: int = self.station.wait_for("origin_ns")
        self._marks = 0

    @property
    def observers(self) -> str:
        """The observers' invitation."""
        return str(self.station.all_of("observers")[0])

    @property
    def session(self) -> SessionFolder:
        return SessionFolder(self.folder / "station" / "sessions" / self.session_id)

    @property
    def at_console(self) -> Path:
        return self.folder / "console" / self.session_id

    def join(self) -> Seat:
        voice = speech(self.folder / "expert.wav", 2)
        seat = Seat(Options("join", str(self.folder / "console"), link=self.invitation, voice=voice))
        seat.wait_for("greeted")
        return seat

    @property
    def now_s(self) -> float:
        """Session time."""
        return (CLOCK.now_ns() - self.origin_ns) / 1e9

    def run(self, seconds: float) -> None:
        """Marks at random moments, on both sides."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(random.uniform(0.05, 0.3), max(0.0, until - time.monotonic())))
            for seat in (self.station, self.console):
                if seat:
                    self._marks += 1
                    seat.do("mark", **{"name" if seat is self.station else "text": f"mark {self._marks}"})

    def kill_station(self) -> Left:
        killed_s, written = self.now_s, self._written
        self.station.kill()
        return left(self.session, killed_s, written, set(self.station.all_of("journalled")))

    def copy(self, number: int) -> Left:
        """As after a power cut: the folder as it is on the disk in the midst of writing."""
        began_s, written = self.now_s, self._written
        marks = set(self.station.all_of("journalled"))
        target = self.folder / "copies" / str(number) / self.session_id
        shutil.copytree(self.session.path, target)
        return left(SessionFolder(target), began_s, written, marks)

    @property
    def _written(self) -> dict[str, float]:
        """Seconds of each stream that the station had taken to be written when it last said so."""
        said = self.station.last
        return {name: said["view_s" if kind == StreamKind.VIEW else "written_s"] for name, kind in NAMES.items()}

    @property
    def began_late_s(self) -> float:
        """When, on session time, the console's first recording began."""
        path = self.at_console / "expert.json"
        text = VoiceCopy.load(path).clock_map if path.exists() else ""
        return ClockMap.from_json(text).to_session(0) / 1e9 if text else 0.0

    def wait_for_voice(self) -> None:
        """Until the console records, and knows when that is."""
        deadline = time.monotonic() + 120
        while not (self.at_console / "expert.mka").exists() or not self.began_late_s:
            assert time.monotonic() < deadline, "the console records nothing"
            time.sleep(0.02)

    def voice_s(self, path: Path) -> float:
        end_ns = tracks_of(media_facts(path), "audio")[0].end_ns
        return float(end_ns) / 1e9


def left(folder: SessionFolder, until_s: float, written: Mapping[str, float], marks: set[str]) -> Left:
    """Recover a session's folder. A stream that reaches beyond the moment lacks nothing."""
    manifest = recover(folder)
    ends_ns = {entry.kind: entry.interval.end_ns for entry in manifest.streams}
    ends_s = {name: ends_ns.get(kind, 0) / 1e9 for name, kind in NAMES.items()}
    missing = {name: until_s - end_s for name, end_s in ends_s.items()}
    gone = {name: written[name] - end_s for name, end_s in ends_s.items()}
    kept = {str(e.data.get("name") or e.data.get("text")) for e in read_journal(folder.events)}
    return Left(manifest, missing, gone, marks - kept)


def speech(path: Path, seed: int) -> str:
    """The name of a file in which somebody speaks for two minutes; it is made where it isn't there."""
    if not path.exists():
        rng = np.random.default_rng(seed)
        noise = np.convolve(rng.normal(0, 1, 48_000 * 20), np.ones(30) / 30, "same")
        loudness = np.repeat(rng.uniform(0.2, 1, 200), 4_800)
        write_wav(path, np.tile((0.3 * noise * loudness).astype(np.float32), 6))
    return str(path)
