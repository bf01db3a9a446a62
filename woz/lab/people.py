"""A page by person: what they agreed to, in which version, when, and what depends on it; and what is due to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from woz.base.counts import counted
from woz.lab.consenting import consent_line
from woz.lab.library import DEMANDED, Released
from woz.lab.ports import Project
from woz.lab.withdrawing import extents_of, person_named
from woz.model.ids import SessionId
from woz.model.people import Consent, ConsentKind, Participant
from woz.model.plan import day_of
from woz.model.session import Session
from woz.privacy.consent import WORDS, allows, release_reason
from woz.privacy.retention import Due, due
from woz.privacy.withdrawal import shares

NEEDED = {
    ConsentKind.PRIVACY: "keeping their sessions",
    ConsentKind.RECORDING: "keeping their sessions",
    ConsentKind.TRANSCRIPTION: "transcripts, and what was made of them",
    ConsentKind.RELEASE: "what leaves the lab",
}
"""What rests on each kind of consent."""


@dataclass(frozen=True, slots=True)
class InSession:
    """A session that somebody was in, as what; `turns` of theirs are in its transcripts."""

    session_id: SessionId
    title: str
    start_utc_ns: int
    roles: tuple[str, ...]
    hours: float
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`lacking` are kinds that they have not agreed to and that something of theirs rests on; `releases` hold
    something of sessions that they were in; `withdrawal` says how far their withdrawal is, empty for none.
    """

    person: Participant
    sessions: tuple[InSession, ...]
    releases: tuple[Released, ...]
    lacking: tuple[ConsentKind, ...]
    due: tuple[Due, ...]
    withdrawal: str = ""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line of the list: `lacking` in words, empty where all that is needed is there."""

    pseudonym: str
    role: str
    sessions: int
    hours: float
    lacking: str
    due: str
    withdrawn: bool

    @property
    def lamp(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        said = ["has withdrawn"] if self.withdrawn else []
        said += [f"missing: {self.lacking}"] if self.lacking else []
        return "; ".join(said + ([self.due] if self.due else []))


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release, and why sessions of it could not be released today, by their ids; empty where all could."""

    released: Released
    against: Mapping[str, str]


def due_in(project: Project, now_utc_ns: int) -> tuple[Due, ...]:
    """What should have gone by now, the longest due first."""
    return due(project.participants.all(), project.sessions.all(), project.keeping.retention(), now_utc_ns)


def over_in(project: Project, now_utc_ns: int) -> dict[SessionId, str]:
    """Sessions of which nothing leaves the lab any more since they are due to go, and why, a sentence each."""
    found: dict[SessionId, str] = {}
    for each in due_in(project, now_utc_ns):
        for session_id in each.sessions:
            found.setdefault(session_id, f"Its time is over: {each.why}.")
    return found


def people_lines(project: Project, now_utc_ns: int) -> list[PersonLine]:
    """By pseudonym."""
    sessions, over = project.sessions.all(), due_in(project, now_utc_ns)
    released = {each for release in project.releases.all() for each in release.sessions}
    transcribed = {each.session.id for each in project.library.sessions() if each.transcript}
    found = []
    for person in project.participants.all():
        theirs = [each for each in sessions if person.id in each.participants]
        lacking = _lacking(person, theirs, transcribed, released)
        first = next((each for each in over if each.person == person.pseudonym), None)
        found.append(
            PersonLine(
                person.pseudonym,
                str(person.role),
                len(theirs),
                sum(each.duration_ns or 0 for each in theirs) / 3.6e12,
                ", ".join(WORDS[kind] for kind in lacking),
                f"due since {day_of(first.until_utc_ns)}" if first else "",
                person.withdrawn,
            )
        )
    return found


def person_page(project: Project, pseudonym: str, now_utc_ns: int) -> PersonPage:
    """Raises WozError for somebody whom the project doesn't know."""
    person, sessions = person_named(project, pseudonym), project.sessions.all()
    by_id = {each.id: each for each in sessions}
    parts = shares(person, sessions, project.participants.all())
    inside = []
    for share, extent in zip(parts, extents_of(project, person, parts), strict=True):
        session = by_id[share.session_id]
        hours = (session.duration_ns or 0) / 3.6e12
        roles = tuple(map(str, share.roles))
        inside.append(InSession(session.id, session.title, session.start_utc_ns, roles, hours, extent.rows))
    theirs = [by_id[share.session_id] for share in parts]
    releases = tuple(r for r in project.releases.all() if set(r.sessions) & {each.id for each in theirs})
    released = {each for release in releases for each in release.sessions}
    transcribed = {each.id for each in theirs if project.transcripts.of_session(each.id)}
    begun = project.withdrawals.found(person.id)
    return PersonPage(
        person,
        tuple(inside),
        releases,
        _lacking(person, theirs, transcribed, released),
        tuple(each for each in due_in(project, now_utc_ns) if each.person == pseudonym),
        "" if begun is None else "carried out" if begun.ended_utc_ns else "begun, not ended",
    )


def release_lines(project: Project, now_utc_ns: int) -> list[ReleaseLine]:
    """The newest first."""
    over = over_in(project, now_utc_ns)
    people = {person.id: person for person in project.participants.all()}
    sessions = {each.id: each for each in project.sessions.all()}
    found = []
    for released in reversed(project.releases.all()):
        here = [sessions[each] for each in released.sessions if each in sessions]
        reasons = {s.id: release_reason(s, [people[p] for p in s.participants]) or over.get(s.id) for s in here}
        found.append(ReleaseLine(released, {str(key): why for key, why in reasons.items() if why}))
    return found


def _lacking(
    person: Participant, sessions: Sequence[Session], transcribed: set[SessionId], released: set[SessionId]
) -> tuple[ConsentKind, ...]:
    """Of a published data set nothing is asked: its licence stands in the place of consents."""
    own = [each for each in sessions if each.provenance is None]
    needed = set(DEMANDED) if own else set()
    needed |= {ConsentKind.TRANSCRIPTION} if any(each.id in transcribed for each in own) else set()
    needed |= {ConsentKind.RELEASE} if any(each.id in released for each in own) else set()
    return tuple(kind for kind in ConsentKind if kind in needed and not allows(person, kind))


def newest(person: Participant, kind: ConsentKind) -> Consent | None:
    given = [each for each in person.consents if each.kind == kind]
    return max(given, key=lambda each: each.given_utc_ns, default=None)


def due_words(each: Due) -> str:
    """One line, with the command that shows what would go."""
    count = counted(len(each.sessions), "session")
    return (
        f"{each.person}  due since {day_of(each.until_utc_ns)}, {count}: {each.why}."
        f" See what would go: woz withdraw PROJECT {each.person} --dry-run"
    )


def page_words(page: PersonPage) -> list[str]:
    """A line each: consents and what rests on them, sessions, releases, what is due."""
    lines = [f"{page.person.pseudonym}, {page.person.role}" + ("; has withdrawn" if page.person.withdrawn else "")]
    if page.withdrawal:
        lines.append(f"Withdrawal: {page.withdrawal}.")
    for kind in ConsentKind:
        held = newest(page.person, kind)
        said = consent_line(held) if held else f"{WORDS[kind]}: none"
        lamp = "⚠ " if kind in page.lacking else ""
        lines.append(
            f"  {lamp}{said}; {NEEDED[kind]} {'rests' if kind != ConsentKind.TRANSCRIPTION else 'rest'} on it"
        )
    lines += [
        f"  {each.session_id}  {each.title}, {'/'.join(each.roles)}, {each.hours:.1f} h: "
        + (", ".join(f"{what} {count}" for what, count in each.rows.items()) or "nothing in the database")
        for each in page.sessions
    ]
    lines += [f"  release {each.name} {each.version}, {each.path}" for each in page.releases]
    return [*lines, *(f"  ⚠ {due_words(each)}" for each in page.due)]


def page_facts(page: PersonPage) -> dict[str, Any]:
    """For programs."""
    return asdict(page)
