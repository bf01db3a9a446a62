"""Who made what before there were annotators: accounts, which get a pseudonym each, and programs."""

from __future__ import annotations

import json
import uuid
from typing import Any

import sqlalchemy as sa

_PROGRAMS = {"", "woz", "station", "console", "trainee", "expert", "other"}


class Makers:
    """Known by the order in which they first appear: in the log, then as makers of tiers, then of reviews."""

    def __init__(self, connection: sa.Connection) -> None:
        self._ids: dict[str, str] = {}
        for query in (
            "SELECT by FROM edit_log ORDER BY id",
            "SELECT annotator FROM tier ORDER BY session_id, id",
            "SELECT by FROM review ORDER BY id",
        ):
            for (name,) in connection.execute(sa.text(query)):
                self.maker(name)

    def is_program(self, name: str) -> bool:
        return name in _PROGRAMS or name.startswith("woz ")

    def maker(self, name: str) -> str:
        """The annotator's id; a program's name as it is."""
        return name if self.is_program(name) else self._ids.setdefault(name, uuid.uuid4().hex)

    def annotator_rows(self) -> list[dict[str, Any]]:
        return [
            {"id": key, "pseudonym": f"annotator-{n}", "roles": json.dumps(["annotator"]), "retired": False}
            for n, key in enumerate(self._ids.values(), 1)
        ]

    def key_rows(self) -> list[dict[str, Any]]:
        return [{"account": account, "annotator_id": key} for account, key in self._ids.items()]

    def rename_reviews(self, connection: sa.Connection) -> None:
        rename = sa.text("UPDATE review SET by = :key WHERE by = :account")
        for account, key in self._ids.items():
            connection.execute(rename, {"key": key, "account": account})
