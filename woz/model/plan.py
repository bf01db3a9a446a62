"""What is settled before a session: procedure, scenario, protocol and people; and how a command line says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from woz.base.errors import WozError, unread
from woz.model.ids import ParticipantId, new_id
from woz.model.people import Attendance, Consent, ConsentKind, Experience, Participant, Role
from woz.model.procedure import Procedure
from woz.model.protocol import ON_DEMAND, PROACTIVE, Protocol

MOST_SKILL = 10
_PSEUDONYM = re.compile(r"[^\W_][\w-]{0,15}")
_INITIALS = 4
"""No more capitals than this make a code without a digit."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant, and what holds for them in this session only.

    `before` is how the project knew them when that was entered; None for somebody new.
    """

    participant: Participant
    attendance: Attendance
    before: Participant | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Plan:
    procedure: Procedure
    protocol: Protocol = PROACTIVE
    scenario: str = ""
    people: tuple[Person, ...] = ()

    @property
    def participants(self) -> tuple[Participant, ...]:
        return tuple(person.participant for person in self.people)


def problems(plan: Plan, known: Iterable[Participant] = ()) -> list[str]:
    """What is still wrong with a plan, a sentence each; empty where a session can begin.

    The pseudonyms of people who are `known` already are taken as they are.
    """
    people = plan.participants
    names = [person.pseudonym for person in people]
    found = []
    if not plan.procedure.name:
        found.append("Name the procedure.")
    if not plan.protocol.text.strip():
        found.append("Write the protocol's text: what the expert may say, and when.")
    if not plan.protocol.name.strip() or not plan.protocol.version.strip():
        found.append("Give the protocol a name and a version.")
    if Role.TRAINEE not in {person.attendance.role for person in plan.people}:
        found.append("Enter the trainee's pseudonym.")
    found += [f"The pseudonym {name} is used twice." for name in sorted({n for n in names if names.count(n) > 1})]
    found += [f"{person.pseudonym} has withdrawn from the study." for person in people if person.withdrawn]
    entered = {person.pseudonym for person in known}
    found += [no_pseudonym(name) for name in names if name not in entered and not is_pseudonym(name)]
    for person in people:
        found += [
            f"{tag!r} is no language tag (for {person.pseudonym}): write it as en, it or de-CH."
            for tag in person.languages
            if not is_language(tag)
        ]
    return found


def is_pseudonym(text: str) -> bool:
    """Whether a text is a short code: up to 16 letters, digits, - and _, a letter or a digit first; with a digit,
    or of at most four letters, all capitals."""
    coded = any(sign.isdigit() for sign in text) or (text.isalpha() and text.isupper() and len(text) <= _INITIALS)
    return coded and bool(_PSEUDONYM.fullmatch(text))


def no_pseudonym(text: str) -> str:
    rule = "a short code such as P07, with a digit or of up to four capitals, without spaces, never a name"
    return f"{text!r} can't be a pseudonym: take {rule}."


def is_language(tag: str) -> bool:
    """Whether a text is formed as a language tag (BCP 47, RFC 5646, section 2.1; not whether it is registered)."""
    return bool(_TAG.fullmatch(tag))


def read_lines(path: Path, what: str) -> str:
    """A text file's text. Raises WozError where it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(f"{what} in {path}", error)) from error


def shipped_protocol(name: str) -> Protocol | None:
    """However it is written: On demand is on-demand."""
    known = {"proactive": PROACTIVE, "on-demand": ON_DEMAND}
    return known.get("-".join(name.casefold().replace("-", " ").split()))


def protocol_named(name: str, version: str = "") -> Protocol:
    """`proactive`, `on-demand`, or a text file of the lab's own, which needs a version.

    Raises WozError for anything else.
    """
    if shipped := shipped_protocol(name):
        return shipped
    path = Path(name)
    if not path.exists():
        raise WozError(f"There is no protocol {path}: say proactive or on-demand, or name a text file of your own.")
    text = read_lines(path, "The protocol").strip()
    if not text or not version:
        raise WozError(f"The protocol in {path} needs a text, and its version, with --protocol-version.")
    return Protocol(path.stem, text, version)


def person_of(role: Role, text: str, known: Iterable[Participant], now_utc_ns: int) -> Person:
    """A person from `PSEUDONYM[,KEY=VALUE...]`; what is known of the pseudonym is kept where it isn't said anew.

    Keys: experience (none, some, often, or how many times), skill (0 to 10), languages (en+it-CH), and the
    consents privacy, recording, transcription, release (VERSION, or VERSION@2026-03-01, and /2031-03-01 behind it
    where it is kept until then).
    Raises WozError for anything else.
    """
    pseudonym, *facts = [part.strip() for part in text.split(",")]
    if not pseudonym:
        raise WozError(f"{text!r} has no pseudonym; write it as P01,skill=3.")
    found = next((person for person in known if person.pseudonym == pseudonym), None)
    participant = found or Participant(ParticipantId(new_id()), pseudonym, role)
    person = Person(participant, Attendance(participant.id, role), found)
    for fact in facts:
        key, _, value = fact.partition("=")
        person = _with_fact(person, key, value, now_utc_ns)
    return person


def _with_fact(person: Person, key: str, value: str, now_utc_ns: int) -> Person:
    participant, attendance = person.participant, person.attendance
    if key == "experience":
        return replace(person, attendance=_experienced(attendance, value))
    if key == "skill":
        return replace(person, attendance=replace(attendance, skill=_number(value, MOST_SKILL, "skill")))
    if key == "languages":
        return replace(person, participant=replace(participant, languages=tuple(value.split("+"))))
    if key in set(ConsentKind):
        consent = consent_of(ConsentKind(key), value, now_utc_ns)
        return replace(
            person, participant=replace(participant, consents=with_consent(participant.consents, consent))
        )
    raise WozError(f"{key!r} is nothing that is asked of people; see woz station --help.")


def _experienced(attendance: Attendance, value: str) -> Attendance:
    if value in set(Experience):
        return replace(attendance, experience=Experience(value))
    times = _number(value, 100_000, "experience")
    return replace(attendance, times=times, experience=experience_of(times))


def experience_of(times: int) -> Experience:
    """The word for a number of times: none, some (up to five), often."""
    return Experience.NONE if times == 0 else Experience.SOME if times <= 5 else Experience.OFTEN


def _number(value: str, most: int, what: str) -> int:
    if not value.isdecimal() or int(value) > most:
        raise WozError(f"{what}={value} is not understood: write a whole number from 0 to {most}.")
    return int(value)


def consent_of(kind: ConsentKind, value: str, now_utc_ns: int) -> Consent:
    """From VERSION, given now, or VERSION@2026-03-01; with /2031-03-01 behind the day, what was made by it is kept
    no longer (an interval of days as ISO 8601 writes it). Raises WozError for anything else.
    """
    version, _, days = value.partition("@")
    day, _, until = days.partition("/")
    if not version:
        raise WozError(f"Say which version of the text was agreed to: {kind}=2.1 or {kind}=2.1@2026-03-01.")
    given_utc_ns = utc_ns_of(day) if day else now_utc_ns
    until_utc_ns = utc_ns_of(until) if until else None
    if until_utc_ns is not None and until_utc_ns <= given_utc_ns:
        raise WozError(f"{kind} is kept until {until}, before it was given; write the later day behind the /.")
    return Consent(kind, version, given_utc_ns, until_utc_ns)


def with_consent(consents: Sequence[Consent], new: Consent) -> tuple[Consent, ...]:
    """All consents with a new one in the place of that to the same version of the same text; ordered."""
    others = [c for c in consents if (c.kind, c.version) != (new.kind, new.version)]
    order = list(ConsentKind)
    return tuple(sorted([*others, new], key=lambda c: (order.index(c.kind), c.given_utc_ns, c.version)))


def utc_ns_of(day: str) -> int:
    """The beginning (UTC) of a day such as 2026-03-01. Raises WozError for anything else."""
    try:
        start = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        raise WozError(f"{day!r} is no date; write it as 2026-03-01.") from None
    return int(start.timestamp()) * 1_000_000_000


def day_of(utc_ns: int) -> str:
    """The day (UTC) of a time, as 2026-03-01."""
    return datetime.fromtimestamp(utc_ns / 1e9, UTC).date().isoformat()
