"""Withdrawals from the study, as they are carried out: begun, and ended with what was taken away"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("participant_id", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("begun_utc_ns", WHOLE, nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("ended_utc_ns", WHOLE, nullable=True),
        sa.Column("certificate", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name="fk_withdrawal_participant_id_participant",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name="pk_withdrawal"),
    )
