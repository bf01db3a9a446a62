"""A server's rules are mended: work that was begun and not submitted is returned by who reviews it"""

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes: what an older woz made on a server gets the rules of this one."""
