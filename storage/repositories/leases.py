"""Who is in which tier."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Rows

from storage.backends.own_time import own_time_ns
from storage.repositories.repository import Repository
from storage.tables.annotators import AnnotatorRow
from storage.tables.items import ITEM_TABLES
from storage.tables.work import CommentRow, LeaseRow
from woz.annotation.leasing import demand_free
from woz.base.errors import WozError
from woz.model.ids import AnnotatorId, TierId, new_id
from woz.model.lease import Lease

_TIER = ITEM_TABLES["tier"].table.c


class Leases(Repository):
    """All times are the database's."""

    def take(self, tier_id: TierId, by: AnnotatorId, seat: str, word: str = "") -> Lease:
        """The tier is theirs from now on, at this seat. A word is told to whoever had a stale lease.

        Raises LeaseError where somebody else is in it, WozError for a tier that isn't there.
        """
        with self._database.transaction() as rows:
            tier = rows.execute(select(_TIER.name, _TIER.session_id).where(_TIER.id == tier_id)).first()
            if tier is None:
                raise WozError("This tier is no longer there; choose another.")
            now_ns = own_time_ns(rows)
            row = rows.get(LeaseRow, tier_id)
            held = _value(row, now_ns) if row else None
            who = _pseudonym(rows, held.annotator_id) if held else ""
            if demand_free(held, by, seat, word, who, tier.name):
                assert held
                rows.add(
                    _told(tier_id, tier.session_id, held, by, f"Took over {tier.name}: {word.strip()}", now_ns)
                )
            taken_ns = held.taken_utc_ns if held and held.seat == seat else now_ns
            rows.merge(
                LeaseRow(tier_id=tier_id, annotator_id=by, seat=seat, taken_utc_ns=taken_ns, renewed_utc_ns=now_ns)
            )
            return Lease(tier_id, by, seat, taken_ns, 0)

    def renew(self, tier_id: TierId, seat: str) -> bool:
        """Still there; False where somebody took it over meanwhile."""
        with self._database.transaction() as rows:
            row = rows.get(LeaseRow, tier_id)
            if row is None or row.seat != seat:
                return False
            row.renewed_utc_ns = own_time_ns(rows)
            return True

    def leave(self, seat: str) -> None:
        """Whoever sits there is in no tier any more."""
        with self._database.transaction() as rows:
            rows.execute(delete(LeaseRow).where(LeaseRow.seat == seat))

    def all(self) -> list[Lease]:
        """Of all tiers, the stale ones too; by tier."""
        with self._database.snapshot() as rows:
            now_ns = own_time_ns(rows)
            return [_value(row, now_ns) for row in rows.scalars(select(LeaseRow).order_by(LeaseRow.tier_id))]


def _value(row: LeaseRow, now_ns: int) -> Lease:
    ids = TierId(row.tier_id), AnnotatorId(row.annotator_id)
    return Lease(*ids, row.seat, row.taken_utc_ns, max(0, now_ns - row.renewed_utc_ns))


def _pseudonym(rows: Rows, annotator_id: str) -> str:
    row = rows.get(AnnotatorRow, annotator_id)
    return row.pseudonym if row else "somebody"


def _told(tier_id: str, session_id: str, held: Lease, by: str, text: str, now_ns: int) -> CommentRow:
    return CommentRow(
        id=new_id(),
        session_id=session_id,
        by=by,
        text=text,
        made_utc_ns=now_ns,
        recipient_id=held.annotator_id,
        tier_id=tier_id,
    )
