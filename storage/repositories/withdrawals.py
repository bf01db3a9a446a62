"""Withdrawals from the study: what they reach in the database, and taking that away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import Table, select, union, update
from sqlalchemy.orm import Session as Rows
from sqlalchemy.orm import defer

from storage.backends.database import Database
from storage.backends.own_time import own_time_ns
from storage.history.tombstones import TOMBSTONE
from storage.history.withdrawing import Asked, Reached, each_once, erase, reached
from storage.tables.annotators import AnnotatorRow
from storage.tables.history import EditItemRow
from storage.tables.items import ITEM_TABLES
from storage.tables.models import Base, ParticipantRow
from storage.tables.reviews import DecisionRow, GivenRow
from storage.tables.withdrawals import WithdrawalRow
from storage.tables.work import AssignmentRow, GoldTakenBackRow, LeaseRow
from woz.annotation.withdrawn import Scope
from woz.base.clock import Clock
from woz.lab.withdrawal_ports import Begun, Extent, SoFar
from woz.model.ids import ParticipantId, QuestionId, SessionId
from woz.model.lease import STALE_NS
from woz.model.transcript import Turn

_TIER = ITEM_TABLES["tier"].table


class Withdrawals:
    """Implements `woz.lab.withdrawal_ports.Withdrawals`. May be used from any thread but the window's."""

    def __init__(self, database: Database, clock: Clock, asked: Asked | None = None) -> None:
        self._database = database
        self._clock = clock
        self._asked = asked

    def reading_once(self) -> Withdrawals:
        return Withdrawals(self._database, self._clock, Asked())

    def extent(self, scope: Scope) -> Extent:
        with self._database.snapshot() as rows:
            return _extent(reached(rows, scope, self._asked))

    def extents(self, scopes: Sequence[Scope]) -> list[Extent]:
        with self._database.snapshot() as rows:
            asked = self._asked or Asked()
            return [_extent(found) for found in each_once(reached(rows, scope, asked) for scope in scopes)]

    def erase(self, scope: Scope) -> None:
        """All of a session's share at once, or nothing."""
        with self._database.transaction() as rows:
            erase(rows, scope, reached(rows, scope, self._asked))

    def refused(self) -> str:
        """By who may write the database anew: nobody whom a server's rules for logins hold back may."""
        return self._database.scrub_refused()

    def begin(self, participant_id: ParticipantId, by: str, plan: str) -> Begun:
        """Note that it has begun, and that nothing of theirs may be used from now on.

        Where one had begun and not ended, the answer is that one: it goes on.
        """
        with self._database.transaction() as rows:
            row = rows.get(WithdrawalRow, participant_id)
            if row is None or row.ended_utc_ns is not None:
                facts = {"by": by, "begun_utc_ns": self._clock.utc_ns(), "plan": plan, "certificate": ""}
                new = WithdrawalRow(participant_id=participant_id, ended_utc_ns=None, **facts)
                row = rows.merge(new)
            person = ParticipantRow.id == participant_id
            rows.execute(update(ParticipantRow).where(person).values(withdrawn=True))
            return _begun(row)

    def found(self, participant_id: ParticipantId) -> Begun | None:
        with self._database.snapshot() as rows:
            row = rows.get(WithdrawalRow, participant_id)
            return None if row is None else _begun(row)

    def end(self, participant_id: ParticipantId, certificate: str) -> None:
        here = WithdrawalRow.participant_id == participant_id
        ended = {"ended_utc_ns": self._clock.utc_ns(), "certificate": certificate}
        with self._database.transaction() as rows:
            rows.execute(update(WithdrawalRow).where(here).values(**ended))

    def so_far(self) -> SoFar:
        with self._database.snapshot() as rows:
            begun = select(WithdrawalRow).options(defer(WithdrawalRow.certificate))
            known = list(rows.scalars(begun.order_by(WithdrawalRow.participant_id)))
            reaching: dict[SessionId, list[WithdrawalRow]] = {}
            for row in known:
                for session in msgspec.json.decode(row.plan, type=_Planned).sessions:
                    reaching.setdefault(session.session_id, []).append(row)
            marks = {session_id: _mark(those) for session_id, those in reaching.items()}
            return SoFar(_mark(known), marks, any(row.ended_utc_ns is None for row in known))

    def touched(self, question_id: QuestionId) -> bool:
        taken = select(EditItemRow.edit_id).where(EditItemRow.item_id == question_id, TOMBSTONE)
        with self._database.snapshot() as rows:
            return rows.scalar(taken.limit(1)) is not None

    def answers(self, texts: Collection[str]) -> set[str]:
        answer = ITEM_TABLES["question"].table.c.answer
        with self._database.snapshot() as rows:
            return set(rows.scalars(select(answer).where(answer.in_(list(texts)))))

    def annotators(self, session_id: SessionId) -> tuple[str, ...]:
        """Who has a tier or work in a session, had work that was taken back, or judges its question sets, by
        pseudonym: they may have drafts, exports or packages of it."""
        work = (AssignmentRow.__table__, GoldTakenBackRow.__table__)
        tables = (*work, DecisionRow.__table__, GivenRow.__table__, _TIER)
        columns = (each.c for each in tables)
        theirs = union(*(select(each.annotator_id).where(each.session_id == session_id) for each in columns))
        query = select(AnnotatorRow.pseudonym).where(AnnotatorRow.id.in_(theirs))
        with self._database.snapshot() as rows:
            return tuple(sorted(rows.scalars(query)))

    def at_work(self, session_id: SessionId) -> tuple[str, ...]:
        """Who is in a tier of a session now, by pseudonym; who only has it open isn't known."""
        query = (
            select(AnnotatorRow.pseudonym, LeaseRow.renewed_utc_ns)
            .join(LeaseRow, LeaseRow.annotator_id == AnnotatorRow.id)
            .join(_TIER, _TIER.c.id == LeaseRow.tier_id)
            .where(_TIER.c.session_id == session_id)
        )
        with self._database.snapshot() as rows:
            now_ns = own_time_ns(rows)
            return tuple(sorted({name for name, renewed in rows.execute(query) if now_ns - renewed < STALE_NS}))

    def holding(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The names of tables that hold one of these texts. Reads everything."""
        with self._database.snapshot() as rows:
            return tuple(table.name for table in Base.metadata.sorted_tables if _holds(rows, table, texts))

    def scrub(self) -> None:
        """Leave nothing of what was taken away in free pages, logs and indexes."""
        self._database.scrub()


class _Session(msgspec.Struct):
    session_id: SessionId


class _Planned(msgspec.Struct):
    """As much of a plan as says what it reaches."""

    sessions: list[_Session] = []


def _mark(those: Sequence[WithdrawalRow]) -> str:
    facts = [(row.participant_id, row.begun_utc_ns, row.ended_utc_ns) for row in those]
    return sha256(msgspec.json.encode(facts)).hexdigest()[:8] if facts else ""


def _holds(rows: Rows, table: Table, texts: Sequence[str]) -> bool:
    with rows.execute(select(table).execution_options(yield_per=1000)) as found:
        return any(text in value for row in found for value in row if isinstance(value, str) for text in texts)


def _extent(found: Reached) -> Extent:
    return Extent(found.counts, found.words, tuple(turn.interval for turn in _turns(found)))


def _turns(found: Reached) -> list[Turn]:
    return sorted((item for item in found.gone if isinstance(item, Turn)), key=lambda turn: turn.interval)


def _begun(row: WithdrawalRow) -> Begun:
    return Begun(row.by, row.begun_utc_ns, row.plan, row.ended_utc_ns, row.certificate)
