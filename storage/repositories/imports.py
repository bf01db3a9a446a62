"""Takes in what a file holds, however much it is, in one transaction: all of it, or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Rows

from storage.history.log import write_changes, write_edit
from storage.history.overlaps import refuse_overlaps_of
from storage.history.schemes import KnownSchemes
from storage.repositories.repository import Repository
from storage.repositories.schemes import keep_scheme
from storage.repositories.transcripts import original_turn
from storage.tables.item_rows import insert_items
from storage.tables.models import OriginalTurnRow, SessionRow, TranscriptRow
from storage.tables.rows import procedure_row, session_row
from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.model.ids import SessionId, TierId
from woz.model.item import ref_to
from woz.model.kinds import Item
from woz.model.procedure import Procedure
from woz.model.scheme import Scheme
from woz.model.session import Session
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn


class Imports(Repository):
    @contextlib.contextmanager
    def begin(self) -> Iterator[Taking]:
        """What is taken in inside is there once it ends, or not at all where it raises.

        Raises OverlapError at the end where intervals overlap in a tier that allows none.
        """
        with self._database.transaction() as rows:
            taking = Taking(rows)
            yield taking
            taking.end()


class Taking:
    """An import that goes on."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._tiers: list[TierId] = []
        self._places: dict[int, int] = {}

    def knows(self, session_id: SessionId) -> bool:
        query = select(SessionRow.id).where(SessionRow.id == session_id)
        return self._rows.scalar(query) is not None

    def session(self, session: Session) -> None:
        """Add it, or make the one by its id like it."""
        self._rows.merge(session_row(session))
        self._rows.flush()

    def scheme(self, scheme: Scheme) -> Scheme:
        """As `Schemes.keep`."""
        kept = keep_scheme(self._rows, scheme)
        self._rows.flush()
        return kept

    def procedure(self, procedure: Procedure) -> None:
        self._rows.merge(procedure_row(procedure))
        self._rows.flush()

    def transcript(self, transcript: Transcript) -> None:
        self._rows.add(TranscriptRow(**asdict(transcript)))
        self._rows.flush()

    def edit(self, session_id: SessionId, name: str, by: str, utc_ns: int) -> int:
        """The edit that all items of a session come in by; the answer is its id."""
        edit_id = write_edit(self._rows, session_id, Edit(name), by, utc_ns)
        self._places[edit_id] = 0
        return edit_id

    def items(self, edit_id: int, items: Sequence[Item]) -> None:
        """New ones; what belongs to others comes with them or after them. Turns are kept as first made, too."""
        turns = [item for item in items if isinstance(item, Turn)]
        others = [item for item in items if not isinstance(item, Turn)]
        insert_items(self._rows, turns)
        if turns:
            self._rows.execute(insert(OriginalTurnRow), [original_turn(turn) for turn in turns])
        insert_items(self._rows, others, edit_id)
        changes = [ItemChange(ref_to(item), None, item) for item in others]
        write_changes(self._rows, edit_id, changes, self._places[edit_id])
        self._places[edit_id] += len(changes)
        self._tiers += [item.id for item in others if isinstance(item, Tier)]

    def end(self) -> None:
        schemes = KnownSchemes()
        for tier_id in self._tiers:
            refuse_overlaps_of(self._rows, tier_id, schemes)
