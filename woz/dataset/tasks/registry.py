"""The tasks that a release can hold, by name."""

from __future__ import annotations

from collections.abc import Mapping

from woz.base.errors import WozError
from woz.dataset.tasks import segmentation
from woz.dataset.tasks.task import Task


def tasks() -> Mapping[str, Task]:
    return {task.name: task for task in segmentation.TASKS}


def task(name: str) -> Task:
    """Raises WozError for a name that is none's."""
    known = tasks()
    if name not in known:
        raise WozError(f"There is no task “{name}”; there are {', '.join(known)}.")
    return known[name]
