"""The words of turns, annotations, links and questions become searchable, in parts of three characters"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.old_texts import old_texts
from storage.tables.types import TEXT, WHOLE

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXTS = ("session_id", "owner_id", "kind", "item_id", "field", "grams")
_SQLITE = (
    "CREATE VIRTUAL TABLE searchable_parts USING fts5(grams, content='searchable', content_rowid='id', detail=none,"
    " columnsize=0, tokenize=\"ascii tokenchars '_'\")",
    "CREATE TRIGGER searchable_comes AFTER INSERT ON searchable BEGIN"
    " INSERT INTO searchable_parts(rowid, grams) VALUES (new.id, new.grams); END",
    "CREATE TRIGGER searchable_goes AFTER DELETE ON searchable BEGIN"
    " INSERT INTO searchable_parts(searchable_parts, rowid, grams) VALUES ('delete', old.id, old.grams); END",
    "CREATE TRIGGER searchable_changes AFTER UPDATE ON searchable BEGIN"
    " INSERT INTO searchable_parts(searchable_parts, rowid, grams) VALUES ('delete', old.id, old.grams);"
    " INSERT INTO searchable_parts(rowid, grams) VALUES (new.id, new.grams); END",
    "INSERT INTO searchable_parts(searchable_parts) VALUES ('rebuild')",
)
"""https://www.sqlite.org/fts5.html#external_content_tables"""
_POSTGRESQL = (
    "CREATE INDEX ix_searchable_parts ON searchable USING gin"
    " (array_to_tsvector(string_to_array(grams, ' '))) WITH (fastupdate = off)",
)


def upgrade() -> None:
    op.create_table(
        "searchable",
        sa.Column("id", WHOLE, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in _TEXTS),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_searchable_session_id_session", ondelete="CASCADE"
        ),
    )
    connection = op.get_bind()
    searchable = sa.table("searchable", *(sa.column(name) for name in _TEXTS))
    for part in old_texts(connection):
        connection.execute(sa.insert(searchable), part)
    for name in ("item_id", "session_id"):
        op.create_index(f"ix_searchable_{name}", "searchable", [name])
    op.create_index("ix_turn_transcript_id_start_ns", "turn", ["transcript_id", "start_ns"])
    op.create_index("ix_annotation_label", "annotation", ["label"])
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
