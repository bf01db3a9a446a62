"""A server's rules are mended: answers to settled talks, comments' words, decisions on question sets, machines'
tiers, what tells of changes"""

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes: what an older woz made on a server gets the rules of this one."""
