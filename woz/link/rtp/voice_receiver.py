"""Takes a voice from the link to the earpiece's buffer."""

from __future__ import annotations

from collections.abc import Callable

from woz.link.rtp.jitter_buffer import Playout
from woz.link.rtp.packets import VOICE, VoicePacket
from woz.link.rtp.port import MediaPort


class VoiceReceiver:
    """`pass_on` gets the number and payload of each good packet."""

    def __init__(
        self,
        playout: Playout,
        kind: int = VOICE,
        pass_on: Callable[[int, bytes], None] = lambda sequence, payload: None,
    ) -> None:
        self._playout = playout
        self._kind = kind
        self._pass_on = pass_on

    def start(self, port: MediaPort) -> None:
        port.listen(self._kind, self._take)

    async def stop(self) -> None:
        self._playout.clear()

    def _take(self, short: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        self._playout.push(short, VoicePacket.decode(payload))
        self._pass_on(short, payload)
