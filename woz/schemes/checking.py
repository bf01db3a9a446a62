"""What is wrong with a scheme, each in a sentence that names the place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from woz.base.counts import counted
from woz.model.scheme import (
    AttributeType,
    Cover,
    Label,
    Level,
    LinkType,
    Move,
    MoveKind,
    Overlap,
    Relation,
    Rule,
    Scheme,
    Shape,
    TierType,
    ValueKind,
    all_attributes,
)
from woz.schemes.conditions.naming import faults
from woz.schemes.editor_keys import EDITOR_KEYS
from woz.schemes.finding import Finding

_KEY = re.compile(r"(alt\+)?\S")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CHOSEN = frozenset({ValueKind.CHOICE, ValueKind.ORDERED, ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT})
OF_ONE_ONLY = frozenset({ValueKind.DRAWING, ValueKind.SOUND})
"""What is drawn or said of one annotation is of no other."""
OTHER_ENDS = frozenset({"turn", "question"})
"""What links may go from and to beside annotations."""
FROM_PROCEDURE = "procedure"
NO_CONDITIONS = frozenset({"always", "never"})

_error = partial(Finding, Level.ERROR)
_warning = partial(Finding, Level.WARNING)


def check(scheme: Scheme, taken_keys: Collection[str] = EDITOR_KEYS) -> list[Finding]:
    """All that is wrong, in the scheme's order; `taken_keys` are those that the editor uses itself."""
    return list(_of_scheme(scheme, {key.casefold() for key in taken_keys}))


def _of_scheme(scheme: Scheme, taken: Collection[str]) -> Iterator[Finding]:
    if not scheme.languages:
        yield _error("", "It names no language; write languages: [en], or another.")
    if not scheme.tier_types:
        yield _error("", "It has no tier type, so nothing can be annotated by it.")
    yield from _unique("", "tier type", (each.key for each in scheme.tier_types))
    yield from _unique("", "link", (each.key for each in scheme.links))
    yield from _unique("", "rule", (each.key for each in scheme.rules))
    yield from _tier_cycles(scheme)
    for tier_type in scheme.tier_types:
        yield from _of_tier_type(scheme, tier_type, taken)
    for link in scheme.links:
        yield from _of_link(scheme, link)
    for rule in scheme.rules:
        yield from _of_rule(scheme, rule)
    for move in scheme.moves:
        yield from _of_move(scheme, move)


def _unique(place: str, what: str, keys: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield _error(place, f"There are two of the {what} {key!r}; give one of them another key.")
        seen.add(key)


def _tier_cycles(scheme: Scheme) -> Iterator[Finding]:
    parents = {each.key: each.parent.tier_type for each in scheme.tier_types if each.parent}
    for key in parents:
        if _goes_round(key, parents):
            yield _error(f"tier type {key!r}", "It lies in itself by way of its parents.")


def _goes_round(start: str, parents: Mapping[str, str]) -> bool:
    at, seen = parents.get(start), set()
    while at is not None and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _of_tier_type(scheme: Scheme, tier_type: TierType, taken: Collection[str]) -> Iterator[Finding]:
    place = f"tier type {tier_type.key!r}"
    yield from _spanning(place, tier_type)
    parent = tier_type.parent
    if parent and parent.tier_type not in {each.key for each in scheme.tier_types}:
        yield _error(place, f"Its parent {parent.tier_type!r} is no tier type of this scheme.")
    if parent and parent.relation == Relation.SUBDIVIDES and tier_type.shape != Shape.INTERVAL:
        yield _error(
            place, "Only intervals can subdivide their parent; make the shape interval, or the relation inside."
        )
    if tier_type.labels_from not in ("", FROM_PROCEDURE):
        yield _error(place, f"Its labels can come from the procedure, not from {tier_type.labels_from!r}.")
    yield from _unique(place, "label", (each.id for each in tier_type.labels))
    names = [each.key for each in tier_type.labels if each.key != each.id]
    yield from _unique(place, "label key", names)
    yield from _unique(place, "attribute", (each.key for each in tier_type.attributes))
    yield from _label_tree(place, tier_type)
    yield from _shortcuts(place, tier_type, taken)
    for attribute in tier_type.attributes:
        yield from _of_attribute(scheme, place, attribute, tier_type)
    for label in tier_type.labels:
        yield from _of_label(scheme, place, tier_type, label)


def _spanning(place: str, tier_type: TierType) -> Iterator[Finding]:
    if tier_type.cover == Cover.PARTITION and tier_type.shape != Shape.INTERVAL:
        yield _error(place, "Only intervals can leave no gaps; make the shape interval, or the cover free.")
    elif tier_type.cover == Cover.PARTITION and tier_type.overlap != Overlap.NONE:
        yield _error(place, "What leaves no gaps can't overlap either; make overlap none, or the cover free.")


def _label_tree(place: str, tier_type: TierType) -> Iterator[Finding]:
    parents = {str(each.id): str(each.parent) for each in tier_type.labels if each.parent}
    known = {each.id for each in tier_type.labels}
    for child, parent in parents.items():
        if parent not in known:
            yield _error(f"{place}, label {child!r}", f"Its parent {parent!r} is no label of this tier type.")
        elif _goes_round(child, parents):
            yield _error(f"{place}, label {child!r}", "It is below itself in the tree.")


def _shortcuts(place: str, tier_type: TierType, taken: Collection[str]) -> Iterator[Finding]:
    first: dict[str, Label] = {}
    for label in tier_type.offered:
        here, key = f"{place}, label {label.id!r}", label.shortcut.casefold()
        if not key:
            continue
        if not _KEY.fullmatch(key):
            sentence = "must be one letter, digit or sign, or that with Alt+ before it"
            yield _error(here, f"The shortcut {label.shortcut!r} {sentence}.")
        elif key in first:
            yield _error(here, f"The shortcut {label.shortcut!r} is that of {first[key].id!r} already.")
        elif key in taken:
            yield _warning(here, f"The editor uses the key {label.shortcut!r} itself; choose another shortcut.")
        first.setdefault(key, label)


def _of_label(scheme: Scheme, place: str, tier_type: TierType, label: Label) -> Iterator[Finding]:
    here = f"{place}, label {label.id!r}"
    if not _COLOUR.fullmatch(label.colour):
        yield _error(here, f"The colour {label.colour!r} must be written as #rrggbb.")
    yield from _unique(here, "attribute", (each.key for each in label.attributes))
    for attribute in label.attributes:
        if attribute.key in {each.key for each in tier_type.attributes}:
            yield _error(here, f"The tier type has the attribute {attribute.key!r} already.")
        yield from _of_attribute(scheme, here, attribute, tier_type)


def _of_attribute(scheme: Scheme, place: str, attribute: AttributeType, tier_type: TierType) -> Iterator[Finding]:
    here = f"{place}, attribute {attribute.key!r}"
    if attribute.kind in _CHOSEN and not attribute.values:
        yield _error(here, f"The kind {attribute.kind} needs values to choose from.")
    if attribute.kind not in _CHOSEN and attribute.values:
        yield _error(here, f"The kind {attribute.kind} has no values to choose from; take them away.")
    yield from _unique(here, "value", (each.key for each in attribute.values))
    if attribute.kind == ValueKind.LABEL and attribute.of not in {each.key for each in scheme.tier_types}:
        yield _error(here, f"It takes labels of {attribute.of!r}, which is no tier type of this scheme.")
    low, high = attribute.low, attribute.high
    if attribute.kind != ValueKind.NUMBER and (low is not None or high is not None):
        yield _error(here, "Only a number can have a lowest and a highest value.")
    elif low is not None and high is not None and low > high:
        yield _error(here, f"The lowest value {low:g} is above the highest, {high:g}.")
    reason = _bad_default(attribute)
    if reason:
        yield _error(here, f"The default {attribute.default!r} {reason}.")
    if attribute.kind == ValueKind.BOOL and attribute.required != "never":
        yield _warning(here, "A yes or no without a value is a no, so it is never missing; leave required away.")
    if attribute.kind in OF_ONE_ONLY and attribute.carry_over:
        yield _error(here, f"A {attribute.kind} belongs to one annotation only; leave carry over away.")
    yield from _required(scheme, here, attribute.required, (tier_type,))


def _bad_default(attribute: AttributeType) -> str:
    """Why the default can't be; empty where it can, or where there is none."""
    value, kind = attribute.default, attribute.kind
    if value is None:
        return ""
    if kind in _CHOSEN:
        return "" if value in {each.key for each in attribute.values} else "is none of the values"
    if kind == ValueKind.BOOL:
        return "" if isinstance(value, bool) else "must be true or false"
    if kind != ValueKind.NUMBER:
        return "" if isinstance(value, str) else "must be a text"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number"
    return "" if in_range(attribute, value) else "is out of range"


def in_range(attribute: AttributeType, value: float) -> bool:
    low, high = attribute.low, attribute.high
    return (low is None or value >= low) and (high is None or value <= high)


def _of_link(scheme: Scheme, link: LinkType) -> Iterator[Finding]:
    here = f"link {link.key!r}"
    known = {each.key for each in scheme.tier_types} | OTHER_ENDS
    for end in (*link.source, *link.target):
        if end not in known:
            yield _error(
                here, f"It joins {end!r}, which is no tier type of this scheme, and neither turn nor question."
            )
    if not link.source or not link.target:
        yield _error(here, "It must say from what and to what it goes.")
    if link.high is not None and link.high < max(link.low, 1):
        yield _error(here, f"At most {link.high} can't be, with at least {link.low}.")
    about = [each for each in scheme.tier_types if each.key in link.source]
    yield from _required(scheme, here, link.required, about)


def _of_rule(scheme: Scheme, rule: Rule) -> Iterator[Finding]:
    here = f"rule {rule.key!r}"
    if not any(text.strip() for text in rule.message.values()):
        yield _error(here, "It has no message for the annotator.")
    yield from (_error(here, fault) for fault in faults(rule.when, scheme, scheme.tier_types))


def _required(scheme: Scheme, place: str, required: str, about: Sequence[TierType]) -> Iterator[Finding]:
    if required not in NO_CONDITIONS:
        yield from (_error(place, fault) for fault in faults(required, scheme, about))


def _may_become(tier_type: TierType, move: Move) -> set[str] | None:
    """The labels, attributes or values that there are; None where the attribute of a value isn't there."""
    if move.attribute:
        return {each.key for each in tier_type.attributes}
    if not move.value_of:
        return {str(each.id) for each in tier_type.labels}
    found = [each for each in all_attributes(tier_type) if each.key == move.value_of]
    return {value.key for each in found for value in each.values} if found else None


def _of_move(scheme: Scheme, move: Move) -> Iterator[Finding]:
    here = f"move of {move.source!r}"
    tier_type = next((each for each in scheme.tier_types if each.key == move.tier_type), None)
    if tier_type is None:
        yield _error(here, f"{move.tier_type!r} is no tier type of this scheme.")
        return
    known = _may_become(tier_type, move)
    if known is None:
        yield _error(here, f"{move.value_of!r} is no attribute of {move.tier_type!r}; its values can't move.")
        return
    for target in move.targets:
        if target not in known:
            yield _error(here, f"It moves to {target!r}, which this version of {move.tier_type!r} doesn't have.")
    fewest = {MoveKind.RETIRED: 0, MoveKind.SPLIT: 2}.get(move.kind, 1)
    if len(move.targets) < fewest or (move.kind in (MoveKind.RENAMED, MoveKind.MERGED) and len(move.targets) > 1):
        yield _error(here, f"What is {move.kind} can't become {counted(len(move.targets), 'other')}.")
