"""What a release carries of a session beside question sets: the transcript, and tiers in the states it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.making import FILE
from woz.formats.format import Writing
from woz.formats.registry import writer
from woz.model.tier import Tier

TRANSCRIPTS, TIERS = "webvtt", ("steps-csv", "states-csv")
"""Formats, by their names."""


def session_files(bundle: SessionBundle, recipe: Recipe) -> Iterator[tuple[str, Iterable[str]]]:
    """Names in the release with their text."""
    if bundle.turns:
        yield from _written(bundle, TRANSCRIPTS, "transcripts")
    going = taken_tiers(bundle, recipe)
    if going.tiers:
        for name in TIERS:
            yield from _written(going, name, "annotations")


def taken_tiers(bundle: SessionBundle, recipe: Recipe) -> SessionBundle:
    """The same with the tiers that are in one of the recipe's states, and what lies in them."""
    return _with(bundle, [tier for tier in bundle.tiers if tier.state in recipe.tier_states])


def for_tasks(bundle: SessionBundle, recipe: Recipe) -> SessionBundle:
    """The same as tasks take it: with what imported files say of themselves, of tiers that were rejected, say."""
    going = (tier for tier in bundle.tiers if tier.state in recipe.tier_states or tier.tier_type == FILE)
    return _with(bundle, going)


def _with(bundle: SessionBundle, going: Iterable[Tier]) -> SessionBundle:
    tiers = tuple(going)
    ids = {tier.id for tier in tiers}
    return replace(bundle, tiers=tiers, annotations=tuple(a for a in bundle.annotations if a.tier_id in ids))


def _written(bundle: SessionBundle, name: str, folder: str) -> Iterator[tuple[str, Iterable[str]]]:
    write = writer(name).write
    assert write
    for file in write([bundle], Writing(Path(folder))):
        yield f"{folder}/{file.name}", file.text
