"""A turn and a link can be flagged as doubtful, with a note; what was stored before is not"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("turn", "link"):
        op.add_column(table, sa.Column("doubt", TEXT, nullable=True))
