"""Takes a voice from the link to the earpiece's buffer."""

from __future__ import annotations

from woz.link.media.port import MediaPort
from woz.link.media.wire import VOICE, VoicePacket
from woz.link.playout import Playout


class VoiceReceiver:
    def __init__(self, playout: Playout) -> None:
        self._playout = playout

    def start(self, port: MediaPort) -> None:
        port.listen(VOICE, self._take)

    async def stop(self) -> None:
        self._playout.clear()

    def _take(self, short: int, stamp: int, payload: bytes, again: bool, now_ns: int) -> None:
        self._playout.push(short, VoicePacket.decode(payload))
