"""What a lab wants to know of all its sessions, in a few queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, not_, select, true
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.history.hiding import hidden_tier, is_blind, sees_own_alone
from storage.history.viewer import Viewer
from storage.repositories.repository import Repository
from storage.tables.annotators import AnnotatorRow
from storage.tables.history import EditItemRow, EditRow
from storage.tables.items import ITEM_TABLES
from storage.tables.models import ParticipantRow, ProcedureRow, TranscriptRow
from storage.tables.rows import participant_value
from storage.tables.session_rows import all_sessions
from storage.tables.work import AssignmentRow
from storage.tables.work_rows import ever_given_windows
from woz.base.interval import Interval
from woz.lab.library import CODED, DEMANDED, REVIEWED, PersonFacts, SessionFacts, TierFact
from woz.model.assignment import Part
from woz.model.item_json import from_json
from woz.model.origin import Origin
from woz.model.people import Participant
from woz.model.question import ReviewStatus
from woz.model.tier import Tier, TierState
from woz.privacy.consent import allows

_TIER_TABLE = ITEM_TABLES["tier"].table
_TIER, _QUESTION = _TIER_TABLE.c, ITEM_TABLES["question"].table.c


class Library(Repository):
    """Implements `woz.lab.ports.Library`. A blind `viewer` gets nobody else's tiers, nor, but for curators
    and managers, figures.
    """

    def __init__(self, database: Database, viewer: Viewer) -> None:
        super().__init__(database)
        self._viewer = viewer.id

    def sessions(self) -> tuple[SessionFacts, ...]:
        """The newest first."""
        with self._database.snapshot() as rows:
            blind = self._viewer and is_blind(rows, self._viewer)
            return _sessions(rows, self._viewer if blind else "")

    def people(self) -> tuple[PersonFacts, ...]:
        """By pseudonym."""
        with self._database.snapshot() as rows:
            alone = sees_own_alone(rows, self._viewer)
            return tuple(person for person in _people(rows) if not alone or person.id == self._viewer)


def _sessions(rows: Rows, blind: str) -> tuple[SessionFacts, ...]:
    people = {row.id: participant_value(row) for row in rows.scalars(select(ParticipantRow))}
    lacking = {each for each, person in people.items() if not _agreed(person)}
    procedures = dict(_pairs(rows, select(ProcedureRow.id, ProcedureRow.name)))
    transcripts, tiers, questions = _transcripts(rows), _tiers(rows, blind), _questions(rows)
    edited = _edited(rows)
    found = []
    for session in all_sessions(rows):
        origin, made_utc_ns = transcripts.get(session.id, ("", 0))
        asked = questions.get(session.id, {})
        edited_utc_ns, last_edit = edited.get(session.id, (0, 0))
        facts = SessionFacts(
            session,
            procedures.get(session.procedure_id or "", ""),
            transcript=origin,
            transcribed_utc_ns=made_utc_ns,
            tiers=tuple(tiers.get(session.id, ())),
            questions=sum(asked.values()),
            accepted_questions=asked.get(ReviewStatus.ACCEPTED, 0),
            touched_utc_ns=max(edited_utc_ns, made_utc_ns, session.start_utc_ns),
            last_edit=last_edit,
        )
        found.append(_with_people(facts, [people[each] for each in session.participants], lacking))
    return tuple(found)


def _edited(rows: Rows) -> dict[str, tuple[int, int]]:
    """Of each session when it was edited last (UTC in ns), and by which edit."""
    last = select(EditRow.session_id, func.max(EditRow.made_utc_ns), func.max(EditRow.id))
    return {session: (utc_ns, edit) for session, utc_ns, edit in rows.execute(last.group_by(EditRow.session_id))}


def _with_people(facts: SessionFacts, people: list[Participant], lacking: set[str]) -> SessionFacts:
    published = facts.session.provenance is not None
    return replace(
        facts,
        people=tuple(person.pseudonym for person in people),
        lacking=tuple(
            person.pseudonym for person in people if person.withdrawn or (person.id in lacking and not published)
        ),
        consents=tuple(
            (p.pseudonym, each.kind, each.given_utc_ns, each.until_utc_ns) for p in people for each in p.consents
        ),
    )


def _agreed(person: Participant) -> bool:
    return all(allows(person, kind) for kind in DEMANDED)


def _transcripts(rows: Rows) -> dict[str, tuple[str, int]]:
    """Of each session the newest one's origin, and when the first was made."""
    row = TranscriptRow
    found: dict[str, tuple[str, int]] = {}
    order = select(row.session_id, row.origin, row.made_utc_ns).order_by(row.made_utc_ns, row.id)
    for session_id, origin, made_utc_ns in rows.execute(order):
        found[session_id] = (origin, found.get(session_id, ("", made_utc_ns))[1])
    return found


@dataclass(slots=True)
class _Reached:
    """Of a tier, by the history of its edits: by which it was made, and by which it was called done first (0 for
    none); when that was, and when it was accepted first (UTC in ns, 0 for never).
    """

    made: int
    closed: int = 0
    coded_utc_ns: int = 0
    reviewed_utc_ns: int = 0


def _tiers(rows: Rows, blind: str) -> dict[str, list[TierFact]]:
    reached, golds, given = _reached(rows), _golds(rows), ever_given_windows(rows)
    found = defaultdict(list)
    shown = not_(hidden_tier(blind, _TIER_TABLE)) if blind else true()
    columns = (_TIER.session_id, _TIER.id, _TIER.tier_type, _TIER.state, _TIER.annotator_id, _TIER.scheme_id)
    for session_id, tier_id, tier_type, state, annotator_id, scheme_id, origin, made_by in rows.execute(
        select(*columns, _TIER.made_origin, _TIER.made_by).where(shown).order_by(_TIER.id)
    ):
        of = reached.setdefault(tier_id, _Reached(0))
        times, gold = (of.coded_utc_ns, of.reviewed_utc_ns), tier_id in golds
        fact = TierFact(tier_id, tier_type, TierState(state), annotator_id or "", *times, gold, scheme_id)
        machine = "" if annotator_id or origin == Origin.MANUAL else made_by
        found[session_id].append(replace(fact, given_ns=_length_ns(given.get(tier_id, ())), machine=machine))
    return {session_id: _with_measured(tiers, reached) for session_id, tiers in found.items()}


def _with_measured(tiers: list[TierFact], reached: Mapping[str, _Reached]) -> list[TierFact]:
    """With those told that were made after the gold of their type was submitted; as `woz.lab.after_gold`."""
    closed: dict[tuple[str, str], int] = {}
    for each in tiers:
        if each.gold and (at := reached[each.tier_id].closed):
            closed[each.type_id] = min(at, closed.get(each.type_id, at))
    return [
        replace(each, after_gold=True)
        if not each.gold and 0 < closed.get(each.type_id, 0) < reached[each.tier_id].made
        else each
        for each in tiers
    ]


def _golds(rows: Rows) -> set[str]:
    return set(rows.scalars(select(AssignmentRow.tier_id).where(AssignmentRow.part == Part.ADJUDICATOR.value)))


def _length_ns(windows: tuple[Interval, ...]) -> int | None:
    """None where it was given whole, or to nobody."""
    return sum(each.duration_ns for each in windows) or None


def _reached(rows: Rows) -> dict[str, _Reached]:
    query = (
        select(
            EditItemRow.item_id, EditItemRow.after, EditRow.made_utc_ns, EditRow.id, EditItemRow.before.is_(None)
        )
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .join(_TIER_TABLE, _TIER.id == EditItemRow.item_id)
        .where(EditItemRow.kind == "tier", EditItemRow.after.is_not(None))
        .order_by(EditRow.id)
    )
    found: dict[str, _Reached] = {}
    for tier_id, after, utc_ns, edit_id, is_new in rows.execute(query):
        tier, of = from_json("tier", after or ""), found.setdefault(tier_id, _Reached(edit_id if is_new else 0))
        if isinstance(tier, Tier) and tier.state in CODED:
            of.closed, of.coded_utc_ns = of.closed or edit_id, of.coded_utc_ns or utc_ns
        if isinstance(tier, Tier) and tier.state in REVIEWED:
            of.reviewed_utc_ns = of.reviewed_utc_ns or utc_ns
    return found


def _questions(rows: Rows) -> dict[str, dict[str, int]]:
    counted = select(_QUESTION.session_id, _QUESTION.status, func.count()).group_by(
        _QUESTION.session_id, _QUESTION.status
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for session_id, status, count in rows.execute(counted):
        found[session_id][status] = count
    return found


def _people(rows: Rows) -> tuple[PersonFacts, ...]:
    edits = dict(_pairs(rows, select(EditRow.by, func.count()).group_by(EditRow.by)))
    by = AssignmentRow.annotator_id
    assigned = dict(_pairs(rows, select(by, func.count()).group_by(by)))
    changed = (
        select(_TIER.annotator_id, func.count(EditItemRow.item_id.distinct()))
        .join(EditItemRow, EditItemRow.owner_id == _TIER.id)
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .join(AnnotatorRow, AnnotatorRow.id == EditRow.by)
        .where(EditItemRow.kind == "annotation", EditItemRow.before.is_not(None), EditRow.by != _TIER.annotator_id)
        .group_by(_TIER.annotator_id)
    )
    others = dict(_pairs(rows, changed))
    known = rows.execute(select(AnnotatorRow.id, AnnotatorRow.pseudonym).order_by(AnnotatorRow.pseudonym))
    return tuple(
        PersonFacts(each, name, assigned.get(each, 0), edits.get(each, 0), others.get(each, 0))
        for each, name in known
    )


def _pairs(rows: Rows, query: Any) -> list[tuple[Any, Any]]:
    return [(row[0], row[1]) for row in rows.execute(query)]
