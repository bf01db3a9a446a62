"""Who wrote a question set's English text; how many people must have judged one that a release takes"""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import TEXT, WHOLE

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_WRITERS = (("by", TEXT, "''"), ("how", TEXT, "''"), ("utc_ns", WHOLE, "0"))


def upgrade() -> None:
    op.add_column("about", sa.Column("review_release_people", WHOLE, nullable=False, server_default="5"))
    for name, kind, nothing in _WRITERS:
        op.add_column("question", sa.Column(f"english_wording_{name}", kind, nullable=True))
        op.execute(f"UPDATE question SET english_wording_{name} = {nothing} WHERE english_text IS NOT NULL")
