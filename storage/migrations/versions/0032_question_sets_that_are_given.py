"""Question sets are given to people to judge"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = ("question_id", "task", "annotator_id", "session_id", "by", "drawn")
    op.create_table(
        "question_given",
        *(sa.Column(name, TEXT, nullable=False) for name in texts),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{of}_id"], [f"{of}.id"], name=f"fk_question_given_{of}_id_{of}", ondelete="CASCADE"
            )
            for of in ("session", "annotator")
        ),
        sa.PrimaryKeyConstraint("question_id", "task", "annotator_id", name="pk_question_given"),
    )
    for column in ("session_id", "annotator_id"):
        op.create_index(f"ix_question_given_{column}", "question_given", [column])
