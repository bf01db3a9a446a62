"""Seconds of work in packages: how much of it was taken, so that a package returned twice counts once"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_work",
        *(sa.Column(name, TEXT, nullable=False) for name in ("package_id", "tier_id", "day")),
        sa.Column("active_ns", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name="fk_package_work_package_id_package", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package_id", "tier_id", "day", name="pk_package_work"),
    )
