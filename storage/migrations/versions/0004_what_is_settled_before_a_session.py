"""Consents by kind and version, languages, a session's scenario and protocol, and its people's experience"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _move_consents()
    _protocols()
    op.add_column("session", sa.Column("scenario", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("session_participant") as batch_op:
        batch_op.add_column(sa.Column("role", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("experience", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("times", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("skill", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_session_participant_skill"), "skill BETWEEN 0 AND 10")
    op.execute(
        "UPDATE session_participant SET role ="
        " (SELECT role FROM participant WHERE participant.id = session_participant.participant_id)"
    )


def _people() -> None:
    op.create_table(
        "consent",
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("given_utc_ns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_consent_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "kind", "version", name=op.f("pk_consent")),
    )
    op.create_table(
        "participant_language",
        sa.Column("participant_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_participant_language_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "place", name=op.f("pk_participant_language")),
    )


def _move_consents() -> None:
    """An old consent did not say to what: it counts for the least, so that nothing is allowed by a guess."""
    op.execute(
        "INSERT INTO consent (participant_id, kind, version, place, given_utc_ns)"
        " SELECT id, 'privacy', 'unversioned', 0, consent_utc_ns FROM participant WHERE consent_utc_ns IS NOT NULL"
    )
    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_column("consent_utc_ns")


def _protocols() -> None:
    op.create_table(
        "session_protocol",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("gaze_shown", sa.Boolean(), nullable=False),
        sa.Column("pointing_allowed", sa.Boolean(), nullable=False),
        sa.Column("cue_delay_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_protocol_session_id_session"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_protocol")),
    )
