"""Until when consents hold, for how long recordings are kept, how much is planned, and what was released"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consent", sa.Column("until_utc_ns", WHOLE, nullable=True))
    op.add_column("about", sa.Column("retention", TEXT, nullable=False, server_default=""))
    op.add_column("about", sa.Column("planned", TEXT, nullable=False, server_default=""))
    op.create_table(
        "released",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        sa.Column("sessions", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_released"),
    )
