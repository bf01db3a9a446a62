"""What a lab has agreed on how far somebody's coding may lie from the others'"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("drift_limits", TEXT, nullable=False, server_default=""))
