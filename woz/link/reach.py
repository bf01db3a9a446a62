"""How a station can be reached, and by how many: what a lab may want to set."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from woz.errors import WozError
from woz.link.ice import IceServers
from woz.link.invitation import FINGERPRINT_BYTES, bytes_of

VALID_S = 24 * 3600
MAX_OBSERVERS = 8


@dataclass(frozen=True, slots=True)
class RendezvousAddress:
    """Where a rendezvous is; without a fingerprint a public authority vouches for it."""

    host: str
    port: int
    fingerprint: bytes = b""

    @classmethod
    def parse(cls, text: str) -> RendezvousAddress:
        """HOST:PORT, or HOST:PORT#FINGERPRINT as `woz rendezvous` prints it. Raises WozError for anything else."""
        try:
            parts = urlsplit(f"//{text.strip()}")
            fingerprint = bytes_of(parts.fragment)
            if not parts.hostname or not parts.port or len(fingerprint) not in (0, FINGERPRINT_BYTES):
                raise ValueError("incomplete")
            return cls(parts.hostname, parts.port, fingerprint)
        except ValueError:
            raise WozError(
                "The rendezvous is given as HOST:PORT#FINGERPRINT; copy it from what woz rendezvous prints."
            ) from None


@dataclass(frozen=True, slots=True)
class Reach:
    ice: IceServers = field(default_factory=IceServers)
    rendezvous: RendezvousAddress | None = None
    observers: int = MAX_OBSERVERS
    valid_s: int = VALID_S
    """How long an invitation lets in."""
