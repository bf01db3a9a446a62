"""Links by what they lead to, and annotations by their attributes, are found without reading all"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in (
        ("link", ("source_id",)),
        ("link", ("target_id",)),
        ("attribute", ("key", "text_value")),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
