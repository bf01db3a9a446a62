"""All rows of one database into another of either kind, and the proof that nothing was lost on the way."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select

from storage.backends.port import Backend, Fill
from storage.backends.sqlite import SqliteBackend
from woz.base.counts import counted
from woz.base.errors import WozError

AT_ONCE = 1000
"""Rows in one statement."""
Told = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table holds, and a hash that depends neither on their order nor on the kind of database."""

    table: str
    rows: int
    sha256: str


def copy_rows(source: Backend, target: Backend, tell: Told, then: Fill | None = None) -> tuple[TableSum, ...]:
    """Fill an empty database with what another one holds, in one transaction; compare both before its end.

    The copy is of the source's revision. Raises WozError, with nothing left in the target, where they differ.
    """
    revision = source.revision()
    if revision is None or not target.is_empty():
        raise WozError(f"{target.name} holds something already, or {source.name} nothing; choose another.")
    sums: list[TableSum] = []
    with source.engine.connect() as reader, reader.begin():

        def fill(writer: Connection) -> None:
            sums.extend(_copy(reader, writer, tell))
            if then:
                then(writer)

        target.migrate(revision, fill)
    return tuple(sums)


def sums_of(backend: Backend) -> tuple[TableSum, ...]:
    """What each table holds, by its name."""
    with backend.engine.connect() as connection, connection.begin():
        return tuple(_sum(connection, table) for table in _tables(connection))


def copy_into_sqlite(source: Backend, file: Path) -> None:
    """The same as a new file, read again after it was closed."""
    target = SqliteBackend(file, "DELETE")
    try:
        made = copy_rows(source, target, lambda *_: None)
        target.close()
        demand_whole(file)
        if sums_of(target) != made:
            raise WozError(f"The copy {file} differs from {source.name}; check the disk.")
    finally:
        target.close()


def demand_whole(file: Path) -> None:
    """Raises WozError where an SQLite file isn't what SQLite wrote."""
    with contextlib.closing(SqliteBackend(file, "DELETE")) as copy, copy.engine.connect() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise WozError(f"The copy of the database is damaged ({found[0]}); nothing was left.")


def _copy(reader: Connection, writer: Connection, tell: Told) -> Iterator[TableSum]:
    targets = {table.name: table for table in _tables(writer)}
    sources = _tables(reader)
    if missing := [table.name for table in sources if table.name not in targets]:
        raise WozError(f"The copy has no place for {', '.join(missing)}; nothing was copied.")
    for table in reversed(list(targets.values())):
        writer.execute(table.delete())
    for i, table in enumerate(sources):
        tell(i * 100 // len(sources), table.name)
        before = _Summing(table.name)
        for part in _parts(_rows(reader, table), AT_ONCE):
            before.add(part)
            writer.execute(insert(targets[table.name]), part)
        after = _sum(writer, targets[table.name])
        if before.sum != after:
            rows = f"{after.rows} of {counted(before.rows, 'row')}"
            raise WozError(f"The copy of {table.name} differs from it ({rows}); nothing was left.")
        yield after


def _tables(connection: Connection) -> list[Table]:
    """Those that hold what cannot be made again, an owner before what it owns."""
    known = MetaData()
    known.reflect(connection, only=lambda name, _: name not in _derived(connection))
    return [table for table in known.sorted_tables if table.name != "alembic_version"]


def _derived(connection: Connection) -> set[str]:
    """Indexes for searching that look like tables: triggers fill them from the rest."""
    if connection.dialect.name != "sqlite":
        return set()
    listed = connection.exec_driver_sql("PRAGMA table_list").mappings()
    return {row["name"] for row in listed if row["type"] != "table"}


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    columns = [column for column in table.columns if column.computed is None]
    found = connection.execute(select(*columns).execution_options(yield_per=AT_ONCE))
    for row in found:
        yield {column.name: _clean(value) for column, value in zip(columns, row, strict=True)}


def _parts(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def _sum(connection: Connection, table: Table) -> TableSum:
    found = _Summing(table.name)
    for part in _parts(_rows(connection, table), AT_ONCE):
        found.add(part)
    return found.sum


class _Summing:
    def __init__(self, table: str) -> None:
        self._table = table
        self._total = 0
        self.rows = 0

    def add(self, rows: list[dict[str, Any]]) -> None:
        self.rows += len(rows)
        for row in rows:
            words = _json([value if type(value) in _PLAIN else _same(value) for _, value in sorted(row.items())])
            self._total += int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest())

    @property
    def sum(self) -> TableSum:
        return TableSum(self._table, self.rows, f"{self._total % 2**256:064x}")


_PLAIN = frozenset({str, int, bool, type(None)})
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def _clean(value: Any) -> Any:
    """Without NUL, which PostgreSQL keeps nowhere."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value


def _same(value: Any) -> Any:
    """Numbers in one form, since JSONB keeps 1e22 as a whole number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {key: _same(each) for key, each in value.items()}
    return [_same(each) for each in value] if isinstance(value, list) else value
