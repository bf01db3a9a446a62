"""Enters and lists what participants agreed to, also after their session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage import Project
from woz.consent import WORDS
from woz.errors import WozError
from woz.plan import day_of, person_of
from woz.session import ConsentKind, Participant


def enter_consents(
    project: Project, entry: str, taken_back: Sequence[ConsentKind], withdrawn: bool | None, now_utc_ns: int
) -> Participant:
    """Keep new consents of a known participant, `PSEUDONYM[,KIND=VERSION...]`; None leaves `withdrawn` as it is.

    Raises WozError for somebody whom the project doesn't know, and for an entry that can't be understood.
    """
    known = project.participants.all()
    pseudonym = entry.partition(",")[0].strip()
    found = next((person for person in known if person.pseudonym == pseudonym), None)
    if found is None:
        raise WozError(f"This project has no participant {pseudonym!r}; woz consent without a person lists them.")
    person = person_of(found.role, entry, known, now_utc_ns).participant
    person = replace(person, consents=tuple(c for c in person.consents if c.kind not in taken_back))
    person = person if withdrawn is None else replace(person, withdrawn=withdrawn)
    project.participants.save(person)
    return person


def consent_words(person: Participant) -> str:
    """One line: what somebody agreed to, to which version, when; and what is missing."""
    given = [f"{WORDS[c.kind]} {c.version} ({day_of(c.given_utc_ns)})" for c in person.consents]
    missing = [WORDS[kind] for kind in ConsentKind if kind not in {c.kind for c in person.consents}]
    parts = ["withdrawn"] if person.withdrawn else []
    parts += given + ([f"missing: {', '.join(missing)}"] if missing else [])
    return f"{person.pseudonym}  {'; '.join(parts)}"
