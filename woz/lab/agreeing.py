"""How far the annotators of a project agree: pairs of them, over the sessions that both annotated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from woz.annotation.measures.agreement import Doubled
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId, SessionId, TierId
from woz.model.session import Session
from woz.model.tier import Tier


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators by pseudonym, and the sessions that both annotated."""

    one: str
    other: str
    sessions: tuple[Doubled, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`names` are those of labels by their ids."""

    tier_type: str
    pairs: tuple[Pair, ...]
    names: Mapping[str, str]


def agreement(
    project: Project, tier_type: str, session_id: SessionId | None = None, annotators: Sequence[str] = ()
) -> Agreement:
    """All pairs of annotators, or those named by pseudonym, in the order of names.

    Raises WozError for an annotator that the project hasn't, and where no two annotated the same session.
    """
    people = {person.id: person.pseudonym for person in project.annotators.all()}
    wanted = [project.annotators.named(name).id for name in annotators] or sorted(people, key=lambda i: people[i])
    sessions = [project.sessions.get(session_id)] if session_id else sorted(project.sessions.all(), key=_by_start)
    done = {session.id: _by_annotator(project, session, tier_type) for session in sessions}
    everybody = combinations(dict.fromkeys(wanted), 2)
    pairs = [Pair(people[a], people[b], _doubled(sessions, done, a, b)) for a, b in everybody]
    found = tuple(pair for pair in pairs if pair.sessions)
    if not found:
        raise WozError(
            f"No two annotators have a tier of type {tier_type!r} in one session that you see; woz tiers lists what"
            " there is. Who is blind to others' work there sees no agreement on it."
        )
    return Agreement(tier_type, found, _names(project, tier_type))


def _by_start(session: Session) -> tuple[int, str]:
    return session.start_utc_ns, session.id


Done = Mapping[AnnotatorId, tuple[Annotation, ...]]


def _by_annotator(project: Project, session: Session, tier_type: str) -> Done:
    items = project.annotations.load(session.id)
    owners: dict[TierId, AnnotatorId] = {
        item.id: item.annotator_id
        for item in items
        if isinstance(item, Tier) and item.tier_type == tier_type and item.annotator_id
    }
    found: dict[AnnotatorId, list[Annotation]] = {owner: [] for owner in owners.values()}
    for item in items:
        if isinstance(item, Annotation) and item.tier_id in owners:
            found[owners[item.tier_id]].append(item)
    return {owner: tuple(annotations) for owner, annotations in found.items()}


def _doubled(
    sessions: Sequence[Session], done: Mapping[SessionId, Done], one: AnnotatorId, other: AnnotatorId
) -> tuple[Doubled, ...]:
    return tuple(
        Doubled(session.id, _duration(session, done[session.id]), (done[session.id][one], done[session.id][other]))
        for session in sessions
        if one in done[session.id] and other in done[session.id]
    )


def _duration(session: Session, done: Done) -> int:
    """To the last annotation where the session's end isn't known."""
    ends = [each.end_ns or each.start_ns or 0 for annotations in done.values() for each in annotations]
    return session.duration_ns or max(ends, default=0)


def _names(project: Project, tier_type: str) -> dict[str, str]:
    schemes = sorted(project.schemes.all(), key=lambda scheme: scheme.version)
    types = (each for scheme in schemes for each in scheme.tier_types if each.key == tier_type)
    return {str(label.id): label.name() for each in types for label in each.labels}
