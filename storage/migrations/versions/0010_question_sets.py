"""Question sets: wrong answers with their origin, when it is asked, type, language, English, evidence, flags"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.old_choices import choices_to_distractors
from storage.tables.types import TEXT, WHOLE

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("distractors", "[]"), ("kind", "asked"), ("language", ""), ("flags", "[]")):
        _add(name, TEXT, default)
    for name in ("turns", "annotations", "frames_ns"):
        _add(f"evidence_{name}", TEXT, "[]")
    for text in ("wording", "answer_wording"):
        for name in ("by", "how"):
            _add(f"{text}_{name}", TEXT, "")
        _add(f"{text}_utc_ns", WHOLE, "0")
    for name, kind in (
        ("asked_ns", WHOLE),
        ("type", TEXT),
        ("english_text", TEXT),
        ("english_answer", TEXT),
        ("english_checked", sa.Boolean()),
    ):
        op.add_column("question", sa.Column(name, kind, nullable=True))
    choices_to_distractors(op.get_bind())
    op.drop_column("question", "choices")


def _add(name: str, kind: Any, default: str) -> None:
    op.add_column("question", sa.Column(name, kind, nullable=False, server_default=default))
