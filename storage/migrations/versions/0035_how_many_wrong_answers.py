"""How many wrong answers each question set of a project is to have"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import WHOLE

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("about", sa.Column("review_wrong_answers", WHOLE, nullable=False, server_default="4"))
