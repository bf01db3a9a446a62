"""A scheme as the text of its file: the same scheme, the same text."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from woz.base.yaml_text import text_of
from woz.model.scheme import AttributeType, Choice, Label, LinkType, Names, Scheme, TierType
from woz.schemes.form import (
    AttributeForm,
    ChoiceForm,
    LabelForm,
    LinkForm,
    MoveForm,
    Named,
    ParentForm,
    RuleForm,
    SchemeForm,
    TierTypeForm,
)

T = TypeVar("T")


def scheme_to_text(scheme: Scheme) -> str:
    """Read again, it gives an equal scheme."""
    first = scheme.languages[0] if scheme.languages else "en"
    form = SchemeForm(
        scheme.id,
        scheme.name,
        scheme.version,
        scheme.languages,
        tuple(_tier_type(each, first) for each in scheme.tier_types),
        tuple(_link(each, first) for each in scheme.links),
        tuple(RuleForm(each.key, each.when, _named(each.message, first), each.level) for each in scheme.rules),
        tuple(MoveForm(m.kind, m.tier_type, m.source, m.targets, m.attribute, m.value_of) for m in scheme.moves),
    )
    data = {"scheme": scheme.id, "name": scheme.name, "version": scheme.version, **msgspec.to_builtins(form)}
    return text_of(data)


def _named(names: Names, first: str) -> Named:
    if set(names) == {first} and names[first]:
        return names[first]
    return dict(names) or ""


def _link(each: LinkType, first: str) -> LinkForm:
    names = _named(each.names, first)
    return LinkForm(each.key, each.source, each.target, names, each.low, each.high, each.required)


def _tier_type(each: TierType, first: str) -> TierTypeForm:
    parent = ParentForm(each.parent.tier_type, each.parent.relation, each.parent.level) if each.parent else None
    return TierTypeForm(
        each.key,
        _named(each.names, first),
        each.shape,
        each.cover,
        each.overlap,
        parent,
        each.subject,
        each.open,
        each.labels_from,
        _tree(each.labels, first),
        tuple(_attribute(attribute, first) for attribute in each.attributes),
    )


def _tree(labels: tuple[Label, ...], first: str) -> tuple[LabelForm, ...]:
    """Each below its parent where the labels' order allows it, else beside the others with its parent named."""
    roots: list[dict[str, Any]] = []
    way: list[tuple[str, dict[str, Any]]] = []
    for label in labels:
        while way and label.parent != way[-1][0]:
            way.pop()
        fields = {"label": label, "below": [], "named": bool(label.parent and not way)}
        (way[-1][1]["below"] if way else roots).append(fields)
        way.append((label.id, fields))
    return tuple(_label(each, first) for each in roots)


def _label(fields: dict[str, Any], first: str) -> LabelForm:
    label: Label = fields["label"]
    return LabelForm(
        label.id,
        "" if label.key == label.id else label.key,
        _named(label.names, first),
        label.colour,
        label.shortcut,
        str(label.parent) if fields["named"] else "",
        label.start_rule,
        label.end_rule,
        label.examples,
        label.retired,
        tuple(_attribute(each, first) for each in label.attributes),
        tuple(_label(each, first) for each in fields["below"]),
    )


def _attribute(each: AttributeType, first: str) -> AttributeForm:
    return AttributeForm(
        each.key,
        each.kind,
        _named(each.names, first),
        tuple(_choice(choice, first) for choice in each.values),
        each.of,
        _number(each.low),
        _number(each.high),
        each.unit,
        _number(each.default),
        each.required,
        each.carry_over,
    )


def _number(value: T) -> T | int:
    """A whole number is written without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _choice(choice: Choice, first: str) -> str | ChoiceForm:
    return ChoiceForm(choice.key, _named(choice.names, first)) if choice.names else choice.key
