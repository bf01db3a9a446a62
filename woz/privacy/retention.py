"""For how long what was recorded is kept, by consents and by protocol, and what is due to go.

Nothing goes by itself: what is due is told, and a person carries the withdrawal out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.people import Consent, Participant
from woz.model.session import Session
from woz.privacy.consent import WORDS

ANY = ""
"""Stands for every protocol that has no rule of its own."""
MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Retention:
    """Months (of the calendar, from the day of recording) by the protocol's name, `ANY` for all others."""

    months: Mapping[str, int] = field(default_factory=dict)

    def of(self, protocol: str) -> int | None:
        """None where there is no end."""
        return self.months.get(protocol, self.months.get(ANY))


@dataclass(frozen=True, slots=True)
class Due:
    """What of a person should have gone since `until_utc_ns`: these sessions; `why` in words."""

    person: str
    sessions: tuple[SessionId, ...]
    until_utc_ns: int
    why: str


def with_rule(retention: Retention, protocol: str, months: int | None) -> Retention:
    """None takes the rule away. Raises WozError for a number of months that can't be."""
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise WozError(f"Recordings are kept for 1 to {MOST_MONTHS} months; {months} is none of these.")
    others = {name: kept for name, kept in retention.months.items() if name != protocol}
    return Retention(others if months is None else {**others, protocol: months})


def after_months(utc_ns: int, months: int) -> int:
    """The same day and time (UTC) so many months later, the month's last day where it has no such day; ns."""
    begun = datetime.fromtimestamp(utc_ns // 1_000_000_000, UTC)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    for day in range(begun.day, begun.day - 4, -1):
        try:
            return int(begun.replace(year=year, month=month + 1, day=day).timestamp()) * 1_000_000_000
        except ValueError:
            continue
    raise ValueError(f"{year}-{month + 1} has no day {begun.day}")


def kept_until(consents: Sequence[Consent]) -> Consent | None:
    """The consent that ends first, of each kind the newest counting; None where none ends."""
    newest = {each.kind: each for each in sorted(consents, key=lambda one: one.given_utc_ns)}
    ending = [each for each in newest.values() if each.until_utc_ns is not None]
    return min(ending, key=lambda each: each.until_utc_ns or 0, default=None)


def due(
    people: Iterable[Participant], sessions: Sequence[Session], retention: Retention, now_utc_ns: int
) -> tuple[Due, ...]:
    """By person, the longest due first. Who has withdrawn is left out: that leads further than any date."""
    found: list[Due] = []
    for person in people:
        if not person.withdrawn:
            found += _by_consent(person, sessions, now_utc_ns)
            found += _by_protocol(person, sessions, retention, now_utc_ns)
    return tuple(sorted(found, key=lambda each: (each.until_utc_ns, each.person)))


def _by_consent(person: Participant, sessions: Sequence[Session], now_utc_ns: int) -> Iterator[Due]:
    ending = kept_until(person.consents)
    theirs = tuple(each.id for each in sessions if person.id in each.participants)
    if theirs and ending and ending.until_utc_ns is not None and ending.until_utc_ns <= now_utc_ns:
        why = f"their consent to {WORDS[ending.kind]} (version {ending.version}) ended"
        yield Due(person.pseudonym, theirs, ending.until_utc_ns, why)


def _by_protocol(
    person: Participant, sessions: Sequence[Session], retention: Retention, now_utc_ns: int
) -> Iterator[Due]:
    over: dict[str, list[tuple[int, SessionId]]] = {}
    for each in sessions:
        name = each.protocol.name if each.protocol else ANY
        months = retention.of(name)
        if months is None or person.id not in each.participants:
            continue
        until_utc_ns = after_months(each.start_utc_ns, months)
        if until_utc_ns <= now_utc_ns:
            over.setdefault(
                f"{name or 'sessions without a protocol'}: kept for {counted(months, 'month')}", []
            ).append((until_utc_ns, each.id))
    for why, ended in over.items():
        yield Due(person.pseudonym, tuple(id_ for _, id_ in sorted(ended)), min(ended)[0], why)
