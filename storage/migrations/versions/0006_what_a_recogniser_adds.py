"""What a recogniser adds: a turn's translation, and why a word may be invented"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn", sa.Column("translation", sa.Text(), nullable=False, server_default=""))
    op.add_column("word", sa.Column("flag", sa.Text(), nullable=False, server_default=""))
