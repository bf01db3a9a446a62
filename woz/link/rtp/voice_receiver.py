"""Takes a voice from the link to the earpiece's buffer."""

from __future__ import annotations

from collections.abc import Callable

from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.link.rtp.packets import VOICE, VoicePacket
from woz.link.rtp.port import MediaPort


class VoiceReceiver:
    """`pass_on` gets the number and payload of each good packet."""

    def __init__(
        self,
        jitter_buffer: JitterBuffer,
        kind: int = VOICE,
        pass_on: Callable[[int, bytes], None] = lambda sequence, payload: None,
    ) -> None:
        self._jitter_buffer = jitter_buffer
        self._kind = kind
        self._pass_on = pass_on

    def start(self, port: MediaPort) -> None:
        port.listen(self._kind, self._take)

    async def stop(self) -> None:
        self._jitter_buffer.clear()

    def _take(self, short: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        self._jitter_buffer.push(short, VoicePacket.decode(payload))
        self._pass_on(short, payload)
