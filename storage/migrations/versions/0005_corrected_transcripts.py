"""What correcting a transcript needs: turns as first made, voices, judgements of words, a glossary"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WORDS = """(SELECT json_group_array(json_object('text', text, 'interval',
 json_object('start_ns', start_ns, 'end_ns', end_ns), 'confidence', confidence))
 FROM (SELECT * FROM word WHERE turn_id = turn.id ORDER BY place))"""
_TURN = f"""json_object('type', 'Turn', 'id', id, 'transcript_id', transcript_id, 'speaker', speaker,
 'interval', json_object('start_ns', start_ns, 'end_ns', end_ns), 'text', text,
 'said', CASE WHEN said_start_ns IS NULL THEN NULL
  ELSE json_object('start_ns', said_start_ns, 'end_ns', said_end_ns) END,
 'words', json({_WORDS}), 'confidence', confidence)"""


def upgrade() -> None:
    _make_tables()
    op.execute(
        "INSERT INTO original_turn (id, transcript_id, data)"
        f" SELECT id, transcript_id, '[' || {_TURN} || ']' FROM turn"
    )
    _take_back_edits()
    op.execute(
        "CREATE TRIGGER original_turn_stays BEFORE UPDATE ON original_turn"
        " BEGIN SELECT RAISE(ABORT, 'a turn as first made is never changed'); END"
    )
    op.add_column("turn", sa.Column("voice", sa.Text(), nullable=False, server_default=""))
    op.add_column("turn", sa.Column("checked", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("turn", sa.Column("origins", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("word", sa.Column("doubt", sa.Boolean(), nullable=True))


def _make_tables() -> None:
    for name, owner, content in (("original_turn", "transcript", "data"), ("glossary_term", "procedure", "text")):
        op.create_table(
            name,
            sa.Column("id", sa.Text(), nullable=False),
            sa.Column(f"{owner}_id", sa.Text(), nullable=False),
            sa.Column(content, sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{owner}.id"], name=f"fk_{name}_{owner}_id_{owner}", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )
        op.create_index(f"ix_{name}_{owner}_id", name, [f"{owner}_id"])


def _take_back_edits() -> None:
    """The log tells what a turn was before its first edit, and which turns an edit made."""
    connection = op.get_bind()
    seen: set[str] = set()
    log = connection.execute(sa.text("SELECT before, after FROM edit_log ORDER BY id")).all()
    for before, after in log:
        for turn in _turns(before, seen):
            connection.execute(
                sa.text("INSERT OR REPLACE INTO original_turn VALUES (:id, :transcript_id, :data)"),
                {"id": turn["id"], "transcript_id": turn["transcript_id"], "data": json.dumps([turn])},
            )
        for turn in _turns(after, seen):
            connection.execute(sa.text("DELETE FROM original_turn WHERE id = :id"), {"id": turn["id"]})


def _turns(items: str, seen: set[str]) -> list[dict[str, Any]]:
    new = [item for item in json.loads(items) if item["type"] == "Turn" and item["id"] not in seen]
    seen.update(item["id"] for item in new)
    return new
