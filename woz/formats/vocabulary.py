"""The scheme for what a file holds: the user's where it has a place for it, else one of the file's own names.

A reader first notes all that the file holds (`note`), then asks for each tier's place (`fit`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from woz.model.annotation import Attribute
from woz.model.ids import LabelId, SchemeId
from woz.model.own_schemes import PALETTE
from woz.model.scheme import (
    NO_COLOUR,
    AttributeType,
    Choice,
    Label,
    LinkType,
    Names,
    Overlap,
    Scheme,
    Shape,
    TierType,
    ValueKind,
)

MOST_LABELS = 1_000
"""So many different labels of a tier type are listed; a file with more has texts for labels, which stand for
themselves."""
MOST_CHOICES = 200
_CHOSEN = (ValueKind.CHOICE, ValueKind.ORDERED, ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT)


@dataclass(slots=True)
class _Values:
    """The values of an attribute that were seen, in the order in which they were."""

    kinds: set[type] = field(default_factory=set)
    several: bool = False
    texts: bool = False
    chosen: dict[str, None] = field(default_factory=dict)

    def note(self, values: Sequence[Attribute]) -> None:
        self.several |= len(values) > 1
        for each in values:
            self.kinds.add(type(each.value))
            self.texts |= bool(each.note)
            if isinstance(each.value, str) and len(self.chosen) <= MOST_CHOICES:
                self.chosen[each.value] = None

    def type(self, key: str) -> AttributeType:
        if (self.several or self.texts) and len(self.chosen) <= MOST_CHOICES and self.kinds == {str}:
            kind = ValueKind.SEVERAL_WITH_TEXT if self.texts else ValueKind.SEVERAL
            return AttributeType(key, kind, {"en": key}, tuple(Choice(value) for value in self.chosen))
        if self.kinds == {bool}:
            return AttributeType(key, ValueKind.BOOL, {"en": key})
        number = self.kinds and self.kinds <= {int, float}
        return AttributeType(key, ValueKind.NUMBER if number else ValueKind.TEXT, {"en": key})


@dataclass(slots=True)
class _Seen:
    """A tier type as the file shows it."""

    name: str
    labels: dict[str, Label] = field(default_factory=dict)
    attributes: dict[str, _Values] = field(default_factory=dict)
    known: tuple[AttributeType, ...] = ()
    shapes: set[Shape] = field(default_factory=set)
    overlap: bool = False
    ends: dict[str, int] = field(default_factory=dict)

    def tier_type(self, key: str) -> TierType:
        labels = tuple(
            label if label.colour != NO_COLOUR else _painted(label, i)
            for i, label in enumerate(self.labels.values())
        )
        declared = {each.key for each in self.known}
        found = (values.type(name) for name, values in self.attributes.items() if name not in declared)
        return TierType(
            key,
            {"en": self.name},
            shape=next(iter(self.shapes)) if len(self.shapes) == 1 else Shape.ANY,
            overlap=Overlap.ANY if self.overlap or self.shapes != {Shape.INTERVAL} else Overlap.NONE,
            open=True,
            labels=labels,
            attributes=(*self.known, *found),
        )


class Place:
    """Where a tier belongs, and how its items are named there."""

    def __init__(self, scheme: Scheme, tier_type: TierType) -> None:
        self.scheme, self.tier_type = scheme, tier_type
        self._labels = _Names((str(each.id), each.key, each.names) for each in tier_type.labels)
        attributes = (*tier_type.attributes, *(at for label in tier_type.labels for at in label.attributes))
        self._keys = _Names((each.key, each.key, each.names) for each in attributes)
        self._choices = {
            each.key: _Names((choice.key, choice.key, choice.names) for choice in each.values)
            for each in attributes
            if each.kind in _CHOSEN
        }

    def label(self, text: str, name: str = "") -> str:
        """The id of the label with this id, key or name, or by that name; the text itself where there is none."""
        return self._labels.find(text) or self._labels.find(name) or text

    def attributes(self, attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
        """The same by the scheme's keys, for attributes and for choices."""
        return tuple(self._attribute(each) for each in attributes)

    def _attribute(self, attribute: Attribute) -> Attribute:
        key = self._keys.find(attribute.key) or attribute.key
        choices = self._choices.get(key)
        if choices is None or not isinstance(attribute.value, str):
            return replace(attribute, key=key)
        return replace(attribute, key=key, value=choices.find(attribute.value) or attribute.value)


class _Names:
    """Finds ids by themselves, else by a key or a name, small and capital letters alike."""

    def __init__(self, known: Iterable[tuple[str, str, Names]]) -> None:
        self._ids: dict[str, str] = {}
        self._named: dict[str, str] = {}
        for ident, key, names in known:
            self._ids[ident] = ident
            for name in (key, *names.values()):
                self._named.setdefault(_folded(name), ident)

    def find(self, text: str) -> str:
        """Empty where there is none."""
        return self._ids.get(text) or (self._named.get(_folded(text), "") if text else "")


def _folded(text: str) -> str:
    """Small letters; a line below stands for a blank."""
    return " ".join(text.casefold().replace("_", " ").split())


class Vocabulary:
    """`title` is the format's, for people; `origin` its name, which the derived scheme's id begins with."""

    def __init__(self, origin: str, title: str, chosen: Scheme | None) -> None:
        self._origin, self._title, self._chosen = origin, title, chosen
        self._seen: dict[str, _Seen] = {}
        self._links: dict[str, None] = {}
        self._derived: Scheme | None = None
        self._places: dict[str, Place] = {}

    def tier_type(self, key: str, name: str = "", attributes: tuple[AttributeType, ...] = ()) -> None:
        """There is such a tier, with attributes that the file itself declares."""
        seen = self._seen.setdefault(key, _Seen(name or key))
        seen.known = seen.known or attributes

    def label(self, tier_type: str, label: str, name: str = "") -> None:
        labels = self._seen[tier_type].labels
        if label and label not in labels and len(labels) < MOST_LABELS:
            labels[label] = Label(LabelId(label), label, {"en": name or label})

    def declare(self, tier_type: str, label: Label) -> None:
        """There is a label of which the file says more than its name."""
        self._seen[tier_type].labels[label.id] = label

    def note(
        self,
        tier_type: str,
        tier: str,
        start_ns: int | None,
        end_ns: int | None,
        attributes: Sequence[Attribute] = (),
    ) -> None:
        """There is such an annotation in a tier of this type."""
        seen = self._seen[tier_type]
        if start_ns is None:
            seen.shapes.add(Shape.SESSION)
        else:
            seen.shapes.add(Shape.POINT if end_ns is None else Shape.INTERVAL)
            until = seen.ends.get(tier)
            seen.overlap |= until is not None and start_ns < until
            seen.ends[tier] = max(until or start_ns, end_ns or start_ns)
        by_key: dict[str, list[Attribute]] = {}
        for each in attributes:
            by_key.setdefault(each.key, []).append(each)
        for key, values in by_key.items():
            seen.attributes.setdefault(key, _Values()).note(values)

    def link(self, key: str) -> None:
        self._links[key] = None

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """Those that `fit` gives."""
        schemes = [self.fit(key).scheme for key in self._seen]
        return tuple({(each.id, each.version): each for each in schemes}.values())

    def fit(self, tier_type: str) -> Place:
        """The place of a tier type that was noted."""
        if tier_type not in self._places:
            self._places[tier_type] = self._place(tier_type)
        return self._places[tier_type]

    def _place(self, key: str) -> Place:
        if self._chosen and (found := self._chosen_for(key)):
            return Place(self._chosen, found)
        derived = self._derive()
        return Place(derived, derived.tier_type(key))

    def _chosen_for(self, key: str) -> TierType | None:
        """The tier type of the chosen scheme by this key or name; its only one for the file's only one."""
        if self._chosen is None:
            return None
        types = self._chosen.tier_types
        if len(types) == len(self._seen) == 1:
            return types[0]
        known = _Names((each.key, each.key, each.names) for each in types)
        found = known.find(key) or known.find(self._seen[key].name)
        return self._chosen.tier_type(found) if found else None

    def _derive(self) -> Scheme:
        if self._derived is None:
            types = tuple(seen.tier_type(key) for key, seen in self._seen.items() if not self._chosen_for(key))
            keys = tuple(each.key for each in types)
            links = tuple(LinkType(key, keys, keys, {"en": key}) for key in self._links)
            shown = ", ".join(each.name() for each in types[:3]) + (", …" if len(types) > 3 else "")
            scheme = Scheme(SchemeId(""), f"{self._title}: {shown}"[:200], 1, types, links)
            self._derived = replace(scheme, id=SchemeId(f"{self._origin}-{_digest(scheme)}"))
        return self._derived


def _painted(label: Label, i: int) -> Label:
    """With a colour, and the first of all with a key."""
    shortcut = label.shortcut or (str(i + 1) if i < 9 else "")
    return replace(label, colour=PALETTE[i % len(PALETTE)], shortcut=shortcut)


def _attribute_facts(attributes: Iterable[AttributeType]) -> list[object]:
    return [[each.key, each.kind, [value.key for value in each.values]] for each in attributes]


def _digest(scheme: Scheme) -> str:
    """Of all that tells one scheme of a format from another."""
    facts = [
        [
            each.key,
            dict(each.names),
            each.shape,
            each.overlap,
            [
                [at.id, dict(at.names), at.colour, at.shortcut, _attribute_facts(at.attributes)]
                for at in each.labels
            ],
            _attribute_facts(each.attributes),
        ]
        for each in scheme.tier_types
    ]
    text = json.dumps([facts, [link.key for link in scheme.links]], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
