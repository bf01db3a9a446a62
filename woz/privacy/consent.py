"""What the participants' consents allow. Who has withdrawn allows nothing.

A session leaves the lab (a release) only where all who are in it agreed to that. Of an imported data set, its
source and licence stand in the place of consents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.model.people import ConsentKind, Participant
from woz.model.session import DataSetSource, Session

WORDS = {
    ConsentKind.PRIVACY: "privacy notice",
    ConsentKind.RECORDING: "recording",
    ConsentKind.TRANSCRIPTION: "transcription",
    ConsentKind.RELEASE: "public release",
}


def allows(participant: Participant, kind: ConsentKind) -> bool:
    return not participant.withdrawn and any(consent.kind == kind for consent in participant.consents)


def lacking(participants: Iterable[Participant], kind: ConsentKind) -> tuple[str, ...]:
    """Pseudonyms of those who have not agreed to it, or have withdrawn."""
    return tuple(person.pseudonym for person in participants if not allows(person, kind))


def newest_version(participants: Iterable[Participant], kind: ConsentKind) -> str:
    """Of the text to which somebody agreed last; empty where nobody did."""
    given = [consent for person in participants for consent in person.consents if consent.kind == kind]
    return max(given, key=lambda consent: consent.given_utc_ns).version if given else ""


def provenance_of(source: str, licence: str) -> DataSetSource | None:
    """None where both are empty. Raises WozError where only one is given."""
    source, licence = source.strip(), licence.strip()
    if bool(source) != bool(licence):
        raise WozError("A data set's name and its licence belong together; give both.")
    return DataSetSource(source, licence) if source else None


def release_reason(session: Session, participants: Iterable[Participant]) -> str:
    """Why a session may not leave the lab, in one sentence; empty where it may."""
    people = tuple(participants)
    if gone := _withdrawn(people):
        return f"{gone} has withdrawn from the study."
    if session.provenance:
        return ""
    if not people:
        return "Nobody is on record who could have agreed to public release."
    names = lacking(people, ConsentKind.RELEASE)
    return f"No consent to {WORDS[ConsentKind.RELEASE]} is on record for {', '.join(names)}." if names else ""


def release_bar(session: Session, participants: Iterable[Participant]) -> str:
    """The same without a name, for what leaves the lab."""
    people = tuple(participants)
    if not release_reason(session, people):
        return ""
    if _withdrawn(people):
        return "somebody has withdrawn from the study"
    if not people:
        return "nobody is on record who could have agreed to public release"
    return "somebody has not agreed to public release"


def release_objection(session: Session, participants: Iterable[Participant]) -> str:
    """`release_reason`, with the command that mends it."""
    people = tuple(participants)
    reason = release_reason(session, people)
    if not reason or _withdrawn(people):
        return reason
    if people:
        return f"{reason} {_entering(lacking(people, ConsentKind.RELEASE), ConsentKind.RELEASE)}"
    which = f"--session {session.id}"
    return (
        f"{reason} Enter who was in it, woz consent PROJECT P01,release=VERSION {which} --role trainee, or"
        f" which published data set it is of, woz consent PROJECT {which} --source-name NAME --licence NAME."
    )


def export_warning(session: Session, participants: Iterable[Participant], release: bool) -> str:
    """What has to be known before a session is exported; empty where it may go anywhere.

    Raises WozError where it may not be exported: for a release by any objection, inside the lab by a withdrawal.
    """
    people = tuple(participants)
    objection = release_objection(session, people)
    if objection and (release or _withdrawn(people)):
        raise WozError(f"{session.id} may not be {'released' if release else 'exported'}. {objection}")
    return f"{session.id} is for this lab only. {objection}" if objection else ""


def demand(participants: Iterable[Participant], kind: ConsentKind, what: str) -> None:
    """Raises WozError, which says who has to be asked, where somebody has not agreed to `kind`."""
    people = tuple(participants)
    if gone := _withdrawn(people):
        raise WozError(f"{gone} has withdrawn from the study; this session may not be {what}.")
    names = lacking(people, kind)
    if names:
        raise WozError(
            f"This session may not be {what}: no consent to {WORDS[kind]} is on record for {', '.join(names)}."
            f" {_entering(names, kind)}"
        )


def _entering(names: Sequence[str], kind: ConsentKind) -> str:
    """How the answer of these people is entered, with the command for the first of them."""
    each = " for each" if len(names) > 1 else ""
    return f"Ask them, and enter it{each}: woz consent PROJECT {quoted(f'{names[0]},{kind}=VERSION')}."


def _withdrawn(people: Iterable[Participant]) -> str:
    return next((person.pseudonym for person in people if person.withdrawn), "")
