"""The tasks of a release: which sessions each takes, its files, and what manifest and card say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from woz.base.errors import WozError
from woz.dataset.release.building_folder import BuildingFolder
from woz.dataset.release.recipe import Recipe
from woz.dataset.tasks.registry import task
from woz.dataset.tasks.task import Given, Making, Task
from woz.formats.bundle import SessionBundle
from woz.formats.format import OutFile

FOLDER = "tasks"


class TaskParts:
    """Bundles are given with no tiers but those that the recipe takes."""

    def __init__(self, recipe: Recipe) -> None:
        """Raises WozError for a task that there isn't."""
        self._recipe = recipe
        self._tasks = [task(name) for name in dict.fromkeys(recipe.tasks)]
        self._making: dict[str, Making] = {each.name: each.making(recipe.task_settings) for each in self._tasks}
        self._lines: dict[str, list[str]] = {each.name: [] for each in self._tasks}
        self._sessions: dict[str, list[str]] = {each.name: [] for each in self._tasks}

    def fitting(self, bundle: SessionBundle) -> list[str]:
        """The tasks that a session has something for."""
        return [each.name for each in self._tasks if each.fits(bundle, self._recipe.task_settings)]

    def demand_sessions(self, found: set[str]) -> None:
        """Raises WozError where no session has what a task needs."""
        for each in self._tasks:
            if each.name not in found:
                raise WozError(self._lacking(each))

    def add(self, given: Given, folder: BuildingFolder) -> bool:
        """Whether a task takes the session."""
        fitting = self.fitting(given.bundle)
        for name in fitting:
            self._sessions[name].append(given.bundle.session.id)
            self._write(folder, name, self._making[name].add(given))
        return bool(fitting)

    def finish(self, folder: BuildingFolder) -> dict[str, dict[str, Any]]:
        """What each holds, by name; `lines` are its files of JSON Lines, one a split."""
        found = {}
        for each in self._tasks:
            making = self._making[each.name]
            self._write(folder, each.name, making.finish())
            found[each.name] = {
                "title": each.title,
                "source": each.source,
                "synthetic": each.synthetic,
                "written_by": sorted(making.written_by),
                "sessions": len(self._sessions[each.name]),
                "lines": self._lines[each.name],
                "items": dict(sorted(making.items.items())),
                "figures": making.figures,
                "notes": making.told(),
            }
        return found

    def _lacking(self, lacking: Task) -> str:
        states = ", ".join(self._recipe.tier_states)
        return (
            f"No session that may be released has what the task {lacking.name} needs, {lacking.needs}, in a tier"
            f" that is {states}; annotate some, or take others with --tier-state or --task-tier."
        )

    def _write(self, folder: BuildingFolder, name: str, files: Iterator[OutFile]) -> None:
        for file in files:
            folder.text(f"{FOLDER}/{name}/{file.name}", file.text)
            if file.name.endswith(".jsonl") and "/" not in file.name:
                self._lines[name].append(file.name)
