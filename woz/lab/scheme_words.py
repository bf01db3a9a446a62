"""Schemes, and what taking one in would do, in words and for programs."""

from __future__ import annotations

from typing import Any

from woz.base.counts import counted
from woz.lab.schemes import Moved, Planned
from woz.model.scheme import AttributeType, Label, Scheme, TierType


def planned_words(plan: Planned) -> list[str]:
    """What would happen, a line each."""
    scheme = plan.scheme
    if not plan.new:
        return [f"{scheme.name} says the same as version {scheme.version} that is there; nothing changes."]
    lines = [f"{scheme.name} becomes version {scheme.version}."]
    if plan.moving:
        lines.append(f"{counted(plan.moving, 'tier')} can move on to it.")
    lines += [each.sentence for each in plan.effects]
    if plan.closed:
        stay = "is closed, and stays" if len(plan.closed) == 1 else "are closed, and stay"
        lines.append(f"{counted(len(plan.closed), 'tier')} {stay} in an older version.")
    return lines


def planned_facts(plan: Planned) -> dict[str, Any]:
    effects = [
        {
            "kind": str(each.move.kind),
            "tier_type": each.move.tier_type,
            "source": each.move.source,
            "targets": list(each.move.targets),
            "attribute": each.move.attribute,
            "annotations": each.count,
            "sentence": each.sentence,
            "tiers": [
                {"session": one.session_id, "tier": one.tier.id, "name": one.tier.name, "annotations": one.count}
                for one in each.affected
            ],
        }
        for each in plan.effects
    ]
    closed = [{"session": tier.session_id, "tier": tier.id, "state": str(tier.state)} for tier in plan.closed]
    return {
        "scheme": plan.scheme.id,
        "version": plan.scheme.version,
        "new": plan.new,
        "effects": effects,
        "closed": closed,
    }


def scheme_facts(scheme: Scheme) -> dict[str, Any]:
    types = [
        {"key": each.key, "name": each.name(), "shape": str(each.shape), "labels": len(each.offered)}
        for each in scheme.tier_types
    ]
    return {"id": scheme.id, "name": scheme.name, "version": scheme.version, "tier_types": types}


def moved_words(moved: Moved) -> str:
    if moved.edit_id is None:
        return f"{moved.session_id} stays in its version: {moved.why_not}"
    return f"{moved.session_id} moved on by edit {moved.edit_id}, which woz history --take-back undoes."


def scheme_line(scheme: Scheme) -> str:
    types = ", ".join(_type_line(each) for each in scheme.tier_types)
    return f"{scheme.id}  {scheme.name}, version {scheme.version}: {types}"


def scheme_words(scheme: Scheme) -> list[str]:
    """All that an annotator has to know, a line each."""
    lines = [f"{scheme.name} ({scheme.id}), version {scheme.version}"]
    for each in scheme.tier_types:
        lines += ["", f"{_type_line(each)}, {each.shape}, cover {each.cover}, overlap {each.overlap}"]
        lines += [_label_line(label, each) for label in each.offered]
        lines += [_attribute_words(one) for one in each.attributes]
    links = [f"link {one.key}: {' or '.join(one.source)} to {' or '.join(one.target)}" for one in scheme.links]
    rules = [f"rule {one.key} ({one.level}): {one.when}" for one in scheme.rules]
    return [*lines, *(["", *links, *rules] if links or rules else [])]


def _type_line(tier_type: TierType) -> str:
    own = [counted(len(tier_type.offered), "label")] if tier_type.offered else []
    steps = ["the procedure’s steps"] if tier_type.labels_from else []
    return f"{tier_type.name()} ({' and '.join([*own, *steps]) or 'no labels yet'})"


def _attribute_words(attribute: AttributeType) -> str:
    default = "" if attribute.default is None else f", {_value_words(attribute.default)} at first"
    carried = ", carried over" if attribute.carry_over else ""
    return f"  attribute {attribute.key}: {attribute.kind}, required {attribute.required}{carried}{default}"


def _value_words(value: bool | float | str) -> str:
    """As the scheme's file has it, a text in quotes."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _label_line(label: Label, tier_type: TierType) -> str:
    depth, at = 1, label.parent
    while at is not None and depth < 20:
        depth, at = depth + 1, tier_type.label(at).parent
    key = f"  [{label.shortcut}]" if label.shortcut else ""
    return f"{'  ' * depth}{label.name()} ({label.id}){key}"
