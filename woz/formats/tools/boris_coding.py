"""Sessions as an ethogram of BORIS and the bouts of its behaviours; and what finds no place in them, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from woz.formats.bundle import SessionBundle
from woz.formats.losses import uncarried
from woz.formats.spans import END_BEFORE
from woz.formats.tools.boris_ethogram import (
    BEHAVIOURS,
    FORBIDDEN,
    NOT_CHOSEN,
    NUMBER,
    SEVERAL,
    SINGLE,
    Behaviour,
    ModifierSet,
    text_of,
)
from woz.formats.tools.boris_events import Bout, Event, Key
from woz.formats.tools.boris_parts import (
    ASIDE,
    COMMENT_STOP,
    FRAME,
    FRAME_STOP,
    OBSERVATION,
    UNPAIRED,
    tier_name,
)
from woz.model.annotation import Annotation, Attribute
from woz.model.item import ItemRef
from woz.model.scheme import Label, Overlap, Shape, ValueKind
from woz.model.tier import Tier

LabelKey = tuple[str, str, bool]
"""A tier type, a label's id, and whether it is a state."""
_SEVERAL = (ValueKind.SEVERAL, ValueKind.SEVERAL_WITH_TEXT)


@dataclass(frozen=True, slots=True)
class Coded:
    """One observation: of a session, all its tiers but for those that BORIS couldn't tell from them."""

    id: str
    bundle: SessionBundle
    whole: Annotation | None
    bouts: tuple[Bout, ...]


class Coding:
    """Behaviours and observations for sessions. `lost` counts what was left out."""

    def __init__(self, bundles: Sequence[SessionBundle]) -> None:
        self.lost = Counter[str]()
        self._codes: dict[LabelKey, Behaviour] = {}
        self._taken: set[str] = set()
        self._sets = _modifier_sets(bundles)
        self._used = {
            (tier.tier_type, each.label, _is_state(each))
            for bundle in bundles
            for tier in bundle.tiers
            for each in bundle.in_tier(tier)
            if each.start_ns is not None
        }
        for bundle in bundles:
            for tier in bundle.tiers:
                self._declare(bundle, tier)
        self.observations = tuple(each for bundle in bundles for each in self._observations(bundle))
        self.behaviours = tuple(self._excluding(each) for each in self._codes.values())

    def _declare(self, bundle: SessionBundle, tier: Tier) -> None:
        if tier.tier_type == OBSERVATION:
            return
        kind = bundle.tier_type(tier)
        for each in kind.offered:
            used = [state for state in (True, False) if (tier.tier_type, each.id, state) in self._used]
            for state in used or [kind.shape != Shape.POINT]:
                self._behaviour(tier, each, state, kind.overlap)
        for annotation in bundle.in_tier(tier):
            if annotation.start_ns is not None:
                label = kind.label(annotation.label)
                self._behaviour(tier, label, _is_state(annotation), kind.overlap)

    def _behaviour(self, tier: Tier, label: Label, state: bool, overlap: Overlap) -> Behaviour:
        key = tier.tier_type, str(label.id), state
        if key not in self._codes:
            code = self._code(label.name() or str(label.id) or "unnamed", tier.tier_type, state)
            excluded = ("*",) if overlap == Overlap.NONE and state else ()
            category = "" if tier.tier_type == BEHAVIOURS else tier.tier_type
            sets = tuple(self._sets.get((tier.tier_type, str(label.id)), {}).values())
            self._codes[key] = Behaviour(
                code, state, category, label.shortcut, label.colour, label.start_rule, sets, excluded
            )
        return self._codes[key]

    def _code(self, name: str, tier_type: str, state: bool) -> str:
        plain = " ".join(name.replace("|", "/").split()) or "unnamed"
        tries = (plain, f"{plain} ({tier_type})", f"{plain} ({tier_type}, {'state' if state else 'point'})")
        numbered = (f"{plain} {n}" for n in range(2, len(self._taken) + 3))
        code = next(each for each in (*tries, *numbered) if each not in self._taken)
        self._taken.add(code)
        return code

    def _excluding(self, behaviour: Behaviour) -> Behaviour:
        """States of a tier type that allows no overlap exclude one another."""
        if not behaviour.excluded:
            return behaviour
        others = (each for each in self._codes.values() if each.category == behaviour.category and each.excluded)
        return replace(behaviour, excluded=tuple(each.code for each in others if each.code != behaviour.code))

    def _observations(self, bundle: SessionBundle) -> Iterator[Coded]:
        """A second tier of the same type and subject, another annotator's say, is in an observation of its own."""
        groups: list[dict[tuple[str, str], Tier]] = []
        for tier in bundle.tiers:
            key = tier.tier_type, tier.subject
            group = next((each for each in groups if key not in each), None)
            if group is None:
                groups.append(group := {})
            group[key] = tier
            self.lost["names of tiers"] += tier.name != tier_name(tier.tier_type, tier.subject)
            self.lost["tiers without annotations"] += not bundle.in_tier(tier)
        for n, group in enumerate(groups or [{}], 1):
            name = bundle.session.id if n == 1 else f"{bundle.session.id} {n}"
            yield Coded(name, bundle, self._whole(bundle, group), self._bouts(bundle, group))

    def _whole(self, bundle: SessionBundle, tiers: dict[tuple[str, str], Tier]) -> Annotation | None:
        tier = tiers.get((OBSERVATION, ""))
        found = bundle.in_tier(tier) if tier else ()
        for each in found[1:]:
            self._timeless(each)
        for at in found[0].attributes if found else ():
            self.lost["values that no independent variable can be"] += not may_be_variable(at)
        return found[0] if found else None

    def _timeless(self, _: Annotation) -> None:
        self.lost["annotations without a time"] += 1

    def _bouts(self, bundle: SessionBundle, tiers: dict[tuple[str, str], Tier]) -> tuple[Bout, ...]:
        found: list[Bout] = []
        until: dict[Key, int] = {}
        for tier in tiers.values():
            for each in bundle.in_tier(tier) if tier.tier_type != OBSERVATION else ():
                if each.start_ns is None:
                    self._timeless(each)
                elif bout := self._bout(bundle, tier, each, until):
                    found.append(bout)
        return tuple(found)

    def _bout(self, bundle: SessionBundle, tier: Tier, each: Annotation, until: dict[Key, int]) -> Bout | None:
        kind = bundle.tier_type(tier)
        behaviour = self._behaviour(tier, kind.label(each.label), _is_state(each), kind.overlap)
        held = tuple(at for at in each.attributes if at.key not in ASIDE and self._held(at, behaviour))
        assert each.start_ns is not None
        frame, comment = each.value(FRAME), each.value(COMMENT_STOP)
        start = Event(
            each.start_ns, tier.subject, behaviour.code, behaviour.modifiers(held), each.note, _whole(frame)
        )
        unpaired = each.value(UNPAIRED) is True and each.end_ns is None
        if each.end_ns is None and not unpaired:
            return Bout(start)
        if each.start_ns < until.get(start.key, each.start_ns):
            self.lost["intervals that overlap another one of the same behaviour"] += 1
            return None
        if unpaired or each.end_ns is None:
            until[start.key] = 2**63
            return Bout(start, unpaired=True)
        until[start.key] = each.end_ns
        stop = replace(start, t_ns=each.end_ns, comment=str(comment or ""), frame=_whole(each.value(FRAME_STOP)))
        return Bout(start, stop)

    def _held(self, attribute: Attribute, behaviour: Behaviour) -> bool:
        if attribute.key == END_BEFORE:
            self.lost["ends before their starts"] += 1
            return False
        if attribute.note or attribute.place:
            self.lost["texts and places of values"] += 1
        held = _holds(attribute) and any(each.name == attribute.key for each in behaviour.sets)
        self.lost["values that no modifier can be"] += not held
        return held


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_state(annotation: Annotation) -> bool:
    return annotation.end_ns is not None or annotation.value(UNPAIRED) is True


def _holds(attribute: Attribute) -> bool:
    if attribute.value is None or isinstance(attribute.value, ItemRef):
        return False
    text = text_of(attribute)
    return bool(text) and text != NOT_CHOSEN and not FORBIDDEN & {*text, *attribute.key}


def _modifier_sets(bundles: Sequence[SessionBundle]) -> dict[tuple[str, str], dict[str, ModifierSet]]:
    """Of each tier type's label, by attribute: those that are declared with choices or that annotations have."""
    seen: dict[tuple[str, str], dict[str, list[Attribute]]] = {}
    several: set[tuple[str, str, str]] = set()
    declared: dict[tuple[str, str], dict[str, tuple[int, tuple[str, ...]]]] = {}
    for bundle in bundles:
        for tier in bundle.tiers:
            kind = bundle.tier_type(tier)
            for label in kind.offered:
                for at in (*kind.attributes, *label.attributes):
                    if at.values and at.key not in ASIDE:
                        type_ = SEVERAL if at.kind in _SEVERAL else SINGLE
                        choices = tuple(choice.key for choice in at.values)
                        declared.setdefault((tier.tier_type, str(label.id)), {})[at.key] = type_, choices
            for each in bundle.in_tier(tier):
                _note(seen, several, tier, each)
    keys = dict.fromkeys((*declared, *seen))
    return {key: _sets(key, declared.get(key, {}), seen.get(key, {}), several) for key in keys}


def _note(
    seen: dict[tuple[str, str], dict[str, list[Attribute]]],
    several: set[tuple[str, str, str]],
    tier: Tier,
    each: Annotation,
) -> None:
    if each.start_ns is None:
        return
    key = tier.tier_type, each.label
    count = Counter(at.key for at in each.attributes)
    several.update((*key, name) for name, n in count.items() if n > 1)
    for at in each.attributes:
        if at.key not in ASIDE and at.key != END_BEFORE and _holds(at):
            seen.setdefault(key, {}).setdefault(at.key, []).append(at)


def _sets(
    key: tuple[str, str],
    declared: dict[str, tuple[int, tuple[str, ...]]],
    seen: dict[str, list[Attribute]],
    several: set[tuple[str, str, str]],
) -> dict[str, ModifierSet]:
    found = {}
    for name in dict.fromkeys((*declared, *seen)):
        type_, choices = declared.get(name, (SINGLE, ()))
        used = seen.get(name, [])
        values = tuple(dict.fromkeys((*choices, *map(text_of, used))))
        if (*key, name) in several:
            type_ = SEVERAL
        elif used and not choices and all(_is_number(at) for at in used):
            type_, values = NUMBER, ()
        elif used and not choices and all(isinstance(at.value, bool) for at in used):
            values = ("true", "false")
        found[name] = ModifierSet(name, type_, values)
    return found


def _is_number(attribute: Attribute) -> bool:
    return isinstance(attribute.value, int | float) and not isinstance(attribute.value, bool)


def may_be_variable(attribute: Attribute) -> bool:
    """Whether an independent variable can hold it: one value, on its own."""
    value = attribute.value
    return not (value is None or value == "" or isinstance(value, ItemRef) or attribute.note or attribute.place)


def losses_of(bundles: Sequence[SessionBundle]) -> Counter[str]:
    counted = (
        *("notes", "points", "values of attributes", "texts and places of values", "annotations without a time"),
        *("ends before their starts", "values that point at other items"),
    )
    coding = Coding(bundles)
    return uncarried(bundles, counted) + coding.lost
