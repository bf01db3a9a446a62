"""Sessions that are killed at random moments, and what is left of them."""

from __future__ import annotations

import json
import queue
import random
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woz.clock import SystemClock
from woz.recording.folder import SessionFolder
from woz.recording.journal import read_journal
from woz.recording.manifest import Manifest
from woz.recording.media_facts import media_facts, tracks_of
from woz.recording.recovery import recover
from woz.session import StreamKind, new_session_id
from woz.sync.clockmap import ClockMap
from woz.voice_copy import VoiceCopy

CLOCK = SystemClock()
SEAT_FREE_S = 2.5
"""After so long the station knows that a console is gone."""
ROOT = Path(__file__).parents[2]
NAMES = {"view": StreamKind.VIEW, "trainee": StreamKind.TRAINEE_VOICE, "heard": StreamKind.EXPERT_HEARD}


alive: list[Seat] = []


def kill_all() -> None:
    """Whatever a test that failed has left running."""
    for seat in tuple(alive):
        seat.kill()


class Seat:
    """A seat's process, and what it told."""

    def __init__(self, *arguments: str, module: str = "tests.rig.killable_seat") -> None:
        command = [sys.executable, "-m", module, *arguments]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        self.told: list[dict[str, Any]] = []
        self._news: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        alive.append(self)
        self._reader.start()

    def do(self, what: str, **more: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def wait_for(self, key: str, value: Any = None, within_s: float = 40) -> Any:
        """The value of the first news with this key, from now on or unread."""
        deadline = time.monotonic() + within_s
        while True:
            news = self._news.get(timeout=max(0.01, deadline - time.monotonic()))
            if key in news and value in (None, news[key]):
                return news[key]

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def quit(self) -> None:
        self.do("quit")
        self._end()

    def journalled(self) -> list[str]:
        return [news["journalled"] for news in self.told if "journalled" in news]

    def _end(self) -> None:
        alive.remove(self)
        self.process.wait(60)
        self._reader.join()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            news = json.loads(line)
            self.told.append(news)
            self._news.put(news)


@dataclass
class Left:
    """What a recovery found: seconds of each stream that are missing before the kill, and marks that are gone."""

    manifest: Manifest
    missing_s: dict[str, float]
    lost_marks: set[str] = field(default_factory=set)


class Stage:
    """A station, and a console where asked for, recording in a folder."""

    def __init__(self, folder: Path, console: bool = False, glasses: bool = False) -> None:
        self.folder = folder
        self.session_id = new_session_id(CLOCK.utc_ns())
        options = ("--glasses",) if glasses else ()
        self.station = Seat("station", str(folder / "station"), self.session_id, *options)
        self.invitation = self.station.wait_for("invitation")
        self.console = self.join() if console else None
        if glasses:
            self.station.wait_for("view")
        self.station.do("record")
        self.origin_ns: int = self.station.wait_for("origin_ns")
        self._marks = 0

    @property
    def session(self) -> SessionFolder:
        return SessionFolder(self.folder / "station" / "sessions" / self.session_id)

    @property
    def at_console(self) -> Path:
        return self.folder / "console" / self.session_id

    def join(self) -> Seat:
        seat = Seat("console", self.invitation, str(self.folder / "console"))
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
                    seat.do("mark", name=f"mark {self._marks}")

    def kill_station(self) -> Left:
        killed_s = self.now_s
        self.station.kill()
        return left(self.session, killed_s, set(self.station.journalled()))

    def copy(self, number: int) -> Left:
        """As after a power cut: the folder as it is on the disk in the midst of writing."""
        began_s, marks = self.now_s, set(self.station.journalled())
        target = self.folder / "copies" / str(number) / self.session_id
        shutil.copytree(self.session.path, target)
        return left(SessionFolder(target), began_s, marks)

    @property
    def began_late_s(self) -> float:
        """When, on session time, the console's first recording began."""
        path = self.at_console / "expert.json"
        text = VoiceCopy.load(path).clock_map if path.exists() else ""
        return ClockMap.from_json(text).to_session(0) / 1e9 if text else 0.0

    def wait_for_voice(self) -> None:
        """Until the console records, and knows when that is."""
        deadline = time.monotonic() + 60
        while not (self.at_console / "expert.mka").exists() or not self.began_late_s:
            assert time.monotonic() < deadline, "the console records nothing"
            time.sleep(0.02)

    def voice_s(self, path: Path) -> float:
        end_ns = tracks_of(media_facts(path), "audio")[0].end_ns
        return float(end_ns) / 1e9


def left(folder: SessionFolder, until_s: float, marks: set[str]) -> Left:
    """Recover a session's folder. A stream that reaches beyond the moment lacks nothing."""
    manifest = recover(folder)
    ends_ns = {entry.kind: entry.interval.end_ns for entry in manifest.streams}
    missing = {name: until_s - ends_ns.get(kind, 0) / 1e9 for name, kind in NAMES.items()}
    kept = {str(e.data.get("name") or e.data.get("text")) for e in read_journal(folder.events)}
    return Left(manifest, missing, marks - kept)
