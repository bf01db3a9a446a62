"""A server guards attributes and links of closed tiers, too; its rules are set anew after each migration"""

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes: what an older woz made on a server gets the rules of this one."""
