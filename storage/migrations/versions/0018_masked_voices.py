"""Whether a project's voices are released only masked, and the secret that their keys are drawn from"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("masks_voices", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("about", sa.Column("voice_secret", TEXT, nullable=False, server_default=""))
