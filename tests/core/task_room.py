"""Releases of tasks from published annotations, for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.core.format_room import bundles_of, parts_of
from tests.core.release_room import build
from woz.dataset.release.recipe import Recipe
from woz.dataset.tasks.task import Settings
from woz.formats.bundle import SessionBundle
from woz.model.ids import SessionId
from woz.model.own_schemes import with_steps
from woz.model.session import DataSetSource
from woz.model.tier import TierState


def published(name: str, paths: Sequence[Path], **choices: Any) -> list[SessionBundle]:
    """The sessions of files of a format, as of a published data set, numbered."""
    found = [bundle for path in paths for bundle in bundles_of(parts_of(name, path, **choices))]
    return [_renamed(bundle, f"s{n:03d}") for n, bundle in enumerate(found)]


def _renamed(bundle: SessionBundle, name: str) -> SessionBundle:
    source = DataSetSource("published", "open")
    session = replace(bundle.session, id=SessionId(name), provenance=source)
    if bundle.procedure is None:
        return replace(bundle, session=session)
    session = replace(session, procedure_id=bundle.procedure.id)
    schemes = {key: with_steps(scheme, bundle.procedure) for key, scheme in bundle.schemes.items()}
    return replace(bundle, session=session, schemes=schemes)


def release(out: Path, bundles: Sequence[SessionBundle], *names: str, **changes: Any) -> Path:
    """A release of tasks without clips, of tiers as they were imported."""
    settings = Settings(**changes.pop("settings", {}))
    recipe = Recipe(
        "tasks", clips=False, tier_states=tuple(TierState), tasks=names, task_settings=settings, **changes
    )
    build(out, recipe, bundles)
    return out


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def all_rows(folder: Path) -> list[dict[str, Any]]:
    """Of every split."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in rows(path)]
