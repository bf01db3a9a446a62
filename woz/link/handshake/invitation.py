"""An invitation to a session: one link that says where and which, and proves that its bearer was invited."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import struct
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from woz.base.errors import WozError
from woz.model.ids import SessionId

SCHEME = "woz"
SECRET_BYTES = 16
FINGERPRINT_BYTES = 32
VERSION = 1
_PASS = struct.Struct(f">BBI{SECRET_BYTES}s{FINGERPRINT_BYTES}s")
_OBSERVER, _RENDEZVOUS = 1, 2


class Invited(StrEnum):
    """What somebody is invited to be. The station goes by its own list, not by what a link says."""

    EXPERT = "expert"
    OBSERVER = "observer"
    """Sees and hears; can't speak or mark."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """As a link: woz://HOST:PORT/SESSION#PASS, the pass being base64url of

    version (1 byte), flags (1; 1: an observer's, 2: HOST is a rendezvous), expiry in seconds UTC (4), secret (16),
    the station's certificate as SHA-256 (32).
    """

    host: str
    port: int
    session_id: SessionId
    expires_utc_s: int
    fingerprint: bytes
    secret: bytes = field(repr=False)
    invited: Invited = Invited.EXPERT
    by_rendezvous: bool = False

    @classmethod
    def new(cls, host: str, port: int, session_id: SessionId, expires_utc_s: int, fingerprint: bytes) -> Invitation:
        return cls(host, port, session_id, expires_utc_s, fingerprint, secrets.token_bytes(SECRET_BYTES))

    def for_observers(self) -> Invitation:
        """To the same session, with a secret of its own."""
        return replace(self, secret=secrets.token_bytes(SECRET_BYTES), invited=Invited.OBSERVER)

    def at(self, host: str, port: int) -> Invitation:
        """The same invitation, to be answered at another place."""
        return replace(self, host=host, port=port)

    def expiry(self, now_utc_ns: int) -> str:
        """What to tell its bearer once it has run out, one sentence in local time; empty before.

        The station goes by its own clock, and lets somebody come back to a session by an invitation that ran out.
        """
        if now_utc_ns < self.expires_utc_s * 1_000_000_000:
            return ""
        end = datetime.fromtimestamp(self.expires_utc_s, UTC).astimezone()
        return f"This invitation ran out on {end:%Y-%m-%d} at {end:%H:%M}; ask the operator for a new one."

    @property
    def link(self) -> str:
        return f"{SCHEME}://{address_text(self.host, self.port)}/{self.session_id}#{text_of(self._pass())}"

    def _pass(self) -> bytes:
        flags = _OBSERVER * (self.invited == Invited.OBSERVER) | _RENDEZVOUS * self.by_rendezvous
        return _PASS.pack(VERSION, flags, self.expires_utc_s, self.secret, self.fingerprint)

    @classmethod
    def parse(cls, link: str) -> Invitation:
        """Raises WozError for a text that is no invitation."""
        try:
            parts = urlsplit(link.strip())
            session = parts.path.strip("/")
            if parts.scheme != SCHEME or not parts.hostname or not parts.port or not _SESSION.fullmatch(session):
                raise ValueError("not our link")
            return cls._of(parts.hostname, parts.port, SessionId(session), bytes_of(parts.fragment))
        except ValueError:
            raise WozError(
                "This is not an invitation link; copy the whole link, from woz:// to its end, from the station."
            ) from None

    @classmethod
    def _of(cls, host: str, port: int, session_id: SessionId, raw: bytes) -> Invitation:
        if len(raw) != _PASS.size:
            raise ValueError("cut off, or too long")
        version, flags, expires, secret, fingerprint = _PASS.unpack(raw)
        if version != VERSION or flags & ~(_OBSERVER | _RENDEZVOUS):
            raise ValueError("of another version")
        invited = Invited.OBSERVER if flags & _OBSERVER else Invited.EXPERT
        return cls(host, port, session_id, expires, fingerprint, secret, invited, bool(flags & _RENDEZVOUS))


def text_of(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: object) -> bytes:
    """The reverse of `text_of`. Raises ValueError for anything else."""
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def address_text(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
