"""A scheme from the text of its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from woz.base.errors import WozError, unread
from woz.base.yaml_places import Words, sentence_of
from woz.base.yaml_text import MOST_BYTES, filled, node_of, tree_of
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import (
    AttributeType,
    Choice,
    Label,
    LinkType,
    Move,
    Names,
    Parent,
    Rule,
    Scheme,
    TierType,
    ValueKind,
)
from woz.schemes.form import ENUMS, AttributeForm, ChoiceForm, LabelForm, LinkForm, SchemeForm, TierTypeForm

WORDS = Words(
    "scheme",
    {
        "tier types": "tier type",
        "labels": "label",
        "attributes": "attribute",
        "values": "value",
        "links": "link",
        "rules": "rule",
        "moves": "move",
    },
    ENUMS,
)


def scheme_from_file(path: Path) -> Scheme:
    """Raises WozError, with the file's name, where it can't be read or holds no scheme."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise WozError(unread(path, error)) from error
    try:
        return scheme_from_text(text)
    except WozError as error:
        raise WozError(f"{path}: {error}") from error


def scheme_from_text(text: str | bytes) -> Scheme:
    """Raises WozError with one sentence that names the place. What the scheme says is not checked."""
    node = node_of(text, "scheme", "scheme: and name:")
    try:
        form = msgspec.convert(filled(tree_of(node)), SchemeForm, strict=False)
    except msgspec.ValidationError as error:
        raise WozError(sentence_of(str(error), node, WORDS)) from None
    first = form.languages[0] if form.languages else "en"
    return Scheme(
        SchemeId(form.scheme),
        form.name,
        form.version,
        tuple(_tier_type(each, first) for each in form.tier_types),
        tuple(_link(each, first) for each in form.links),
        tuple(Rule(each.key, each.when, _names(each.message, first), each.level) for each in form.rules),
        tuple(Move(m.kind, m.tier_type, m.source, m.targets, m.attribute, m.value_of) for m in form.moves),
        form.languages,
    )


def _link(form: LinkForm, first: str) -> LinkType:
    names = _names(form.name, first)
    return LinkType(form.key, form.source, form.target, names, form.low, form.high, form.required)


def _names(names: str | dict[str, str], first: str) -> Names:
    if isinstance(names, str):
        return {first: names} if names else {}
    return names


def _tier_type(form: TierTypeForm, first: str) -> TierType:
    parent = Parent(form.parent.tier_type, form.parent.relation, form.parent.level) if form.parent else None
    return TierType(
        form.key,
        _names(form.name, first),
        form.shape,
        form.cover,
        form.overlap,
        parent,
        form.subject,
        form.open,
        tuple(label for each in form.labels for label in _labels(each, first, None)),
        tuple(_attribute(each, first) for each in form.attributes),
        form.labels_from,
    )


def _labels(form: LabelForm, first: str, parent: LabelId | None) -> Iterator[Label]:
    """A label and those below it, in the order of the file."""
    own = LabelId(form.id)
    yield Label(
        own,
        form.key or form.id,
        _names(form.name, first),
        form.colour,
        form.shortcut,
        LabelId(form.parent) if form.parent else parent,
        form.start_rule,
        form.end_rule,
        form.examples,
        form.retired,
        tuple(_attribute(each, first) for each in form.attributes),
    )
    for each in form.labels:
        yield from _labels(each, first, own)


def _attribute(form: AttributeForm, first: str) -> AttributeType:
    return AttributeType(
        form.key,
        form.kind,
        _names(form.name, first),
        tuple(_choice(each, first) for each in form.values),
        form.of,
        form.low,
        form.high,
        form.unit,
        _default(form),
        form.required,
        form.carry_over,
    )


def _choice(form: str | ChoiceForm, first: str) -> Choice:
    return Choice(form) if isinstance(form, str) else Choice(form.key, _names(form.name, first))


def _default(form: AttributeForm) -> bool | int | float | str | None:
    """A word is read as the kind wants it; what can't be is left a word, which the check finds."""
    wanted: Any = {ValueKind.BOOL: bool, ValueKind.NUMBER: int | float}.get(form.kind)
    if not isinstance(form.default, str) or wanted is None:
        return form.default
    try:
        return msgspec.convert(form.default, wanted, strict=False)  # type: ignore[no-any-return]
    except msgspec.ValidationError:
        return form.default
