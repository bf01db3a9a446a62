"""The names that are not to leave the lab, and what people decided on them"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("names", TEXT, nullable=False, server_default=""))
