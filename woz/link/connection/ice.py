"""Which STUN and TURN servers help the two ends to find each other. None by default: nobody is asked unbidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated

from aiortc import RTCConfiguration, RTCIceServer
from msgspec import Meta

from woz.base.errors import WozError
from woz.base.outside import checked

_HOST = r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?"
_STUN = re.compile(rf"stun:{_HOST}")
_TURN = re.compile(rf"turn:{_HOST}(\?transport=(udp|tcp))?|turns:{_HOST}(\?transport=tcp)?")
Text = Annotated[str, Meta(max_length=512)]


@dataclass(frozen=True, slots=True)
class IceServers:
    """At most one of each kind, as URLs (RFC 7064, RFC 7065). Raises WozError for what is no such URL."""

    stun: str = ""
    turn: str = ""
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.stun and not _STUN.fullmatch(self.stun):
            raise WozError("The STUN server is given as stun:HOST or stun:HOST:PORT.")
        if self.turn and not _TURN.fullmatch(self.turn):
            raise WozError(
                "The TURN server is given as turn:HOST:PORT, with ?transport=tcp for TCP, or turns:HOST:PORT."
            )
        if self.turn and not (self.user and self.password):
            raise WozError("A TURN server needs --turn-user and a password (WOZ_TURN_PASSWORD).")

    def configuration(self) -> RTCConfiguration:
        servers = [RTCIceServer(self.stun)] if self.stun else []
        if self.turn:
            servers.append(RTCIceServer(self.turn, self.user, self.password))
        return RTCConfiguration(iceServers=servers)

    def to_data(self) -> dict[str, str]:
        return {"stun": self.stun, "turn": self.turn, "user": self.user, "password": self.password}

    @classmethod
    def from_data(cls, data: object) -> IceServers:
        """Raises ValueError for data that names no servers."""
        told = checked(data, dict[str, Text])
        try:
            return cls(*(told.get(key, "") for key in ("stun", "turn", "user", "password")))
        except WozError as error:
            raise ValueError("not a server's URL") from error
