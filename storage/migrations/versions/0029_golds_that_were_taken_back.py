"""Who was given a gold that was taken back stays known: they saw what others did; of those before it isn't known"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ("assignment_id", "session_id", "annotator_id", "tier_id", "tier_type")
    op.create_table(
        "gold_taken_back",
        *(sa.Column(name, TEXT, nullable=False) for name in columns),
        *(
            sa.ForeignKeyConstraint(
                [f"{of}_id"], [f"{of}.id"], name=f"fk_gold_taken_back_{of}_id_{of}", ondelete="CASCADE"
            )
            for of in ("session", "annotator")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_gold_taken_back"),
    )
    for column in ("session_id", "annotator_id"):
        op.create_index(f"ix_gold_taken_back_{column}", "gold_taken_back", [column])
