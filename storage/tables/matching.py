"""Conditions on the words of items, in each database's own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)

from storage.tables.grams import Sought
from storage.tables.search import SearchableRow

_PARTS = table("searchable_parts", column("rowid"))


def with_words(query: Select[Any], terms: Sequence[Sought], dialect: str) -> Select[Any]:
    """Only those rows of a query over `searchable` that hold all terms, those that were written last first."""
    found = query.where(*holding(terms, dialect))
    if dialect == "postgresql":
        return found.where(_postgresql(terms)).order_by(SearchableRow.id.desc())
    matches = literal_column("searchable_parts").op("MATCH")(_parts(terms, '"{}"', '"{}"*', " AND "))
    return found.join(_PARTS, _PARTS.c.rowid == SearchableRow.id).where(matches).order_by(_PARTS.c.rowid.desc())


def looked_through(query: Select[Any], terms: Sequence[Sought], after: int) -> Select[Any]:
    """On a server: the same of rows with greater ids, without the index."""
    found = query.where(SearchableRow.id > after, *holding(terms, "postgresql"))
    return found.order_by(SearchableRow.id.desc())


def by_index(terms: Sequence[Sought], until: int) -> CTE:
    """On a server: the ids of all rows up to one that hold all terms, by the index whatever the server expects."""
    found = select(SearchableRow.id).where(_postgresql(terms), SearchableRow.id <= until)
    held = found.where(*holding(terms, "postgresql"))
    return held.cte("held").prefix_with("MATERIALIZED", dialect="postgresql")


def holding(terms: Sequence[Sought], dialect: str) -> Iterator[ColumnElement[bool]]:
    """That a row of `searchable` holds all terms, told by the row itself."""
    padded = literal(" ").concat(SearchableRow.grams)
    place = func.strpos if dialect == "postgresql" else func.instr
    return (place(padded, term.run) > 0 for term in terms)


def _postgresql(terms: Sequence[Sought]) -> ColumnElement[bool]:
    """As the index is declared. https://www.postgresql.org/docs/current/datatype-textsearch.html"""
    wanted = _parts(terms, "'{}'", "'{}':*", " & ")
    condition = "array_to_tsvector(string_to_array(searchable.grams, ' ')) @@ CAST(:parts AS tsquery)"
    return text(condition).bindparams(bindparam("parts", wanted))  # type: ignore[return-value]


def _parts(terms: Sequence[Sought], whole: str, beginning: str, between: str) -> str:
    """Parts hold letters, digits and underscores only, so that nothing in them has a meaning."""
    each = [(beginning if term.begins else whole).format(part) for term in terms for part in term.parts]
    return between.join(dict.fromkeys(each))
