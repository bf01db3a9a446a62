"""What the bearer of an invitation proves, and how what follows is sealed: HMAC-SHA-256, HKDF (RFC 5869), AES-GCM.

Every handshake mixes a fresh nonce of each side and the station's certificate into its keys, so that nothing of it
can be replayed, and nobody between the two can read or change what is sealed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from woz.base.outside import Data, read
from woz.link.handshake.invitation import Invitation, bytes_of, text_of

NONCE_BYTES = 16
INSTANCE_BYTES = 16
STATION, CONSOLE = "station", "console"


def nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def ticket_id(invitation: Invitation) -> bytes:
    """By what the station finds an invitation again; it tells nothing about the secret (16 bytes)."""
    return _derive(invitation.secret, b"", f"woz ticket {invitation.session_id}", 16)


class HandshakeKeys:
    """The keys of one handshake: from the secret, both nonces and the station's certificate."""

    def __init__(self, secret: bytes, console_nonce: bytes, station_nonce: bytes, fingerprint: bytes) -> None:
        salt = console_nonce + station_nonce + fingerprint
        self._proof_key = _derive(secret, salt, "woz proof")
        self._binding_key = _derive(secret, salt, "woz descriptions")
        self._sealing = {side: _derive(secret, salt, f"woz from {side}") for side in (STATION, CONSOLE)}

    def proof(self, side: str, instance: bytes) -> bytes:
        """What only a holder of the secret can say, for this handshake and this console alone."""
        return _mac(self._proof_key, side.encode(), instance)

    def binding(self, *descriptions: str) -> bytes:
        """Ties session descriptions, and so the media's certificates in them, to the secret and this handshake."""
        return _mac(self._binding_key, *(d.encode() for d in descriptions))

    def seals(self, side: str) -> tuple[Seal, Seal]:
        """For one side: to seal what it says, to open what the other says."""
        other = CONSOLE if side == STATION else STATION
        return Seal(self._sealing[side]), Seal(self._sealing[other])


class Seal:
    """AES-256-GCM over a sequence of JSON objects; the place in the sequence is the nonce."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._count = 0

    def close(self, data: Mapping[str, Any]) -> str:
        return text_of(self._cipher.encrypt(self._next(), json.dumps(data).encode(), None))

    def open(self, text: object) -> dict[str, Any]:
        """Raises ValueError for what was not sealed by the other side as the next in its sequence."""
        try:
            said = self._cipher.decrypt(self._next(), bytes_of(text), None)
        except InvalidTag as error:
            raise ValueError("not sealed by whom it should be") from error
        return read(said, Data)

    def _next(self) -> bytes:
        self._count += 1
        return struct.pack(">4xQ", self._count)


def same(one: bytes, other: bytes) -> bool:
    """Whether two proofs are the same, in a time that doesn't tell where they differ."""
    return hmac.compare_digest(one, other)


def _mac(key: bytes, *parts: bytes) -> bytes:
    framed = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return hmac.new(key, framed, hashlib.sha256).digest()


def _derive(secret: bytes, salt: bytes, purpose: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt, purpose.encode()).derive(secret)
