"""Sessions that must stay together: those of one participant, procedure or scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from woz.model.ids import ParticipantId
from woz.model.people import Participant, Role
from woz.model.session import Session


class GroupBy(StrEnum):
    PARTICIPANT = "participant"
    SESSION = "session"
    PROCEDURE = "procedure"
    SCENARIO = "scenario"


def groups(sessions: Sequence[Session], people: Iterable[Participant], by: GroupBy) -> dict[str, str]:
    """The group of each session, by their ids. One without what is grouped by is a group of its own.

    By participant, sessions are together that share a trainee; an expert may be in all of them.
    """
    if by != GroupBy.PARTICIPANT:
        return {session.id: _named(session, by) for session in sessions}
    usual = {person.id: person for person in people}
    trainees = {session.id: _trainees(session, usual) for session in sessions}
    root = {name: name for names in trainees.values() for name in names}
    for names in trainees.values():
        for name in names[1:]:
            one, other = sorted((_root(root, names[0]), _root(root, name)))
            root[other] = one
    return {key: _root(root, names[0]) if names else key for key, names in trainees.items()}


def members_of(
    sessions: Iterable[Session], people: Iterable[Participant], by: GroupBy, grouped: Mapping[str, str]
) -> dict[str, str]:
    """The group of each that is grouped by its name: of each trainee, where it is by participant. `grouped` is what
    `groups` finds.
    """
    usual = {person.id: person for person in people} if by == GroupBy.PARTICIPANT else {}
    found = {group: group for group in grouped.values()}
    return found | {name: grouped[each.id] for each in sessions for name in _trainees(each, usual)}


def _named(session: Session, by: GroupBy) -> str:
    if by == GroupBy.PROCEDURE:
        return session.procedure_id or session.id
    return (session.scenario if by == GroupBy.SCENARIO else "") or session.id


def _trainees(session: Session, people: Mapping[ParticipantId, Participant]) -> list[str]:
    """Their pseudonyms; where nobody is known to be a trainee, all who are in it."""
    roles = {each.participant_id: each.role for each in session.attendance}
    here = [people[person] for person in session.participants if person in people]
    found = [person.pseudonym for person in here if roles.get(person.id, person.role) == Role.TRAINEE]
    return sorted(found or [person.pseudonym for person in here])


def _root(root: dict[str, str], name: str) -> str:
    while root[name] != name:
        name = root[name]
    return name
