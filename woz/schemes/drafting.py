"""A scheme changed piece by piece: each change gives a new scheme; what is new gets id, key and colour."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from woz.model.ids import LabelId, SchemeId
from woz.model.own_schemes import PALETTE
from woz.model.scheme import (
    AttributeType,
    Label,
    LinkType,
    Move,
    MoveKind,
    Names,
    Rule,
    Scheme,
    TierType,
    ValueKind,
)
from woz.schemes.editor_keys import EDITOR_KEYS

KEYS = "123456789" + "qwetyuaghzcvb"
"""Shortcuts in the order in which they are given."""
LabelChange = Callable[[Scheme, str, str], Scheme]
"""Of the label with an id in a tier type."""


def new_scheme(name: str, taken: Collection[str] = ()) -> Scheme:
    return Scheme(SchemeId(free_id(name, taken)), name, 1)


def free_id(name: str, taken: Collection[str]) -> str:
    """Small letters, digits and hyphens, made from a name, and not in use yet."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    made = re.sub(r"[^\w]+|_", "-", "".join(letters).casefold(), flags=re.ASCII).strip("-") or "item"
    number = 2
    free = made
    while free in taken:
        free, number = f"{made}-{number}", number + 1
    return free


def with_type(scheme: Scheme, key: str, change: Callable[[TierType], TierType]) -> Scheme:
    types = tuple(change(each) if each.key == key else each for each in scheme.tier_types)
    return replace(scheme, tier_types=types)


def add_tier_type(scheme: Scheme, name: str) -> Scheme:
    key = free_id(name, {each.key for each in scheme.tier_types} | {"turn", "question"})
    return replace(scheme, tier_types=(*scheme.tier_types, TierType(key, _named(scheme, name))))


def remove_tier_type(scheme: Scheme, key: str) -> Scheme:
    return replace(scheme, tier_types=tuple(each for each in scheme.tier_types if each.key != key))


def add_label(scheme: Scheme, tier_type: str, name: str, parent: LabelId | None = None) -> Scheme:
    """With the next free key and the next colour, after those below the same parent."""

    def added(each: TierType) -> TierType:
        own = LabelId(free_id(name, {label.id for label in each.labels}))
        taken = {label.shortcut.casefold() for label in each.offered} | {key.casefold() for key in EDITOR_KEYS}
        shortcut = next((key for key in KEYS if key not in taken), "")
        colour = PALETTE[len(each.labels) % len(PALETTE)]
        label = Label(own, own, _named(scheme, name), colour, shortcut, parent)
        return replace(each, labels=in_tree_order((*each.labels, label)))

    return with_type(scheme, tier_type, added)


def change_label(scheme: Scheme, tier_type: str, label_id: str, change: Callable[[Label], Label]) -> Scheme:
    def changed(each: TierType) -> TierType:
        return replace(each, labels=tuple(change(one) if one.id == label_id else one for one in each.labels))

    return with_type(scheme, tier_type, changed)


def remove_label(scheme: Scheme, tier_type: str, label_id: str) -> Scheme:
    """With all below it."""

    def removed(each: TierType) -> TierType:
        gone = {label_id}
        for label in in_tree_order(each.labels):
            if label.parent in gone:
                gone.add(str(label.id))
        return replace(each, labels=tuple(label for label in each.labels if label.id not in gone))

    return with_type(scheme, tier_type, removed)


def merge_label(scheme: Scheme, tier_type: str, label_id: str, into: str) -> Scheme:
    """The label goes, and what was annotated with it is to become the other one; those below it go below that."""

    def merged(each: TierType) -> TierType:
        left = (one for one in each.labels if one.id != label_id)
        below = (replace(one, parent=LabelId(into)) if one.parent == label_id else one for one in left)
        return replace(each, labels=in_tree_order(below))

    moves = (*scheme.moves, Move(MoveKind.MERGED, tier_type, label_id, (into,)))
    return replace(with_type(scheme, tier_type, merged), moves=moves)


def move_label(scheme: Scheme, tier_type: str, label_id: str, by: int) -> Scheme:
    """Before (-1) or after (1) the label beside it below the same parent."""

    def moved(each: TierType) -> TierType:
        beside = [one for one in each.labels if one.parent == each.label(label_id).parent]
        at = [one.id for one in beside].index(LabelId(label_id))
        if not 0 <= at + by < len(beside):
            return each
        beside[at], beside[at + by] = beside[at + by], beside[at]
        others = [one for one in each.labels if one not in beside]
        return replace(each, labels=in_tree_order((*others, *beside)))

    return with_type(scheme, tier_type, moved)


def indent_label(scheme: Scheme, tier_type: str, label_id: str) -> Scheme:
    """Below the label that stands before it, beside it."""

    def indented(each: TierType) -> TierType:
        label = each.label(label_id)
        beside = [one.id for one in each.labels if one.parent == label.parent]
        at = beside.index(label.id)
        if at == 0:
            return each
        return _below(each, label, beside[at - 1])

    return with_type(scheme, tier_type, indented)


def outdent_label(scheme: Scheme, tier_type: str, label_id: str) -> Scheme:
    """Beside the label that it is below."""

    def outdented(each: TierType) -> TierType:
        label = each.label(label_id)
        if not label.parent:
            return each
        others = [one for one in each.labels if one.id != label_id]
        after = [one.id for one in others].index(label.parent) + 1
        moved = replace(label, parent=each.label(label.parent).parent)
        return replace(each, labels=in_tree_order((*others[:after], moved, *others[after:])))

    return with_type(scheme, tier_type, outdented)


def _below(tier_type: TierType, label: Label, parent: LabelId | None) -> TierType:
    others = [one for one in tier_type.labels if one.id != label.id]
    return replace(tier_type, labels=in_tree_order((*others, replace(label, parent=parent))))


def in_tree_order(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Each before those below it, else as they were; those whose parent isn't there last."""
    below: dict[str | None, list[Label]] = {}
    labels = list(labels)
    for label in labels:
        below.setdefault(label.parent, []).append(label)
    ordered: list[Label] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        label = waiting.pop()
        ordered.append(label)
        waiting += reversed(below.get(label.id, []))
    return (*ordered, *(label for label in labels if label not in ordered))


def add_attribute(scheme: Scheme, tier_type: str, name: str, kind: ValueKind = ValueKind.TEXT) -> Scheme:
    def added(each: TierType) -> TierType:
        key = free_id(name, {one.key for one in each.attributes})
        return replace(each, attributes=(*each.attributes, AttributeType(key, kind, _named(scheme, name))))

    return with_type(scheme, tier_type, added)


def change_attribute(
    scheme: Scheme, tier_type: str, key: str, change: Callable[[AttributeType], AttributeType]
) -> Scheme:
    def changed(each: TierType) -> TierType:
        return replace(each, attributes=tuple(change(one) if one.key == key else one for one in each.attributes))

    return with_type(scheme, tier_type, changed)


def remove_attribute(scheme: Scheme, tier_type: str, key: str) -> Scheme:
    def removed(each: TierType) -> TierType:
        return replace(each, attributes=tuple(one for one in each.attributes if one.key != key))

    return with_type(scheme, tier_type, removed)


def add_rule(scheme: Scheme, when: str, message: str) -> Scheme:
    key = free_id(message, {each.key for each in scheme.rules})
    return replace(scheme, rules=(*scheme.rules, Rule(key, when, _named(scheme, message))))


def change_rule(scheme: Scheme, key: str, change: Callable[[Rule], Rule]) -> Scheme:
    return replace(scheme, rules=tuple(change(each) if each.key == key else each for each in scheme.rules))


def remove_rule(scheme: Scheme, key: str) -> Scheme:
    return replace(scheme, rules=tuple(each for each in scheme.rules if each.key != key))


def add_link(scheme: Scheme, name: str, source: str, target: str) -> Scheme:
    key = free_id(name, {each.key for each in scheme.links})
    return replace(scheme, links=(*scheme.links, LinkType(key, (source,), (target,), _named(scheme, name))))


def remove_link(scheme: Scheme, key: str) -> Scheme:
    return replace(scheme, links=tuple(each for each in scheme.links if each.key != key))


def renamed(names: Names, scheme: Scheme, name: str) -> dict[str, str]:
    """The names with another one in the scheme's first language."""
    return {**names, **_named(scheme, name)}


BETWEEN = " | "
"""Between names in several languages, as people type them."""
_IN_A_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*:\s*(\S.*?)\s*")


def other_names(names: Names, scheme: Scheme) -> str:
    """Those in other languages than the scheme's first, as `it: Taglia | ja: 切る`."""
    first = _first(scheme)
    return BETWEEN.join(f"{language}: {name}" for language, name in names.items() if language != first)


def translated(names: Names, scheme: Scheme, text: str) -> dict[str, str]:
    """The name in the scheme's first language, and those of such a text; what names no language is left out."""
    found = (_IN_A_LANGUAGE.fullmatch(part) for part in text.split(BETWEEN.strip()))
    others = {match[1]: match[2] for match in found if match and match[1] != _first(scheme)}
    return {**{language: name for language, name in names.items() if language == _first(scheme)}, **others}


def speaking(scheme: Scheme, names: Names) -> Scheme:
    """With the languages of these names among its own."""
    return replace(scheme, languages=tuple(dict.fromkeys((*scheme.languages, *names))))


def _named(scheme: Scheme, name: str) -> dict[str, str]:
    return {_first(scheme): name}


def _first(scheme: Scheme) -> str:
    return scheme.languages[0] if scheme.languages else "en"
