"""Whether a project's films are released only with their faces blurred"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("blurs_faces", sa.Boolean(), nullable=False, server_default=sa.false()))
