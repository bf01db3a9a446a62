"""What people decide on question sets, and how many of them a project asks"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INDEXED = ("session_id", "question_id", "annotator_id")


def upgrade() -> None:
    op.add_column("about", sa.Column("review_people", WHOLE, nullable=False, server_default="1"))
    op.add_column("about", sa.Column("review_grounding", sa.Boolean(), nullable=False, server_default=sa.true()))
    texts = ("session_id", "question_id", "task", "annotator_id", "verdict", "comment", "judged")
    op.create_table(
        "question_decision",
        sa.Column("id", WHOLE, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in texts),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("curated", "doubt")),
        sa.Column("revised", TEXT, nullable=True),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        *(sa.Column(name, WHOLE, nullable=True) for name in ("clip_ns", "withdrawn_utc_ns", "edit_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name="fk_question_decision_session_id_session", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["annotator_id"], ["annotator.id"], name="fk_question_decision_annotator_id_annotator"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_decision"),
    )
    for name in _INDEXED:
        op.create_index(f"ix_question_decision_{name}", "question_decision", [name])
