"""Who annotated leaves by a pseudonym: an account's name is a person's name, and no export's business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from woz.dataset.bundle import SessionBundle

PROGRAM = "woz"
"""The maker of what the program made by itself; it stays as it is."""


def under_pseudonyms(bundles: Sequence[SessionBundle]) -> tuple[SessionBundle, ...]:
    """The same with `annotator-1`, `annotator-2`, ... for those who annotated, in the order of first appearance.

    One person has one pseudonym in all bundles that are exported together.
    """
    people = (tier.annotator for bundle in bundles for tier in bundle.tiers if tier.annotator != PROGRAM)
    known = {name: f"annotator-{n}" for n, name in enumerate(dict.fromkeys(people), 1)} | {PROGRAM: PROGRAM}
    return tuple(
        replace(bundle, tiers=tuple(replace(tier, annotator=known[tier.annotator]) for tier in bundle.tiers))
        for bundle in bundles
    )


def released_media(bundle: SessionBundle, folder: Path) -> SessionBundle:
    """The same with the media where they stand in the project, as though the project were the folder.

    The way from an export's folder to a project names this computer's folders, and so often an account.
    """
    return replace(bundle, media=folder.joinpath("sessions", bundle.session.id, bundle.media.name))
