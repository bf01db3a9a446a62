"""A turn keeps the voice that diarization found, its translation, and why its words may be invented"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("turn", schema=None) as table:
        for name in ("voice", "translation", "flags"):
            table.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
