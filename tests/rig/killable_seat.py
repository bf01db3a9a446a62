"""A seat without a window, in a process of its own that may be killed.

    python -m tests.rig.killable_seat station FOLDER SESSION [--glasses]
    python -m tests.rig.killable_seat console LINK FOLDER

It writes news and takes commands as JSON, one object a line: {"do": "record" | "stop" | "mark" | "quit"}.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.core.aria_doubles import SIZE, SteadyGlasses
from woz.capture.aria.source import AriaSource
from woz.capture.source import Source, SourceInfo
from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.clock import SystemClock
from woz.console import Console
from woz.demo.voices import write_wav
from woz.events import Event, EventKind
from woz.link.invitation import Invitation
from woz.recording.manifest import Manifest
from woz.seats import ConsoleStatus, StationStatus, ViewFrame
from woz.session import Procedure, Protocol, SessionId
from woz.station import Station, StationConfig

CLOCK = SystemClock()
_out = threading.Lock()


def tell(**news: Any) -> None:
    with _out:
        sys.stdout.write(json.dumps(news) + "\n")
        sys.stdout.flush()


class Listener:
    """Of either seat: tells each change of the link, and each mark that is in the journal."""

    def __init__(self) -> None:
        self.link = ""
        self.seen = False
        self.upload: float | None = None

    def status(self, status: StationStatus | ConsoleStatus) -> None:
        if str(status.link) != self.link:
            self.link = str(status.link)
            tell(link=self.link)
        upload = status.upload if isinstance(status, ConsoleStatus) else None
        if upload != self.upload:
            self.upload = upload
            tell(upload=upload)

    def preview(self, image: av.VideoFrame) -> None:
        if not self.seen:
            self.seen = True
            tell(view=True)

    def journalled(self, event: Event) -> None:
        if event.kind in (EventKind.MARK, EventKind.NOTE):
            tell(journalled=event.data.get("name") or event.data.get("text"))

    def view(self, frame: ViewFrame) -> None: ...

    def procedure(self, procedure: Procedure) -> None:
        tell(greeted=True)

    def protocol(self, protocol: Protocol) -> None: ...


def room(folder: Path, seed: int) -> VirtualRoom:
    """Somebody who never stops speaking."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.normal(0, 1, 48_000 * 20), np.ones(30) / 30, "same") * np.repeat(
        rng.uniform(0.2, 1, 200), 4_800
    )
    path = folder / f"voice-{seed}.wav"
    write_wav(path, np.tile((noise * 0.3).astype(np.float32), 30))
    made = VirtualRoom(CLOCK, path)
    made.cue(CLOCK.utc_ns())
    return made


def station(folder: Path, session_id: str, glasses: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    here = room(folder, 1)
    source: Source = SyntheticSource(CLOCK, size=320)
    if glasses:
        source = AriaSource(SourceInfo("steady", SIZE, SIZE, 20, 48_000), SteadyGlasses(), CLOCK)
    config = StationConfig(SessionId(session_id), folder / "sessions", PROCEDURE, "127.0.0.1", 0, "127.0.0.1")
    seat = Station(
        config,
        source,
        VirtualMicrophone(here, CLOCK),
        VirtualSpeaker(here, CLOCK),
        CLOCK,
        Listener(),
        lambda manifest: tell(closed=_closed(manifest)),
    )
    seat.open()
    tell(invitation=seat.invitation)
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "record":
            seat.record()
            tell(origin_ns=CLOCK.now_ns() - (seat.session_ns or 0))
        elif command["do"] == "mark":
            seat.mark(command["name"])
        elif command["do"] == "stop":
            seat.stop()
        elif command["do"] == "child":
            tell(pid=source.pid if isinstance(source, AriaSource) else None)
        elif command["do"] == "quit":
            break
    seat.close()


def _closed(manifest: Manifest) -> dict[str, str]:
    return {"session": manifest.session_id, "voice": manifest.expert_voice}


def console(link: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    here = room(folder, 2)
    microphone, speaker = VirtualMicrophone(here, CLOCK), VirtualSpeaker(here, CLOCK)
    seat = Console(Invitation.parse(link), folder, microphone, speaker, CLOCK, Listener())
    seat.open()
    tell(joined=True)
    threading.Thread(target=_watch, args=(seat,), daemon=True).start()
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "mark":
            seat.note(command["name"])
        elif command["do"] == "quit":
            break
    seat.close()


def _watch(seat: Console) -> None:
    seat.safe_to_close.wait()
    tell(safe=True)
    time.sleep(1e6)


if __name__ == "__main__":
    if sys.argv[1] == "station":
        station(Path(sys.argv[2]), sys.argv[3], "--glasses" in sys.argv)
    else:
        console(sys.argv[2], Path(sys.argv[3]))
