"""Windows over a release's sessions: of the steps and states beside its questions, or of its tasks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.base.outside import Count, Unsound, read_file
from woz.dataset.evaluation.footage import Footage
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.windows import Labelled, Windows
from woz.dataset.release.checking import demand_as_frozen

_STEPS = "Which step is the trainee doing at the end of this?"
KINDS = {"steps": _STEPS, "states": "What is going on between trainee and expert at the end of this?"}
"""What is asked of the tiers beside a release's questions."""
TASKS = KINDS | {"keysteps-online": _STEPS}
"""What is asked of its tasks."""


@dataclass(frozen=True, slots=True)
class _Segment:
    segment: tuple[float, float]
    label: str


@dataclass(frozen=True, slots=True)
class _Video:
    duration: float
    annotations: list[_Segment]


@dataclass(frozen=True, slots=True)
class _Database:
    database: dict[str, _Video]


@dataclass(frozen=True, slots=True)
class _Frames:
    """As `tasks/NAME/frames.json` has them."""

    rate: float
    frames: dict[str, Count]


def windows_beside(items: Items, kind: str, length_s: float) -> Windows:
    """Of the sessions of the split that have question sets and such annotations in the release.

    Raises WozError where there is none, or a file was changed.
    """
    release, lines = items.release, items.lines.values()
    made = Windows(kind, KINDS[kind], length_s, Footage(release, lines))
    for session in sorted({line.session for line in lines}):
        name = f"annotations/{session}.{kind}.csv"
        if name in release.manifest.files:
            demand_as_frozen(release.folder, release.manifest, [name])
            if known := _labelled((release.folder / name).read_text(encoding="utf-8-sig")):
                made.add(session, known, max(each.end_s for each in known))
    if not made.labels:
        raise WozError(f"{release.folder} has no {kind} in {items.split}; release tiers that are accepted.")
    return made


def windows_of_task(items: Items, task: str, length_s: float) -> Windows:
    """Of all sessions of a task in the split, at the task's own rate, with the labels of all splits to choose from.

    Raises WozError where the release has no such task in the split, or a file was changed.
    """
    release, folder = items.release, f"tasks/{task}"
    own, frames = f"{folder}/{items.split}.activitynet.json", f"{folder}/frames.json"
    lists = [name for name in release.manifest.files if name.startswith(folder) and name.endswith("net.json")]
    if own not in lists:
        where = f"{release.folder} has no task {task} in {items.split}"
        raise WozError(f"{where}; build a release with --task {task}.")
    demand_as_frozen(release.folder, release.manifest, [*lists, frames])
    try:
        rate = read_file(release.folder / frames, _Frames).rate
        databases = {name: read_file(release.folder / name, _Database).database for name in lists}
    except (OSError, Unsound) as error:
        raise WozError(f"{release.folder / folder} can't be read ({error}); get a whole copy of it.") from error
    made = Windows(task, TASKS[task], length_s, Footage(release, items.lines.values()), rate=rate)
    for session, video in sorted(databases[own].items()):
        made.add(session, [Labelled(*each.segment, each.label) for each in video.annotations], video.duration)
    all_videos = (video for database in databases.values() for video in database.values())
    made.labels = sorted({each.label for video in all_videos for each in video.annotations})
    return made


def _labelled(text: str) -> list[Labelled]:
    """Of the file's first tier."""
    rows = list(csv.DictReader(io.StringIO(text)))
    first = rows[0]["tier"] if rows else ""
    found = [
        Labelled(float(r["start_s"]), float(r["end_s"]), r["label"])
        for r in rows
        if r["tier"] == first and r["end_s"]
    ]
    return sorted((each for each in found if each.end_s > each.start_s), key=lambda each: each.start_s)
