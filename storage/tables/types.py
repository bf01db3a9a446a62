"""Column types that mean the same in SQLite and PostgreSQL. Tables and migrations use these and no others."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Eight bytes in both, since nanoseconds fill four in two seconds; SQLite counts up only what it calls INTEGER."""


class Searchable(TypeDecorator[Any]):
    """JSON; in PostgreSQL JSONB, which orders keys its own way: what is hashed is kept as text."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return sa.JSON()
        from sqlalchemy.dialects.postgresql import JSONB  # takes a while, and a file needs none of it

        return JSONB()


class PlainText(TypeDecorator[str]):
    """Text in the order of its code points, whatever a server's language; without NUL, which PostgreSQL refuses."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        return sa.Text(collation="C" if dialect.name == "postgresql" else None)

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return value.replace("\0", "") if value and "\0" in value else value


JSON = Searchable()
TEXT = PlainText()
