"""The form that a scheme has in a file: declared here once, for reading and for the JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, field

from woz.model.scheme import NO_COLOUR, Cover, Level, MoveKind, Overlap, Relation, Shape, Subject, ValueKind

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Number = Annotated[int, Meta(ge=-(10**15), le=10**15)] | Annotated[float, Meta(ge=-1e15, le=1e15)]
Many = Annotated[int, Meta(ge=0, le=1000)]
Named = Text | dict[Word, Text]
"""A name in the first language, or by language."""


class _Form(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    pass


class ChoiceForm(_Form):
    key: Word
    name: Named = ""


class AttributeForm(_Form):
    key: Word
    kind: ValueKind
    name: Named = ""
    values: tuple[Word | ChoiceForm, ...] = ()
    of: Text = ""
    low: Number | None = None
    high: Number | None = None
    unit: Text = ""
    default: bool | float | Text | None = None
    required: Text = "never"
    carry_over: bool = field(default=False, name="carry over")


class LabelForm(_Form):
    """`labels` are those below it; `parent` is for one that stands elsewhere."""

    id: Word
    key: Text = ""
    name: Named = ""
    colour: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] = NO_COLOUR
    shortcut: Annotated[str, Meta(max_length=20)] = ""
    parent: Text = ""
    start_rule: Text = field(default="", name="start rule")
    end_rule: Text = field(default="", name="end rule")
    examples: tuple[Text, ...] = ()
    retired: bool = False
    attributes: tuple[AttributeForm, ...] = ()
    labels: tuple[LabelForm, ...] = ()


class ParentForm(_Form):
    tier_type: Word = field(name="tier type")
    relation: Relation = Relation.INSIDE
    level: Level = Level.WARNING


class TierTypeForm(_Form):
    key: Word
    name: Named = ""
    shape: Shape = Shape.INTERVAL
    cover: Cover = Cover.FREE
    overlap: Overlap = Overlap.NONE
    parent: ParentForm | None = None
    subject: Subject = Subject.NONE
    open: bool = False
    labels_from: Text = field(default="", name="labels from")
    labels: tuple[LabelForm, ...] = ()
    attributes: tuple[AttributeForm, ...] = ()


class LinkForm(_Form):
    key: Word
    source: tuple[Word, ...] = field(name="from")
    target: tuple[Word, ...] = field(name="to")
    name: Named = ""
    low: Many = field(default=0, name="at least")
    high: Many | None = field(default=None, name="at most")
    required: Text = "never"


class RuleForm(_Form):
    key: Word
    when: Text
    message: Named
    level: Level = Level.ERROR


class MoveForm(_Form):
    kind: MoveKind
    tier_type: Word = field(name="tier type")
    source: Word = field(name="from")
    targets: tuple[Word, ...] = field(default=(), name="to")
    attribute: bool = False
    value_of: str = field(default="", name="value of")


class SchemeForm(_Form):
    scheme: Word
    name: Word
    version: Annotated[int, Meta(ge=1, le=10**6)] = 1
    languages: tuple[Word, ...] = ("en",)
    tier_types: tuple[TierTypeForm, ...] = field(default=(), name="tier types")
    links: tuple[LinkForm, ...] = ()
    rules: tuple[RuleForm, ...] = ()
    moves: tuple[MoveForm, ...] = ()


ENUMS: dict[str, type[Any]] = {
    "shape": Shape,
    "cover": Cover,
    "overlap": Overlap,
    "relation": Relation,
    "level": Level,
    "subject": Subject,
    "kind": ValueKind,
}
"""By the key under which they stand; a move has a `kind` of its own."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scheme's file (draft 2020-12)."""
    schema = msgspec.json.encode(msgspec.json.schema(SchemeForm))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.decode(schema)}
