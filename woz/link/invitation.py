"""An invitation to a session: one link that says where and which, and proves that its bearer was invited."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import struct
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from woz.errors import WozError
from woz.session import SessionId

SCHEME = "woz"
SECRET_BYTES = 16
FINGERPRINT_BYTES = 32
ROOM_BYTES = 16
VERSION = 1
_HEAD = struct.Struct(f">BBI{SECRET_BYTES}s{FINGERPRINT_BYTES}s")


class GuestRole(StrEnum):
    EXPERT = "expert"
    OBSERVER = "observer"
    """Sees and hears, and can neither speak nor mark."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The room of a rendezvous; `fingerprint` is empty where a public authority vouches for its certificate."""

    room: bytes
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True)
class Invitation:
    """As a link: woz://HOST:PORT/SESSION#PASS, the pass being base64url of

    version (1 byte), role (1), expiry in seconds UTC (4), secret (16), the station's certificate as SHA-256
    (32), and, where host and port are a rendezvous, its room (16) and the rendezvous' certificate (32, or none).
    """

    host: str
    port: int
    session_id: SessionId
    role: GuestRole
    expires_utc_s: int
    fingerprint: bytes
    secret: bytes = field(repr=False)
    meeting: Meeting | None = None

    @classmethod
    def new(
        cls, host: str, port: int, session_id: SessionId, role: GuestRole, expires_utc_s: int, fingerprint: bytes
    ) -> Invitation:
        return cls(host, port, session_id, role, expires_utc_s, fingerprint, secrets.token_bytes(SECRET_BYTES))

    def at(self, host: str, port: int, meeting: Meeting | None = None) -> Invitation:
        """The same invitation, to be answered at another place."""
        return replace(self, host=host, port=port, meeting=meeting)

    @property
    def link(self) -> str:
        return f"{SCHEME}://{address_text(self.host, self.port)}/{self.session_id}#{text_of(self._pass())}"

    def _pass(self) -> bytes:
        role = list(GuestRole).index(self.role)
        head = _HEAD.pack(VERSION, role, self.expires_utc_s, self.secret, self.fingerprint)
        return head + (self.meeting.room + self.meeting.fingerprint if self.meeting else b"")

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
        head, tail = raw[: _HEAD.size], raw[_HEAD.size :]
        if len(head) < _HEAD.size or len(tail) not in (0, ROOM_BYTES, ROOM_BYTES + FINGERPRINT_BYTES):
            raise ValueError("cut off, or too long")
        version, role, expires, secret, fingerprint = _HEAD.unpack(head)
        if version != VERSION or role >= len(GuestRole):
            raise ValueError("of another version")
        meeting = Meeting(tail[:ROOM_BYTES], tail[ROOM_BYTES:]) if tail else None
        return cls(host, port, session_id, list(GuestRole)[role], expires, fingerprint, secret, meeting)


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
