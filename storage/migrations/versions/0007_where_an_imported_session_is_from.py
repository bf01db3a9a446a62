"""The data set that an imported session is of, and its licence"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("source", sa.Text(), nullable=False, server_default=""))
    op.add_column("session", sa.Column("licence", sa.Text(), nullable=False, server_default=""))
