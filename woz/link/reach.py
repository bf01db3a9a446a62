"""How a station can be reached: what a lab may want to set."""

from __future__ import annotations

from dataclasses import dataclass, field

from woz.link.ice import IceServers

VALID_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Reach:
    ice: IceServers = field(default_factory=IceServers)
    valid_s: int = VALID_S
    """How long an invitation lets in."""
