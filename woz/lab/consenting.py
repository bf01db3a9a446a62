"""Enters and lists what participants agreed to, also after their session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.base.errors import WozError
from woz.lab.library import DEMANDED
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.plan import day_of, is_pseudonym, no_pseudonym, person_of
from woz.model.session import Session
from woz.privacy.consent import WORDS, lacking, provenance_of


def enter_consents(
    project: Project, entry: str, taken_back: Sequence[ConsentKind], withdrawn: bool | None, now_utc_ns: int
) -> Participant:
    """Keep new consents of a known participant, `PSEUDONYM[,KIND=VERSION...]`; None leaves `withdrawn` as it is.

    Raises WozError for somebody whom the project doesn't know, and for an entry that can't be understood.
    """
    pseudonym = entry.partition(",")[0].strip()
    with project.at_once():
        known = project.participants.all()
        found = next((person for person in known if person.pseudonym == pseudonym), None)
        if found is None:
            raise WozError(
                f"This project has no participant {pseudonym!r}; woz consent without a person lists them."
            )
        person = person_of(found.role, entry, known, now_utc_ns).participant
        kept = tuple(c for c in person.consents if c.kind not in taken_back)
        return keep_consents(project, person, kept, person.withdrawn if withdrawn is None else withdrawn)


def keep_consents(
    project: Project, person: Participant, consents: Sequence[Consent], withdrawn: bool
) -> Participant:
    """Keep what a participant agreed to, in the place of what was known."""
    kept = replace(person, consents=tuple(consents), withdrawn=withdrawn)
    project.participants.save(kept)
    return kept


def keep_entered(
    project: Project, person: Participant, consents: Sequence[Consent], withdrawn: bool
) -> Participant:
    """What was entered in a form, which showed `person` as they were then. What came meanwhile and wasn't touched
    there stays, above all that they have withdrawn.
    """
    with project.at_once():
        now = project.participants.get(person.id)
        gone = withdrawn if withdrawn != person.withdrawn else now.withdrawn
        return keep_consents(project, now, merged_consents(person.consents, consents, now.consents), gone)


def merged_consents(
    shown: Sequence[Consent], entered: Sequence[Consent], now: Sequence[Consent]
) -> tuple[Consent, ...]:
    """Of one version of a kind there is one consent: as it was entered where it differs from what was shown, else
    as it is now.
    """
    touched = {_text(each) for each in {*shown} ^ {*entered}}
    here = (each for each in entered if _text(each) in touched)
    return (*here, *(each for each in now if _text(each) not in touched))


def _text(consent: Consent) -> tuple[ConsentKind, str]:
    return consent.kind, consent.version


def enter_attendance(project: Project, session: str, entry: str, role: Role, now_utc_ns: int) -> None:
    """Put a person, new or known, on record of a session.

    Raises WozError for a session that the project hasn't, a name in the place of a pseudonym, and an entry that
    can't be understood.
    """
    with project.at_once():
        known = _session(project, session)
        person = person_of(role, entry, project.participants.all(), now_utc_ns)
        who = person.participant
        if person.before is None and not is_pseudonym(who.pseudonym):
            raise WozError(no_pseudonym(who.pseudonym))
        project.participants.save(who)
        others = tuple(id_ for id_ in known.participants if id_ != who.id)
        attendance = tuple(a for a in known.attendance if a.participant_id != who.id)
        project.sessions.save(
            replace(known, participants=(*others, who.id), attendance=(*attendance, person.attendance))
        )


def enter_provenance(project: Project, session: str, source: str, licence: str) -> None:
    """Keep which published data set a session is of. Raises WozError where name or licence lacks."""
    project.sessions.save(replace(_session(project, session), provenance=provenance_of(source, licence)))


def _session(project: Project, session: str) -> Session:
    if not session:
        raise WozError("Say which session is meant, with --session ID.")
    return project.sessions.get(SessionId(session))


def consent_words(person: Participant) -> str:
    """One line: what somebody agreed to, to which version, when; and what is missing."""
    given = [consent_line(each) for each in person.consents]
    missing = [WORDS[kind] for kind in ConsentKind if kind not in {c.kind for c in person.consents}]
    parts = ["withdrawn"] if person.withdrawn else []
    parts += given + ([f"missing: {', '.join(missing)}"] if missing else [])
    return f"{person.pseudonym}  {'; '.join(parts)}"


def consent_lamp(project: Project, session: Session, transcribed: bool) -> str:
    """Whose consent to what an annotator's work rests on is missing, in one sentence; empty where all is there."""
    people = [project.participants.get(each) for each in session.participants]
    if gone := [person.pseudonym for person in people if person.withdrawn]:
        return f"{' and '.join(gone)} has withdrawn from the study: leave this session, and tell whoever keeps it."
    if session.provenance:
        return ""
    kinds = (*DEMANDED, *([ConsentKind.TRANSCRIPTION] if transcribed else []))
    missing = [f"{WORDS[kind]} of {', '.join(names)}" for kind in kinds if (names := lacking(people, kind))]
    return f"A consent is missing: {'; '.join(missing)}. Ask whoever keeps the consents." if missing else ""


def consent_line(consent: Consent) -> str:
    """As "recording 2.1 (2026-03-01, kept until 2031-03-01)"."""
    until = "" if consent.until_utc_ns is None else f", kept until {day_of(consent.until_utc_ns)}"
    return f"{WORDS[consent.kind]} {consent.version} ({day_of(consent.given_utc_ns)}{until})"


def session_words(session: Session, people: Sequence[Participant]) -> str:
    """One line: who is on record of a session, and which published data set it is of."""
    names = [person.pseudonym for person in people if person.id in session.participants]
    source = f"; of {session.provenance.source}, {session.provenance.licence}" if session.provenance else ""
    return f"{session.id}  {', '.join(names) or 'nobody on record'}{source}"
