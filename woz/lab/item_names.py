"""What people call labels, tiers and annotators where only an id is known, as in a history."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.logged import LoggedEdit
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.kinds import Item
from woz.model.scheme import Scheme
from woz.model.tier import Tier


@dataclass(frozen=True, slots=True)
class ItemNames:
    """By id: `anywhere` for all items, and of each tier what its own scheme calls its labels."""

    anywhere: Mapping[str, str]
    in_tier: Mapping[str, Mapping[str, str]]

    def of(self, item: Item | None) -> Mapping[str, str]:
        """What is said of this item; the same label may be called otherwise in another tier."""
        own = self.in_tier.get(item.tier_id) if isinstance(item, Annotation) else None
        return ChainMap(dict(own), dict(self.anywhere)) if own else self.anywhere


def item_names(
    schemes: Sequence[Scheme], tiers: Iterable[Tier], people: Mapping[str, str] | None = None
) -> ItemNames:
    """Labels have the name that the newest version of their scheme gives them."""
    called = _by_type(schemes)
    known = list(tiers)
    named = {str(tier.id): tier.name for tier in known}
    own = {str(tier.id): called.get((tier.scheme_id, tier.tier_type), {}) for tier in known}
    return ItemNames({**label_names(schemes), **named, **(people or {})}, own)


def label_names(schemes: Sequence[Scheme]) -> dict[str, str]:
    """What people call labels in the newest version, by their id; not those of which an id stands for several."""
    names: dict[str, set[str]] = {}
    for labels in _by_type(schemes).values():
        for label, name in labels.items():
            names.setdefault(label, set()).add(name)
    return {label: each.pop() for label, each in names.items() if len(each) == 1}


def pseudonyms(project: Project) -> dict[str, str]:
    """Of all annotators, by their id."""
    return {person.id: person.pseudonym for person in project.annotators.all()}


def names_in(project: Project, edits: Iterable[LoggedEdit]) -> ItemNames:
    """For what some edits changed, also in tiers that are there no longer."""
    changes = [each for edit in edits for each in edit.changes]
    return names_of(project, [side for each in changes for side in (each.before, each.after)])


def names_of(project: Project, items: Sequence[Item | None]) -> ItemNames:
    """For some items, and in the tiers among them."""
    gone = {item.id: item for item in items if isinstance(item, Tier)}
    wanted = {ItemRef("tier", item.tier_id) for item in items if isinstance(item, Annotation)}
    there = {item.id: item for item, _ in project.annotations.stored(wanted).values() if isinstance(item, Tier)}
    return item_names(project.schemes.all(), {**gone, **there}.values(), pseudonyms(project))


def _by_type(schemes: Sequence[Scheme]) -> dict[tuple[str, str], dict[str, str]]:
    """The names of labels by scheme and type of tier."""
    called: dict[tuple[str, str], dict[str, str]] = {}
    for scheme in sorted(schemes, key=lambda each: each.version):
        for tier_type in scheme.tier_types:
            names = {str(label.id): label.name() for label in tier_type.labels}
            called.setdefault((scheme.id, tier_type.key), {}).update(names)
    return called
