"""A project as an older revision left it, of revisions that added tables and columns alone."""

from __future__ import annotations

from sqlalchemy import text

from storage import Project

ADDED = {
    "0026": "ALTER TABLE blind_scope DROP COLUMN scheme_id",
    "0028": "DROP TABLE taken_back",
    "0029": "DROP TABLE gold_taken_back",
    "0030": "ALTER TABLE about DROP COLUMN drift_limits",
    "0032": "DROP TABLE question_given",
    "0034": "ALTER TABLE released DROP COLUMN splits",
    "0035": "ALTER TABLE about DROP COLUMN review_wrong_answers",
}
"""How what a revision added is taken away; what 0027 guards on a server it replaces where it is there."""


def take_back(project: Project, revision: str) -> None:
    """Leaves it closed."""
    with project.database.transaction() as rows:
        for number, away in ADDED.items():
            if number > revision:
                rows.execute(text(away))
        rows.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    project.close()
