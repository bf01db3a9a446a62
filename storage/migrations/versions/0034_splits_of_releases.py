"""A project remembers the splits of its releases, wherever these lie"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("released", sa.Column("splits", TEXT, nullable=False, server_default=""))
