"""Shared work: assignments with their windows, leases, comments"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_assignments()
    op.create_table(
        "lease",
        _text("tier_id"),
        _text("annotator_id"),
        _text("seat"),
        _whole("taken_utc_ns"),
        _whole("renewed_utc_ns"),
        _owner("lease", "annotator_id", "annotator"),
        sa.PrimaryKeyConstraint("tier_id", name="pk_lease"),
    )
    op.create_table(
        "comment",
        *map(_text, ("id", "session_id", "by", "text")),
        _whole("made_utc_ns"),
        *(sa.Column(name, TEXT) for name in ("recipient_id", "tier_id", "item_kind", "item_id")),
        sa.Column("at_ns", WHOLE),
        sa.Column("answers", TEXT),
        sa.Column("closed_by", TEXT),
        sa.Column("closed_utc_ns", WHOLE),
        _owner("comment", "session_id", "session"),
        _owner("comment", "answers", "comment"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    _index("lease", "annotator_id")
    _index("comment", "session_id", "answers")


def _make_assignments() -> None:
    op.create_table(
        "assignment",
        *map(_text, ("id", "session_id", "tier_type", "annotator_id", "part", "tier_id", "drawn", "by")),
        _whole("made_utc_ns"),
        _owner("assignment", "session_id", "session"),
        _owner("assignment", "annotator_id", "annotator"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )
    op.create_table(
        "assignment_window",
        _text("assignment_id"),
        _whole("place"),
        _whole("start_ns"),
        _whole("end_ns"),
        sa.CheckConstraint("end_ns > start_ns", name="ck_assignment_window_interval"),
        _owner("assignment_window", "assignment_id", "assignment"),
        sa.PrimaryKeyConstraint("assignment_id", "place", name="pk_assignment_window"),
    )
    _index("assignment", "session_id", "annotator_id", "tier_id")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _text(name: str) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, TEXT, nullable=False)


def _whole(name: str) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, WHOLE, nullable=False)


def _owner(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}_{of}", ondelete="CASCADE")
