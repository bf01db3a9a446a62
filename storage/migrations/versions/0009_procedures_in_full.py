"""Procedures and steps with descriptions and tools; steps that are optional, repeatable, known to a taxonomy"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("procedure", "step"):
        op.add_column(table, sa.Column("description", TEXT, nullable=False, server_default=""))
        op.add_column(table, sa.Column("tools", TEXT, nullable=False, server_default="[]"))
    for name in ("optional", "repeatable"):
        op.add_column("step", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("step", sa.Column("global_id", TEXT, nullable=False, server_default=""))
