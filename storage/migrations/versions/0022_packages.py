"""Packages for annotators who work elsewhere: which are out, what they hold, and what came back of them"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package",
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in ("id", "annotator_id", "pseudonym", "sessions", "holds")
        ),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("by", "until", "because")),
        sa.Column("returned_utc_ns", WHOLE, nullable=True),
        sa.Column("deleted_utc_ns", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_package"),
    )
    op.create_table(
        "package_secret",
        sa.Column("package_id", TEXT, nullable=False),
        sa.Column("secret", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name="fk_package_secret_package_id_package", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package_id", name="pk_package_secret"),
    )
    op.create_table(
        "package_edit",
        sa.Column("package_id", TEXT, nullable=False),
        sa.Column("nr", WHOLE, nullable=False),
        sa.Column("taken_as", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name="fk_package_edit_package_id_package", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package_id", "nr", name="pk_package_edit"),
    )
