"""What the participants' consents allow. Who has withdrawn allows nothing."""

from __future__ import annotations

from collections.abc import Iterable

from woz.errors import WozError
from woz.session import ConsentKind, Participant

WORDS = {
    ConsentKind.PRIVACY: "privacy notice",
    ConsentKind.RECORDING: "recording here",
    ConsentKind.TRANSCRIPTION: "transcription",
    ConsentKind.RELEASE: "public release",
}


def allows(participant: Participant, kind: ConsentKind) -> bool:
    return not participant.withdrawn and any(consent.kind == kind for consent in participant.consents)


def lacking(participants: Iterable[Participant], kind: ConsentKind) -> tuple[str, ...]:
    """Pseudonyms of those who have not agreed to it, or have withdrawn."""
    return tuple(person.pseudonym for person in participants if not allows(person, kind))


def demand(participants: Iterable[Participant], kind: ConsentKind, what: str) -> None:
    """Raises WozError, which says who has to be asked, where somebody has not agreed to `kind`."""
    people = tuple(participants)
    gone = [person.pseudonym for person in people if person.withdrawn]
    if gone:
        raise WozError(f"{gone[0]} has withdrawn from the study; this session may not be {what}.")
    names = lacking(people, kind)
    if names:
        raise WozError(
            f"This session may not be {what}: no consent to {WORDS[kind]} is on record for {', '.join(names)}."
            " Ask them, and enter it with woz consent."
        )
