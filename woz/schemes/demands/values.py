"""What a scheme demands of an annotation's label and attributes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from woz.model.annotation import Attribute
from woz.model.own_schemes import UNSURE
from woz.model.scheme import AttributeType, Level, Scheme, ValueKind, named
from woz.schemes.checking import in_range
from woz.schemes.conditions.holding import Asked, holds, is_empty
from woz.schemes.conditions.parsing import readable
from woz.schemes.demands.told import doubt_words

Said = tuple[Level, str]
ALWAYS, NEVER = "always", "never"
OWN_NAME = "name"
"""The attribute in which an open tier type's annotation brings the name of a label that the scheme lacks."""
_CHOSEN = frozenset({ValueKind.CHOICE, ValueKind.ORDERED, ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT})
_MANY = frozenset({ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT, ValueKind.PERSON, ValueKind.LABEL})


def of_label(asked: Asked, steps: Collection[str] | None) -> Iterator[Said]:
    """`steps` are those of the session's procedure, None where it isn't known."""
    known, label = asked.known, asked.annotation.label
    found = known.labels.get(label)
    tier_type = known.tier_type
    brought = tier_type.open or (tier_type.labels_from and (steps is None or label in steps))
    if not label and (known.labels or tier_type.labels_from):
        yield Level.ERROR, "It has no label."
    elif found and found.retired:
        yield Level.WARNING, f"The label {found.name()} {_gone(asked)}."
    elif label and not found and known.labels and not brought:
        yield Level.ERROR, f"The label {label} is none of this tier's; choose another."


def _gone(asked: Asked) -> str:
    """What became of a label that is no longer used, as the scheme's version tells."""
    known, label = asked.known, asked.annotation.label
    for move in known.scheme.moves:
        of_label = not move.attribute and not move.value_of
        if of_label and (move.tier_type, move.source) == (known.tier_type.key, label) and move.targets:
            names = [known.tier_type.label(target).name() for target in move.targets]
            return f"became {' or '.join(names)}; choose which" if len(names) > 1 else f"became {names[0]}"
    return "is no longer used; choose another"


def of_attributes(asked: Asked, language: str) -> Iterator[Said]:
    attributes = asked.known.attributes(asked.annotation.label)
    by_key: dict[str, list[Attribute]] = {}
    for each in asked.annotation.attributes:
        by_key.setdefault(each.key, []).append(each)
    for attribute in attributes:
        name = named(attribute.names, language, attribute.key)
        if _missing(attribute, asked):
            where = "" if attribute.required == ALWAYS else f"; it is needed where {attribute.required}"
            yield Level.ERROR, f"{name} is missing{where}."
        if attribute.key in by_key:
            yield from _of_values(attribute, name, by_key[attribute.key], asked.known.scheme)
    expected = {attribute.key for attribute in attributes} | ({OWN_NAME} if asked.known.tier_type.open else set())
    if UNSURE in by_key and UNSURE not in expected:
        yield Level.WARNING, doubt_words(asked.annotation.note)
    for key in by_key.keys() - expected - {UNSURE}:
        yield Level.WARNING, f"The attribute {key} is none of this scheme's here."


def _missing(attribute: AttributeType, asked: Asked) -> bool:
    """What is yes or no and has no value is a no, and never missing."""
    if attribute.kind == ValueKind.BOOL or not asks_for(attribute.required, asked):
        return False
    return is_empty(asked.annotation, attribute.key)


def asks_for(required: str, asked: Asked) -> bool:
    """Whether something that is required so is required here; a condition that can't be read asks for nothing."""
    if required in (ALWAYS, NEVER):
        return required == ALWAYS
    condition = readable(required)
    return condition is not None and holds(condition, asked)


def _of_values(attribute: AttributeType, name: str, values: Sequence[Attribute], scheme: Scheme) -> Iterator[Said]:
    if len(values) > 1 and attribute.kind not in _MANY:
        yield Level.ERROR, f"{name} has {len(values)} values; only one may stand there."
    for each in values:
        wrong = _wrong(attribute, each, scheme)
        if wrong:
            yield Level.ERROR, f"{name} {wrong}."
        elif attribute.kind == ValueKind.SEVERAL_WITH_TEXT and not each.note.strip():
            yield Level.WARNING, f"{name}: {_choice_name(attribute, each)} has no text beside it."


def _choice_name(attribute: AttributeType, value: Attribute) -> str:
    names = next((choice.names for choice in attribute.values if choice.key == value.value), {})
    return named(names, "en", str(value.value))


def _wrong(attribute: AttributeType, each: Attribute, scheme: Scheme) -> str:
    """Why a value can't be; empty where it can."""
    value, kind = each.value, attribute.kind
    if value is None:
        return ""
    if kind in _CHOSEN:
        return "" if value in {choice.key for choice in attribute.values} else f"can't be {_shown(value)}"
    if kind == ValueKind.BOOL:
        return "" if isinstance(value, bool) else f"must be yes or no, not {_shown(value)}"
    if kind == ValueKind.NUMBER:
        return _wrong_number(attribute, value)
    if kind == ValueKind.TEXT:
        return "" if isinstance(value, str) else f"must be a text, not {_shown(value)}"
    if kind == ValueKind.LABEL:
        other = scheme.tier_type(attribute.of)
        known = other.open or other.labels_from or value in {label.id for label in other.labels}
        return "" if known else f"can't be {_shown(value)}, which is no label of {attribute.of}"
    return ""


def _wrong_number(attribute: AttributeType, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"must be a number, not {_shown(value)}"
    if in_range(attribute, value):
        return ""
    low = "" if attribute.low is None else f"at least {attribute.low:g}"
    high = "" if attribute.high is None else f"at most {attribute.high:g}"
    return f"is {value:g}, and must be {' and '.join(part for part in (low, high) if part)}"


def _shown(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else repr(value)
