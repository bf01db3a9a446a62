"""How a station can be reached: what a lab may want to set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from woz.base.errors import WozError
from woz.link.connection.ice import IceServers

VALID_HOURS = 24
LONGEST_HOURS = 24 * 90
SETTINGS = ("stun", "turn", "turn_user", "turn_password", "rendezvous", "valid_hours")


@dataclass(frozen=True, slots=True)
class Reach:
    ice: IceServers = field(default_factory=IceServers)
    valid_s: int = VALID_HOURS * 3600
    """How long an invitation lets in."""
    rendezvous: tuple[str, int] | None = None
    """Host and port of the `woz rendezvous` that both sides dial; None where consoles dial the station."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Reach:
        """From values by the names of `SETTINGS`. Raises WozError for what can't be understood."""
        unknown = sorted(set(settings) - set(SETTINGS))
        if unknown:
            raise WozError(f"There is no setting {unknown[0]!r}; there are {', '.join(SETTINGS)}.")
        texts = {key: str(settings.get(key) or "") for key in SETTINGS}
        ice = IceServers(*(texts[key] for key in ("stun", "turn", "turn_user", "turn_password")))
        hours = texts["valid_hours"] or str(VALID_HOURS)
        if not hours.isdecimal() or not 1 <= int(hours) <= LONGEST_HOURS:
            raise WozError(f"An invitation is valid for 1 to {LONGEST_HOURS} whole hours, not {hours!r}.")
        return cls(ice, int(hours) * 3600, parse_place(texts["rendezvous"]) if texts["rendezvous"] else None)


def parse_place(text: str) -> tuple[str, int]:
    """HOST:PORT, or [ADDRESS]:PORT. Raises WozError for anything else."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise WozError(f"A rendezvous is given as HOST:PORT, not {text!r}.")
    return host.removeprefix("[").removesuffix("]"), int(port)
