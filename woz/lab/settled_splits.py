"""What the releases of a project say of the next one: the splits that it keeps, and what it follows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from woz.base.errors import WozError
from woz.dataset.release.changes import Earlier
from woz.dataset.release.checking import demand_as_frozen, frozen
from woz.dataset.release.recipe import Recipe
from woz.dataset.splits.groups import GroupBy
from woz.dataset.splits.settled import Settled
from woz.lab.library import Released
from woz.lab.ports import Project


@dataclass(frozen=True, slots=True)
class Before:
    """What was released before, the oldest first, and of it the last version of the same name, in its places."""

    releases: tuple[Released, ...] = ()
    last: tuple[Released, ...] = ()

    @property
    def split_by(self) -> GroupBy | None:
        """What the last version was split by; None where there is none, or it isn't known."""
        found = [by for each in self.last if (by := _splits_of(each)[0])]
        return found[-1] if found else None


def released_before(project: Project, name: str, version: str) -> Before:
    """Of a release that is built again what was there when it was built first, so that it is the same again."""
    known = project.releases.all()
    again = [each.made_utc_ns for each in known if (each.name, each.version) == (name, version)]
    others = [each for each in known if (each.name, each.version) != (name, version)]
    there = tuple(each for each in others if not again or each.made_utc_ns < min(again))
    newest = next((each.version for each in reversed(there) if each.name == name), None)
    return Before(there, tuple(each for each in there if (each.name, each.version) == (name, newest)))


def keeping_splits(recipe: Recipe, before: Before) -> tuple[Recipe, list[str]]:
    """The same with the splits that earlier releases settled, and with the last version as the one that it follows
    where it names none; and what of these can't be had, a sentence each.

    Raises WozError where the last version was split by something else.
    """
    settled, told = _settled(before, recipe)
    told, earlier = [] if recipe.new_splits else told, recipe.earlier or _whole(before.last)
    if earlier is None and before.last:
        lay = before.last[-1]
        told.append(
            f"{lay.called} isn't whole at {lay.path} any more, so what changed since can't be told; --splits-of"
            " names another copy of it."
        )
    return replace(recipe, settled=settled, earlier=earlier), told


def settled_by(project: Project, by: GroupBy) -> Settled:
    """The splits that the project's releases settled of those who are together by this."""
    settled = Settled()
    for each in project.releases.all():
        split_by, groups = _splits_of(each)
        settled = settled.then(each.called, groups) if split_by == by else settled
    return settled


def _settled(before: Before, recipe: Recipe) -> tuple[Settled, list[str]]:
    """Of a group that stood in several the newest release counts, and those of the same name before others."""
    settled, told = Settled(), dict[str, None]()
    ordered = sorted(before.releases, key=lambda each: each.name == recipe.name)
    found = [(each, *_splits_of(each)) for each in ordered]
    known = {each.called for each, by, _ in found if by}
    for each, by, groups in found:
        if by == recipe.split_by:
            settled = settled.then(each.called, groups)
        elif each.called not in known:
            told[f"The splits of {each.called} aren't known any more: {each.path} is no release."] = None
        elif by and (each.name != recipe.name or each in before.last):
            told[f"{each.called} was split by {by}; its splits can't be kept by {recipe.split_by}."] = None
    return settled, list(told)


def _splits_of(released: Released) -> tuple[GroupBy | None, dict[str, str]]:
    """What it was split by, and the split of each group, from its manifest where an older woz built it."""
    if released.split_by:
        return GroupBy(released.split_by), dict(released.groups)
    with contextlib.suppress(WozError):
        manifest = frozen(Path(released.path))
        if released.called == f"{manifest.name} {manifest.version}":
            return manifest.asked.split_by, manifest.groups
    return None, {}


def _whole(places: Sequence[Released]) -> Earlier | None:
    """One of these whose data are as they were frozen."""
    return next(_frozen_at(places), None)


def _frozen_at(places: Sequence[Released]) -> Iterator[Earlier]:
    for each in reversed(places):
        with contextlib.suppress(WozError):
            earlier = Earlier.at(Path(each.path))
            names = [f"data/{split}.jsonl" for split in earlier.manifest.counts]
            demand_as_frozen(earlier.folder, earlier.manifest, names)
            if earlier.called == each.called:
                yield earlier
