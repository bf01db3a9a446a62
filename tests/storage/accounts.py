"""Accounts behind pseudonyms, as the table of logins holds them, and as older projects left them."""

from __future__ import annotations

from sqlalchemy import select

from storage import Project
from storage.tables.annotators import AnnotatorKeyRow
from woz.model.ids import AnnotatorId


def accounts(project: Project) -> dict[str, AnnotatorId]:
    """Whose each is."""
    query = select(AnnotatorKeyRow.account, AnnotatorKeyRow.annotator_id)
    with project.database.snapshot() as rows:
        return {account: AnnotatorId(who) for account, who in rows.execute(query)}


def keep_account(project: Project, account: str, whose: AnnotatorId) -> None:
    with project.database.transaction() as rows:
        rows.merge(AnnotatorKeyRow(account=account, annotator_id=whose))
