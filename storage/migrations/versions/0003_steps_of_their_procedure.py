"""A step's id is its own within its procedure only, and its prerequisites keep their order"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_steps()
    _make_prerequisites()
    op.execute(
        "INSERT INTO new_step (procedure_id, id, place, name, position, parent_id)"
        " SELECT procedure_id, id, place, name, position, parent_id FROM step"
    )
    op.execute(
        "INSERT INTO new_step_prerequisite (procedure_id, step_id, before_id, place)"
        " SELECT step.procedure_id, step_id, before_id,"
        " row_number() OVER (PARTITION BY step_id ORDER BY step_prerequisite.rowid) - 1"
        " FROM step_prerequisite JOIN step ON step.id = step_id"
    )
    for table in ("step_prerequisite", "step"):
        op.drop_table(table)
    for table in ("step", "step_prerequisite"):
        op.rename_table(f"new_{table}", table)


def _make_steps() -> None:
    op.create_table(
        "new_step",
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_step_procedure_id_procedure"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id", "parent_id"], ["new_step.procedure_id", "new_step.id"], name=op.f("fk_step_parent")
        ),
        sa.PrimaryKeyConstraint("procedure_id", "id", name=op.f("pk_step")),
    )


def _make_prerequisites() -> None:
    op.create_table(
        "new_step_prerequisite",
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("step_id", sa.Text(), nullable=False),
        sa.Column("before_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id", "step_id"],
            ["new_step.procedure_id", "new_step.id"],
            name=op.f("fk_step_prerequisite_step"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id", "before_id"],
            ["new_step.procedure_id", "new_step.id"],
            name=op.f("fk_step_prerequisite_before"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("procedure_id", "step_id", "before_id", name=op.f("pk_step_prerequisite")),
    )
