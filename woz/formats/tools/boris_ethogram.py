"""An ethogram of BORIS: behaviours that are points or states, each with its sets of modifiers.

Facts of the format: BORIS's user guide (https://www.boris.unito.it/user_guide), and projects that it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from woz.formats.values import scalar_of
from woz.model.annotation import Attribute
from woz.model.ids import LabelId
from woz.model.scheme import NO_COLOUR, AttributeType, Choice, Label, ValueKind

SINGLE, SEVERAL, NUMBER, EXTERNAL = 0, 1, 2, 3
"""Types of a set of modifiers; the values of the last are measured by another program."""
NOT_CHOSEN = "None"
BEHAVIOURS = "behaviors"
"""The tier type of behaviours without a category."""
FORBIDDEN = frozenset("(|),`~")
"""Characters that a modifier can't hold."""
_KEY = re.compile(r" \((\w{1,3})\)$")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class ModifierSet:
    name: str
    type: int = SINGLE
    values: tuple[str, ...] = ()

    def attribute_type(self) -> AttributeType:
        names = {"en": self.name}
        choices = tuple(Choice(value) for value in self.values)
        if self.type == NUMBER:
            return AttributeType(self.name, ValueKind.NUMBER, names)
        if self.type == SEVERAL:
            return AttributeType(self.name, ValueKind.SEVERAL, names, choices)
        if {*self.values} == {"true", "false"}:
            return AttributeType(self.name, ValueKind.BOOL, names)
        return AttributeType(self.name, ValueKind.CHOICE if choices else ValueKind.TEXT, names, choices)

    def read(self, part: str) -> Iterator[Attribute]:
        """The values that one part of an event's modifiers holds."""
        if part in ("", NOT_CHOSEN):
            return
        if self.type == SEVERAL:
            yield from (Attribute(self.name, value) for value in part.split(",") if value)
        elif self.type in (NUMBER, EXTERNAL) or {*self.values} == {"true", "false"}:
            yield Attribute(self.name, scalar_of(part))
        else:
            yield Attribute(self.name, part)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`category` is empty for one without."""

    code: str
    state: bool
    category: str = ""
    key: str = ""
    colour: str = NO_COLOUR
    description: str = ""
    sets: tuple[ModifierSet, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def tier_type(self) -> str:
        return self.category or BEHAVIOURS

    def label(self) -> Label:
        attributes = tuple(each.attribute_type() for each in self.sets)
        names = {"en": self.code}
        return Label(
            LabelId(self.code),
            self.code,
            names,
            self.colour,
            self.key,
            None,
            self.description,
            attributes=attributes,
        )

    def attributes(self, modifiers: str) -> tuple[Attribute, ...]:
        """An event's modifiers: a part a set, in their order; parts beyond the sets are kept by their number."""
        if not modifiers:
            return ()
        found: list[Attribute] = []
        for i, part in enumerate(modifiers.split("|")):
            kind = self.sets[i] if i < len(self.sets) else ModifierSet(f"modifier {i + 1}")
            found += kind.read(part)
        return tuple(found)

    def modifiers(self, attributes: Sequence[Attribute]) -> str:
        parts = []
        for kind in self.sets:
            texts = [text_of(each) for each in attributes if each.key == kind.name]
            parts.append(",".join(texts) or NOT_CHOSEN)
        return "|".join(parts)


def text_of(attribute: Attribute) -> str:
    value = attribute.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def behaviours_of(conf: Iterable[Mapping[str, Any]]) -> dict[str, Behaviour]:
    """By code. Raises ValueError for a row that is no behaviour."""
    found = {}
    for row in conf:
        code = row.get("code")
        if not isinstance(code, str) or not code:
            raise ValueError("a behaviour of its ethogram has no code")
        colour = str(row.get("color") or "")
        found[code] = Behaviour(
            code,
            str(row.get("type", "")).casefold().startswith("state"),
            str(row.get("category") or ""),
            str(row.get("key") or "")[:1],
            colour if _COLOUR.fullmatch(colour) else NO_COLOUR,
            str(row.get("description") or ""),
            tuple(_sets(row.get("modifiers"))),
            tuple(each.strip() for each in str(row.get("excluded") or "").split(",") if each.strip()),
        )
    return found


def _sets(modifiers: object) -> Iterator[ModifierSet]:
    if not isinstance(modifiers, dict):
        return
    taken: set[str] = set()
    for i, (_, each) in enumerate(sorted(modifiers.items(), key=lambda item: _place(item[0])), 1):
        if not isinstance(each, dict):
            continue
        name = str(each.get("name") or "").strip() or f"modifier {i}"
        name = name if name not in taken else f"{name} {i}"
        taken.add(name)
        values = each.get("values")
        texts = (_KEY.sub("", str(value)) for value in values) if isinstance(values, list) else ()
        yield ModifierSet(name, _type(each.get("type")), tuple(dict.fromkeys(texts)))


def _place(key: str) -> tuple[int, str]:
    return (int(key), key) if key.isdecimal() else (10**9, key)


def _type(value: object) -> int:
    return value if isinstance(value, int) and value in (SINGLE, SEVERAL, NUMBER, EXTERNAL) else SINGLE
