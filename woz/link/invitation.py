"""An invitation to a session: one link that says where, which session, and proves that its bearer was invited."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from woz.errors import WozError
from woz.session import SessionId

SCHEME = "woz"
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Invitation:
    """As a link: woz://HOST:PORT/SESSION#TOKEN, the token being 128 random bits in base64url."""

    host: str
    port: int
    session_id: SessionId
    token: str

    @classmethod
    def new(cls, host: str, port: int, session_id: SessionId) -> Invitation:
        return cls(host, port, session_id, secrets.token_urlsafe(TOKEN_BYTES))

    @property
    def link(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}://{host}:{self.port}/{self.session_id}#{self.token}"

    @classmethod
    def parse(cls, link: str) -> Invitation:
        """Raises WozError for a text that is no invitation."""
        refusal = WozError(
            "This is not an invitation link; copy the whole link, from woz:// to its end, from the station."
        )
        try:
            parts = urlsplit(link.strip())
            port = parts.port
        except ValueError:
            raise refusal from None
        session = parts.path.strip("/")
        complete = parts.scheme == SCHEME and parts.hostname and port and _PART.fullmatch(session)
        if not complete or not _PART.fullmatch(parts.fragment):
            raise refusal
        return cls(str(parts.hostname), int(port or 0), SessionId(session), parts.fragment)


_PART = re.compile(r"[A-Za-z0-9_-]{1,64}")
