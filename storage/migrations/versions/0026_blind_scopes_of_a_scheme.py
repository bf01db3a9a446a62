"""A blind scope names the scheme of its tier type; one from before goes on hiding the key in every scheme"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("blind_scope", sa.Column("scheme_id", TEXT, nullable=False, server_default=""))
