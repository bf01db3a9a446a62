"""The tasks that a release can hold, by name."""

from __future__ import annotations

from collections.abc import Mapping

from woz.base.errors import WozError
from woz.dataset.tasks import (
    clip_text,
    dialogue,
    instructions,
    key_steps,
    mistakes,
    segmentation,
    skill,
    synthetic_dialogues,
    understanding,
)
from woz.dataset.tasks.task import Task

_MODULES = (
    segmentation,
    key_steps,
    understanding,
    mistakes,
    clip_text,
    dialogue,
    synthetic_dialogues,
    instructions,
    skill,
)


def tasks() -> Mapping[str, Task]:
    return {each.name: each for module in _MODULES for each in module.TASKS}


def task(name: str) -> Task:
    """Raises WozError for a name that is none's."""
    known = tasks()
    if name not in known:
        raise WozError(f"There is no task “{name}”; there are {', '.join(known)}.")
    return known[name]
