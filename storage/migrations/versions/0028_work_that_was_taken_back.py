"""Which windows work was given in stays known when it is taken back; of what was taken back before it isn't"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "taken_back",
        *(sa.Column(name, TEXT, nullable=False) for name in ("assignment_id", "session_id", "tier_id", "windows")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_taken_back_session_id_session", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_taken_back"),
    )
    for column in ("session_id", "tier_id"):
        op.create_index(f"ix_taken_back_{column}", "taken_back", [column])
