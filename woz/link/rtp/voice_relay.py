"""Both voices for an observer: packets as they were made for the others, passed on."""

from __future__ import annotations

import asyncio

from woz.base.supervision import Supervisor
from woz.link.rtp.packets import EXPERT_VOICE, VOICE
from woz.link.rtp.port import MediaPort

MOST_SENDING = 50


class VoiceRelay:
    """Belongs to the loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._watch = Supervisor.of(loop)
        self._port: MediaPort | None = None
        self._sequence = 0
        self._sending: set[asyncio.Task[None]] = set()

    def start(self, port: MediaPort) -> None:
        self._port = port

    async def stop(self) -> None:
        self._port = None
        await asyncio.gather(*self._sending, return_exceptions=True)

    def pass_trainee(self, payload: bytes) -> None:
        self._send(VOICE, self._sequence, payload)
        self._sequence += 1

    def pass_expert(self, sequence: int, payload: bytes) -> None:
        """By the number it came with, so that what was lost before us is seen as lost."""
        self._send(EXPERT_VOICE, sequence, payload)

    def _send(self, kind: int, sequence: int, payload: bytes) -> None:
        if self._port and len(self._sending) < MOST_SENDING:
            task = self._watch.task(
                "voice for an observer", self._port.send(kind, sequence, 0, payload), self._loop
            )
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
