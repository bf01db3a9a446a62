"""The schema's versions, and the way to one of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@cache
def known_revisions() -> list[str]:
    """All schema versions that this program knows, the newest first, as their files are named."""
    return sorted((path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")), reverse=True)


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations that lead to a revision, in the connection's transaction."""
    _alembic().upgrade(_config(connection), revision)


def stamp(connection: Connection, revision: str) -> None:
    """Say that the schema is of this revision."""
    _alembic().stamp(_config(connection), revision)


def _alembic() -> Any:
    """Imported only here, since it takes half as long as all else of a start."""
    from alembic import command

    return command


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
