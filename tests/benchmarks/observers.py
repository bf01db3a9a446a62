"""Several observers in a process, for `bench_observers`: they take and acknowledge all packets, and decode none."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

from tests.rig.seat import Options, options_told
from tests.rig.seat_process import say
from woz.base.clock import SystemClock
from woz.base.runtime import LiveLoop
from woz.link.ends.console_end import ConsoleEnd
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation
from woz.link.rtp import view_receiver
from woz.link.rtp.jitter_buffer import JitterBuffer

OBSERVERS = 3


class Watcher:
    """A console's end that wants nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: None


class NoRecordings:
    def copies(self) -> tuple[()]:
        return ()

    def read(self, recording: str, number: int) -> None: ...

    def handed_over(self, recording: str) -> None: ...


class Uncoded:
    """In place of the decoder: counts."""

    frames = 0

    def decode(self, packet: object) -> list[Any]:
        Uncoded.frames += 1
        return []


def watch(options: Options) -> None:
    view_receiver._open = Uncoded  # type: ignore[assignment]
    live, clock, invitation = LiveLoop("observers"), SystemClock(), Invitation.parse(options.link)
    ends: list[ConsoleEnd] = []
    ended = threading.Event()

    def talk() -> None:
        while not ended.wait(0.2):
            say(now={"live": sum(end.state == LinkState.LIVE for end in ends), "frames": Uncoded.frames})

    threading.Thread(target=talk, daemon=True).start()
    for line in sys.stdin:
        command = json.loads(line)["do"]
        if command == "in":
            ends += [
                ConsoleEnd(Watcher(), live, clock, JitterBuffer(), JitterBuffer(), NoRecordings())
                for _ in range(OBSERVERS)
            ]
            for end in ends:
                live.call(end.join(invitation))
        elif command == "out":
            for end in ends:
                live.call(end.close())
            ends.clear()
        else:
            break
    ended.set()
    live.close()


if __name__ == "__main__":
    watch(options_told())
