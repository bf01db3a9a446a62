"""Who is let in. Whoever isn't hears one plain refusal, the same whatever the reason."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from woz.base.clock import Clock
from woz.base.token_bucket import Buckets, Rate
from woz.link.handshake.invitation import SECRET_BYTES, Invitation, Invited
from woz.link.handshake.sealing import CONSOLE, HandshakeKeys, same, ticket_id

PER_TICKET = Rate(12, 0.5)
"""Joinings by one invitation."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody at the door says; all of it may be lies."""

    ticket: bytes
    nonce: bytes
    instance: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Admission:
    instance: bytes
    invited: Invited
    handshake: HandshakeKeys = field(repr=False)


class Authenticator:
    """Knows the invitations that are out. `fingerprint` is of the station's certificate."""

    def __init__(self, clock: Clock, fingerprint: bytes) -> None:
        self.fingerprint = fingerprint
        self._clock = clock
        self._invitations: dict[bytes, Invitation] = {}
        self._held: Invitation | None = None
        self._joins = Buckets(PER_TICKET, clock)
        self.refused = 0

    def expect(self, invitation: Invitation) -> None:
        self._invitations[ticket_id(invitation)] = invitation

    def hold(self, invitation: Invitation) -> None:
        """Whoever came by it in time may come back by it until it is withdrawn, however late that is."""
        self._held = invitation

    def withdraw_all_but(self, kept: Invitation | None) -> None:
        """The others are used up: nobody gets in by them from now on."""
        self._invitations = {ticket: known for ticket, known in self._invitations.items() if known == kept}

    def knows(self, ticket: bytes) -> bool:
        """Whether such a ticket is out; without the secret nobody can name one."""
        return self._find(ticket) is not None

    def admit(self, claim: Claim, own_nonce: bytes) -> Admission | None:
        """The same work whatever is wrong with the claim. Wrong ones that came before keep no right one out."""
        invitation = self._find(claim.ticket)
        secret = invitation.secret if invitation else secrets.token_bytes(SECRET_BYTES)
        handshake = HandshakeKeys(secret, claim.nonce, own_nonce, self.fingerprint)
        proved = same(handshake.proof(CONSOLE, claim.instance), claim.proof)
        if invitation and proved and self._is_valid(invitation, claim.ticket):
            return Admission(claim.instance, invitation.invited, handshake)
        self.refused += 1
        return None

    def _find(self, ticket: bytes) -> Invitation | None:
        found = None
        for known, invitation in self._invitations.items():
            found = invitation if same(known, ticket) else found
        return found

    def _is_valid(self, invitation: Invitation, ticket: bytes) -> bool:
        in_time = self._clock.utc_ns() < invitation.expires_utc_s * 1_000_000_000
        return (in_time or invitation == self._held) and self._joins.of(ticket.hex()).take()
