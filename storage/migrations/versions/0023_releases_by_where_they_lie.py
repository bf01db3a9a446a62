"""A release built again elsewhere under its name and version doesn't take the place of the one before"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The few rows are read and written anew: only so can a key change in both databases alike."""
    columns = ("name", "version", "path", "made_utc_ns", "sessions")
    rows = op.get_bind().execute(sa.text(f"SELECT {', '.join(columns)} FROM released")).mappings().all()
    op.drop_table("released")
    made = op.create_table(
        "released",
        *(sa.Column(name, TEXT, nullable=False) for name in columns[:3]),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        sa.Column("sessions", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", "version", "path", name="pk_released"),
    )
    op.bulk_insert(made, [dict(row) for row in rows])
