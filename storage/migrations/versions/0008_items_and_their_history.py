"""Schemes, tiers and annotations in the place of codebooks and segments; an edit log by item; annotators

Codebooks become version 1 of a scheme each, the mistake bit an attribute; words and choices are JSON in the row of
their turn and question; accounts stand behind pseudonyms; each edit says which items it changed.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.old_log import OldLog
from storage.migrations.old_makers import Makers
from storage.migrations.old_schemes import schemes_of
from storage.migrations.old_words import move_choices, move_words
from storage.tables.types import TEXT, WHOLE

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    makers = Makers(connection)
    log = OldLog(connection, makers)
    schemes = list(schemes_of(connection, log))
    tiers, annotations = list(log.tier_rows()), list(log.annotation_rows())
    _drop_old()
    _make_annotators()
    _make_items()
    _make_log()
    _widen()
    _fill("annotator", makers.annotator_rows())
    _fill("annotator_key", makers.key_rows())
    _fill("scheme", schemes)
    _fill("tier", tiers)
    _fill("annotation", [row for row, _ in annotations])
    _fill("attribute", [row for _, attributes in annotations for row in attributes])
    _fill("edit", log.edits)
    _fill("edit_item", log.items)
    move_words(connection)
    move_choices(connection)
    log.mark_rows(connection)
    makers.rename_reviews(connection)
    _settle(connection)
    for name in ("word", "answer_choice"):
        op.drop_table(name)
    with op.batch_alter_table("question") as batch:
        batch.drop_column("origin")


def _settle(connection: sa.Connection) -> None:
    """PostgreSQL alters no table of which references wait to be checked."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))


def _drop_old() -> None:
    for name in ("segment", "tier", "codebook_label", "codebook", "edit_log"):
        op.drop_table(name)


def _text(name: str, **more: object) -> sa.Column:  # type: ignore[type-arg]
    return sa.Column(name, TEXT, nullable=False, **more)  # type: ignore[arg-type]


def _owner(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_{table}_{column}_{of}", ondelete="CASCADE")


def _made() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        _text("made_origin"),
        _text("made_by"),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        _text("made_run"),
        _text("made_sources"),
        sa.Column("made_stale", sa.Boolean(), nullable=False),
    ]


def _make_annotators() -> None:
    op.create_table(
        "annotator",
        _text("id"),
        _text("pseudonym"),
        _text("roles"),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_annotator"),
        sa.UniqueConstraint("pseudonym", name="uq_annotator_pseudonym"),
    )
    op.create_table(
        "annotator_key",
        _text("account"),
        _text("annotator_id"),
        _owner("annotator_key", "annotator_id", "annotator"),
        sa.PrimaryKeyConstraint("account", name="pk_annotator_key"),
    )
    op.create_index("ix_annotator_key_annotator_id", "annotator_key", ["annotator_id"])
    op.create_table(
        "blind_scope",
        _text("id"),
        _text("annotator_id"),
        _text("session_id"),
        _text("tier_type"),
        sa.Column("start_ns", WHOLE),
        sa.Column("end_ns", WHOLE),
        _text("hidden"),
        sa.CheckConstraint("end_ns >= start_ns", name="ck_blind_scope_interval"),
        _owner("blind_scope", "annotator_id", "annotator"),
        _owner("blind_scope", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name="pk_blind_scope"),
    )
    for column in ("annotator_id", "session_id"):
        op.create_index(f"ix_blind_scope_{column}", "blind_scope", [column])


def _make_items() -> None:
    op.create_table(
        "scheme",
        _text("id"),
        sa.Column("version", WHOLE, nullable=False),
        _text("name"),
        _text("data"),
        sa.PrimaryKeyConstraint("id", "version", name="pk_scheme"),
    )
    op.create_table(
        "tier",
        _text("id"),
        _text("session_id"),
        _text("scheme_id"),
        sa.Column("scheme_version", WHOLE, nullable=False),
        _text("tier_type"),
        _text("name"),
        *_made(),
        sa.Column("annotator_id", TEXT),
        _text("subject"),
        sa.Column("parent_id", TEXT),
        _text("state"),
        sa.Column("edit_id", WHOLE),
        _owner("tier", "session_id", "session"),
        sa.ForeignKeyConstraint(
            ["scheme_id", "scheme_version"], ["scheme.id", "scheme.version"], name="fk_tier_scheme"
        ),
        sa.ForeignKeyConstraint(["annotator_id"], ["annotator.id"], name="fk_tier_annotator_id_annotator"),
        sa.PrimaryKeyConstraint("id", name="pk_tier"),
    )
    op.create_index("ix_tier_session_id", "tier", ["session_id"])
    _make_annotations()
    op.create_table(
        "link",
        *(_text(n) for n in ("id", "session_id", "type", "source_kind", "source_id", "target_kind", "target_id")),
        *_made(),
        _text("note"),
        sa.Column("edit_id", WHOLE),
        _owner("link", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
    )
    op.create_index("ix_link_session_id", "link", ["session_id"])


def _make_annotations() -> None:
    op.create_table(
        "annotation",
        _text("id"),
        _text("tier_id"),
        sa.Column("start_ns", WHOLE),
        sa.Column("end_ns", WHOLE),
        _text("label"),
        *_made(),
        _text("note"),
        sa.Column("confidence", sa.Double()),
        sa.Column("parent_id", TEXT),
        sa.Column("edit_id", WHOLE),
        sa.CheckConstraint("end_ns >= start_ns", name="ck_annotation_interval"),
        _owner("annotation", "tier_id", "tier"),
        sa.PrimaryKeyConstraint("id", name="pk_annotation"),
    )
    op.create_index("ix_annotation_tier_id_start_ns", "annotation", ["tier_id", "start_ns"])
    op.create_table(
        "attribute",
        _text("annotation_id"),
        sa.Column("nr", WHOLE, nullable=False),
        _text("key"),
        sa.Column("bool_value", sa.Boolean()),
        sa.Column("int_value", WHOLE),
        sa.Column("real_value", sa.Double()),
        sa.Column("text_value", TEXT),
        sa.Column("ref_value", TEXT),
        _text("note"),
        _text("place"),
        _owner("attribute", "annotation_id", "annotation"),
        sa.PrimaryKeyConstraint("annotation_id", "nr", name="pk_attribute"),
    )


def _make_log() -> None:
    op.create_table(
        "edit",
        sa.Column("id", WHOLE, nullable=False),
        _text("session_id"),
        _text("by"),
        sa.Column("made_utc_ns", WHOLE, nullable=False),
        _text("name"),
        _text("why"),
        sa.Column("undoes", WHOLE),
        _owner("edit", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name="pk_edit"),
    )
    op.create_index("ix_edit_session_id_id", "edit", ["session_id", "id"])
    op.create_table(
        "edit_item",
        sa.Column("edit_id", WHOLE, nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        _text("kind"),
        _text("item_id"),
        _text("owner_id"),
        sa.Column("before", TEXT),
        sa.Column("after", TEXT),
        _owner("edit_item", "edit_id", "edit"),
        sa.PrimaryKeyConstraint("edit_id", "place", name="pk_edit_item"),
    )
    op.create_index("ix_edit_item_item_id_edit_id", "edit_item", ["item_id", "edit_id"])
    op.create_index("ix_edit_item_owner_id_edit_id", "edit_item", ["owner_id", "edit_id"])


def _widen() -> None:
    op.add_column("session", _text("place", server_default=""))
    op.add_column("session", _text("takes", server_default="[]"))
    op.add_column("stream", _text("view", server_default=""))
    op.add_column("glossary_term", sa.Column("edit_id", WHOLE))
    with op.batch_alter_table("turn") as batch:
        batch.alter_column("origins", type_=TEXT, existing_nullable=False, postgresql_using="CAST(origins AS TEXT)")
        batch.add_column(_text("words", server_default="[]"))
        batch.add_column(sa.Column("edit_id", WHOLE))
    with op.batch_alter_table("question") as batch:
        batch.add_column(_text("choices", server_default="[]"))
        for column in _made():
            column.server_default = sa.DefaultClause(
                {"made_utc_ns": "0", "made_sources": "[]"}.get(column.name, "")
            )
            if column.name == "made_stale":
                column.server_default = sa.DefaultClause(sa.false())
            batch.add_column(column)
        batch.add_column(sa.Column("edit_id", WHOLE))


def _fill(name: str, values: list[dict[str, object]]) -> None:
    if values:
        columns: list[sa.ColumnClause[object]] = [sa.column(key) for key in values[0]]
        op.get_bind().execute(sa.insert(sa.table(name, *columns)), values)
