"""A scheme: what may be annotated. A version of it never changes; the next one says how it maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from woz.model.ids import LabelId, SchemeId

Names = Mapping[str, str]
"""By BCP 47 tag of the language; what has no language of its own stands under "en"."""
NO_COLOUR = "#888888"


def named(names: Names, language: str, otherwise: str) -> str:
    """The name in a language, else in any; `otherwise` where there is none."""
    return names.get(language) or next(iter(names.values()), otherwise)


class Shape(StrEnum):
    """What an annotation spans."""

    INTERVAL = "interval"
    POINT = "point"
    SESSION = "session"
    ANY = "any"


class Cover(StrEnum):
    """Whether the intervals of a tier leave gaps."""

    FREE = "free"
    PARTITION = "partition"


class Overlap(StrEnum):
    """Which intervals of one tier may overlap: none, those with other labels, or any."""

    NONE = "none"
    OTHER_LABEL = "other label"
    ANY = "any"


class Relation(StrEnum):
    """How annotations lie in those of the parent tier."""

    INSIDE = "inside"
    SUBDIVIDES = "subdivides"
    ONE_TO_ONE = "one-to-one"


class Level(StrEnum):
    """An error blocks the submission of a tier, a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


class Subject(StrEnum):
    """Whose behaviour a tier tells of: nobody's in particular, a role's, or whom the annotator names."""

    NONE = "none"
    ROLE = "role"
    FREE = "free"


class ValueKind(StrEnum):
    """What the values of an attribute are."""

    BOOL = "bool"
    CHOICE = "choice"
    ORDERED = "ordered"
    SEVERAL = "several"
    SEVERAL_WITH_TEXT = "several with text"
    TEXT = "text"
    NUMBER = "number"
    PERSON = "person"
    LABEL = "label"
    DRAWING = "drawing"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that may be chosen: `key` is stored."""

    key: str
    names: Names = field(default_factory=dict)

    def name(self, language: str = "en") -> str:
        return named(self.names, language, self.key)


@dataclass(frozen=True, slots=True)
class AttributeType:
    """`values` may be chosen; `of` is the tier type whose labels may be (kind "label"); a number lies from `low` to
    `high`, in `unit`. `required` is "always", "never", or a condition. With `carry_over` a new annotation begins
    with the value of the one before it in its tier.
    """

    key: str
    kind: ValueKind
    names: Names = field(default_factory=dict)
    values: tuple[Choice, ...] = ()
    of: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    default: bool | int | float | str | None = None
    required: str = "never"
    carry_over: bool = False

    def name(self, language: str = "en") -> str:
        return named(self.names, language, self.key)


@dataclass(frozen=True, slots=True)
class Label:
    """`id` is what annotations hold, and is never used again; `key` is for people and files.

    `colour` is an #rrggbb value, `shortcut` one key; the rules say where an interval with it starts and ends.
    """

    id: LabelId
    key: str
    names: Names = field(default_factory=dict)
    colour: str = NO_COLOUR
    shortcut: str = ""
    parent: LabelId | None = None
    start_rule: str = ""
    end_rule: str = ""
    examples: tuple[str, ...] = ()
    retired: bool = False
    attributes: tuple[AttributeType, ...] = ()

    def name(self, language: str = "en") -> str:
        return named(self.names, language, self.key)


@dataclass(frozen=True, slots=True)
class Parent:
    """The tier type that another hangs on, and how; where it doesn't hold, that is an error or a warning."""

    tier_type: str
    relation: Relation = Relation.INSIDE
    level: Level = Level.WARNING


@dataclass(frozen=True, slots=True)
class TierType:
    """`open` lets annotators add labels while they work. `labels_from` "procedure" says that the steps of the
    session's procedure are its labels, beside those that stand here.
    """

    key: str
    names: Names = field(default_factory=dict)
    shape: Shape = Shape.INTERVAL
    cover: Cover = Cover.FREE
    overlap: Overlap = Overlap.NONE
    parent: Parent | None = None
    subject: Subject = Subject.NONE
    open: bool = False
    labels: tuple[Label, ...] = ()
    attributes: tuple[AttributeType, ...] = ()
    labels_from: str = ""

    def name(self, language: str = "en") -> str:
        return named(self.names, language, self.key)

    def label(self, label_id: str) -> Label:
        """The label with this id; a grey one by that name where there is none."""
        found = next((label for label in self.labels if label.id == label_id), None)
        return found or Label(LabelId(label_id), label_id)

    @property
    def offered(self) -> tuple[Label, ...]:
        """The labels that a new annotation may have."""
        return tuple(label for label in self.labels if not label.retired)


@dataclass(frozen=True, slots=True)
class LinkType:
    """From and to which tier types (or "turn", "question"), and how many of them an item has."""

    key: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    names: Names = field(default_factory=dict)
    low: int = 0
    high: int | None = None
    required: str = "never"


@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be: `when` is a condition, `message` the sentence that the annotator reads."""

    key: str
    when: str
    message: Names
    level: Level = Level.ERROR


class MoveKind(StrEnum):
    """What became of a label, an attribute or a value of the version before."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Move:
    """How a label, an attribute (`attribute`), or a value of the attribute `value_of` maps: `source` is its id or
    key before, `targets` those now.
    """

    kind: MoveKind
    tier_type: str
    source: str
    targets: tuple[str, ...] = ()
    attribute: bool = False
    value_of: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    id: SchemeId
    name: str
    version: int
    tier_types: tuple[TierType, ...] = ()
    links: tuple[LinkType, ...] = ()
    rules: tuple[Rule, ...] = ()
    moves: tuple[Move, ...] = ()
    languages: tuple[str, ...] = ("en",)

    def tier_type(self, key: str) -> TierType:
        """The tier type with this key; one that allows anything, without labels, where there is none."""
        found = next((each for each in self.tier_types if each.key == key), None)
        return found or TierType(key, shape=Shape.ANY, overlap=Overlap.ANY)


def all_attributes(tier_type: TierType) -> tuple[AttributeType, ...]:
    """Those of the tier type, then those that single labels have besides."""
    return (*tier_type.attributes, *(each for label in tier_type.labels for each in label.attributes))
