"""Seconds of work in tiers, by person and day; whether a project measures them"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("measures_work", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "work",
        *(sa.Column(name, TEXT, nullable=False) for name in ("tier_id", "by", "day", "session_id")),
        sa.Column("active_ns", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_work_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tier_id", "by", "day", name="pk_work"),
    )
    op.create_index("ix_work_session_id", "work", ["session_id"])
