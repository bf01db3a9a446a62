"""A station or a console without a window, in a process of its own, for tests that need real processes.

    python -m tests.rig.seat '{"seat": "station", "folder": "/somewhere", ...}'     (see `Options`)

It says in JSON lines on standard output how things are, and takes "record", "stop" and "quit" on standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import av

from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.clock import SystemClock
from woz.console import Console
from woz.errors import WozError
from woz.events import Event
from woz.link.ice import IceServers
from woz.link.invitation import Invitation
from woz.link.reach import Reach, parse_place
from woz.recording.manifest import Manifest
from woz.seats import ConsoleStatus, StationStatus, ViewFrame
from woz.session import Procedure, Protocol, new_session_id
from woz.station import Station, StationConfig

ROOT = Path(__file__).parents[2]
SAY_EVERY_S = 0.2
NOTE = "The trainee holds the lamp upside down."


@dataclass(frozen=True)
class Options:
    seat: str
    folder: str
    host: str = "127.0.0.1"
    port: int = 0
    link: str = ""
    voice: str = ""
    """A WAV file that is said before the seat's microphone over and over."""
    size: int = 320
    rendezvous: str = ""
    ice: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "tests.rig.seat"
    """What is run."""


class Said:
    """What a seat's process says, read by a thread of ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, name="seat's words")
        self._thread.start()

    @property
    def last(self) -> dict[str, Any]:
        return self.lines[-1] if self.lines else {}

    def tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def until(self, true: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        """The first line from now on of which it is true."""
        begin, deadline = len(self.lines), time.monotonic() + seconds
        while not (found := [line for line in self.lines[max(0, begin - 1) :] if true(line)]):
            assert time.monotonic() < deadline, f"it did not come to that; last: {self.last}"
            assert self.process.poll() is None or self._thread.is_alive(), f"it ended with {self.last}"
            time.sleep(0.02)
        return found[0]

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self.process.kill()
        self.wait()

    def wait(self) -> None:
        self.process.wait()
        self._thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(json.loads(line))


@contextlib.contextmanager
def seated(options: Options, namespace: str = "", niceness: int = 0) -> Iterator[Said]:
    """A seat's process, inside a network namespace where one is named; told to quit at the end.

    The lower its `niceness`, the more of the processor it gets; below 0 needs root.
    """
    inside = ["ip", "netns", "exec", namespace] if namespace else ["nice", "-n", str(niceness)] if niceness else []
    command = [*inside, sys.executable, "-m", options.module, json.dumps(asdict(options))]
    environment = {**os.environ, **options.environment}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    said = Said(process)
    try:
        yield said
    finally:
        with contextlib.suppress(BrokenPipeError, ValueError):
            said.tell("quit")
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        said.wait()


# inside the process


class Watcher:
    """Listens to either seat; each picture counts as shown at once."""

    def __init__(self) -> None:
        self.status_now: StationStatus | ConsoleStatus | None = None
        self.pictures = 0
        self.delays: list[int] = []
        """Capture to decoded, in ns; true where both seats share a machine's clock."""
        self.loudest_db = -90.0
        self.closed = ""
        self.shown: Callable[[ViewFrame], None] = lambda frame: None

    def status(self, status: StationStatus | ConsoleStatus) -> None:
        self.status_now = status
        heard = status.expert_level_db if isinstance(status, StationStatus) else status.trainee_level_db
        self.loudest_db = max(self.loudest_db, heard)

    def preview(self, image: av.VideoFrame) -> None:
        self.pictures += 1

    def view(self, frame: ViewFrame) -> None:
        self.pictures += 1
        if frame.capture_ns is not None:
            self.delays.append(time.monotonic_ns() - frame.capture_ns)
        self.shown(frame)

    def journalled(self, event: Event) -> None: ...

    def procedure(self, procedure: Procedure) -> None: ...

    def protocol(self, protocol: Protocol) -> None: ...

    def close(self, manifest: Manifest) -> None:
        self.closed = manifest.session_id

    def tell_delays(self) -> None:
        say(delays=list(self.delays))

    def words(self) -> dict[str, Any]:
        now = self.status_now
        said: dict[str, Any] = {"pictures": self.pictures, "loudest_db": self.loudest_db, "closed": self.closed}
        said["cpu_s"] = time.process_time()
        if now:
            said |= {"link": now.link, "delay_ms": now.delay_ms, "problem": now.problem}
        return said


def main() -> None:
    options = Options(**json.loads(sys.argv[1]))
    watcher = Watcher()
    try:
        run = run_station if options.seat == "station" else run_console
        run(options, watcher)
    except WozError as error:
        say(fault=str(error))
        sys.exit(1)


def run_station(options: Options, watcher: Watcher) -> None:
    clock, room = SystemClock(), _room(options)
    reach = Reach(
        IceServers(**options.ice), rendezvous=parse_place(options.rendezvous) if options.rendezvous else None
    )
    config = StationConfig(
        new_session_id(clock.utc_ns()),
        Path(options.folder),
        PROCEDURE,
        port=options.port,
        host=options.host,
        reach=reach,
    )
    source = SyntheticSource(clock, size=options.size)
    microphone, speaker = VirtualMicrophone(room, clock), VirtualSpeaker(room, clock)
    station = Station(config, source, microphone, speaker, clock, watcher, watcher.close)
    station.open()
    say(invitation=station.invitation, observers=station.observer_invitation)
    try:
        serve({"record": station.record, "stop": station.stop}, watcher)
    finally:
        station.close()
        say(**watcher.words())


def run_console(options: Options, watcher: Watcher) -> None:
    clock, room = SystemClock(), _room(options)
    microphone, speaker = VirtualMicrophone(room, clock), VirtualSpeaker(room, clock)
    console = Console(Invitation.parse(options.link), Path(options.folder), microphone, speaker, clock, watcher)
    watcher.shown = console.shown
    console.open()
    try:
        words = {"begin": watcher.delays.clear, "delays": watcher.tell_delays, "note": lambda: console.note(NOTE)}
        serve(words, watcher)
    finally:
        console.close()


def serve(words: dict[str, Callable[[], None]], watcher: Watcher) -> None:
    ended = threading.Event()
    threading.Thread(target=_talk, args=(watcher, ended), daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        words[line.strip()]()
    ended.set()


def say(**data: object) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


def _talk(watcher: Watcher, ended: threading.Event) -> None:
    while not ended.wait(SAY_EVERY_S):
        say(**watcher.words())


def _room(options: Options) -> VirtualRoom:
    room = VirtualRoom(SystemClock(), Path(options.voice) if options.voice else None)
    room.cue(SystemClock().utc_ns())
    return room


if __name__ == "__main__":
    main()
