"""The process of a seat without a window.

    echo '{"seat": "station", "folder": "/somewhere"}' | python -m tests.rig.seat_process     (see `seat.Options`)

After that line it takes commands and tells news as JSON, one object a line: {"do": "record" | "stop" | ...}.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from tests.core.aria_doubles import SIZE, SteadyGlasses
from tests.rig.seat import Options, options_told
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.capture.aria.source import AriaSource
from woz.capture.source import Source, SourceInfo
from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.link.connection.ice import IceServers
from woz.link.connection.reach import Reach, parse_place
from woz.link.handshake.invitation import Invitation
from woz.live.console.console import Console
from woz.live.seats.console_seat import ConsoleStatus, ViewFrame
from woz.live.seats.station_seat import StationStatus
from woz.live.station.config import StationConfig
from woz.live.station.station import Station
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId, new_session_id
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest

CLOCK = SystemClock()
SAY_EVERY_S = 0.2
Verbs = dict[str, Callable[..., object]]
_out = threading.Lock()


def say(**news: object) -> None:
    with _out:
        sys.stdout.write(json.dumps(news) + "\n")
        sys.stdout.flush()


class Watcher:
    """Listens to either seat: tells what happens as it does. Each picture counts as shown at once."""

    def __init__(self) -> None:
        self.pictures = 0
        self.delays: list[int] = []
        """Capture to decoded, in ns; true where both seats share a machine's clock."""
        self.shown: Callable[[ViewFrame], None] = lambda frame: None
        self.written_s: Callable[[], float] = lambda: 0.0
        """How far its recording has got, on the way to the disk."""
        self.view_s: Callable[[], float] = lambda: 0.0
        """The same of the view, whose pictures may wait while sound goes on."""
        self._status: StationStatus | ConsoleStatus | None = None
        self._loudest_db = -90.0
        self._closed = ""

    def status(self, status: StationStatus | ConsoleStatus) -> None:
        self._status = status
        heard = status.expert_level_db if isinstance(status, StationStatus) else status.trainee_level_db
        self._loudest_db = max(self._loudest_db, heard)

    def preview(self, image: av.VideoFrame) -> None:
        self._count()

    def view(self, frame: ViewFrame) -> None:
        self._count()
        if frame.capture_ns is not None:
            self.delays.append(time.monotonic_ns() - frame.capture_ns)
        self.shown(frame)

    def journalled(self, event: Event) -> None:
        if event.kind in (EventKind.MARK, EventKind.NOTE):
            say(journalled=event.data.get("name") or event.data.get("text"))

    def procedure(self, procedure: Procedure) -> None:
        say(greeted=True)

    def protocol(self, protocol: Protocol) -> None: ...

    def close(self, manifest: Manifest) -> None:
        self._closed = manifest.session_id
        say(stopped={"session": manifest.session_id, "voice": manifest.expert_voice})

    def words(self) -> dict[str, Any]:
        said: dict[str, Any] = {"pictures": self.pictures, "loudest_db": self._loudest_db, "closed": self._closed}
        said |= {"cpu_s": time.process_time(), "written_s": self.written_s(), "view_s": self.view_s()}
        if now := self._status:
            said |= {"link": now.link, "delay_ms": now.delay_ms, "problem": now.problem}
        return said

    def _count(self) -> None:
        self.pictures += 1
        if self.pictures == 1:
            say(view=True)


def main() -> None:
    options = options_told()
    watcher = Watcher()
    try:
        run = run_station if options.seat == "station" else run_console
        run(options, watcher)
    except WozError as error:
        say(fault=str(error))
        sys.exit(1)


def run_station(options: Options, watcher: Watcher) -> None:
    rendezvous = parse_place(options.rendezvous) if options.rendezvous else None
    config = StationConfig(
        SessionId(options.session) if options.session else new_session_id(CLOCK.utc_ns()),
        Path(options.folder),
        PROCEDURE,
        port=options.port,
        host=options.host,
        reach=Reach(IceServers(**options.ice), rendezvous=rendezvous),
    )
    source: Source = SyntheticSource(CLOCK, size=options.size)
    if options.glasses:
        source = AriaSource(SourceInfo("steady", SIZE, SIZE, 20, 48_000), SteadyGlasses(), CLOCK)
    station = Station(config, source, *_devices(options), CLOCK, watcher, watcher.close)

    def record() -> None:
        station.record()
        say(origin_ns=CLOCK.now_ns() - (station.session_ns or 0))

    def written_s() -> float:
        recorder = station._session.recorder
        return recorder._reach_ns / NS_PER_S if recorder else 0.0

    def view_s() -> float:
        recorder = station._session.recorder
        return recorder._media.written_ns(StreamKind.VIEW) / NS_PER_S if recorder else 0.0

    def child() -> None:
        say(pid=source.pid if isinstance(source, AriaSource) else None)

    watcher.written_s, watcher.view_s = written_s, view_s
    station.open()
    say(invitation=station.invitation)
    say(observers=station.observer_invitation)
    try:
        serve({"record": record, "stop": station.stop, "mark": station.mark, "child": child}, watcher)
    finally:
        station.close()
        say(now=watcher.words())


def run_console(options: Options, watcher: Watcher) -> None:
    invitation = Invitation.parse(options.link)
    console = Console(invitation, Path(options.folder), *_devices(options), CLOCK, watcher)
    watcher.shown = console.shown

    def written_s() -> float:
        recorder = console._recording.recorder
        return recorder._track.written / AUDIO_RATE if recorder else 0.0

    watcher.written_s = written_s
    console.open()
    threading.Thread(target=_tell_safe, args=(console,), daemon=True).start()

    def tell_delays() -> None:
        say(delays=list(watcher.delays))

    try:
        serve({"begin": watcher.delays.clear, "delays": tell_delays, "mark": console.note}, watcher)
    finally:
        console.close()


def serve(verbs: Verbs, watcher: Watcher) -> None:
    """Obey until told to quit."""
    ended = threading.Event()
    threading.Thread(target=_talk, args=(watcher, ended), daemon=True).start()
    for line in sys.stdin:
        command = json.loads(line)
        verb = command.pop("do")
        if verb == "quit":
            break
        verbs[verb](**command)
    ended.set()


def _talk(watcher: Watcher, ended: threading.Event) -> None:
    while not ended.wait(SAY_EVERY_S):
        say(now=watcher.words())


def _tell_safe(console: Console) -> None:
    console.safe_to_close.wait()
    say(safe=True)


def _devices(options: Options) -> tuple[VirtualMicrophone, VirtualSpeaker]:
    room = VirtualRoom(CLOCK, Path(options.voice) if options.voice else None)
    room.cue(CLOCK.utc_ns())
    return VirtualMicrophone(room, CLOCK), VirtualSpeaker(room, CLOCK)


if __name__ == "__main__":
    main()
