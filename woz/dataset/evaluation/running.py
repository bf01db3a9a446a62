"""A model run on a release: asked under each condition, and scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from woz import __version__
from woz.dataset.evaluation.conditions import Condition, Showing
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.released_windows import TASKS, windows_beside, windows_of_task
from woz.dataset.evaluation.request import Asking, Put, request_of
from woz.dataset.evaluation.run_folder import EXCHANGES, SCORES, Settings, begin, manifest_hash, write
from woz.dataset.evaluation.scoring import (
    RunScore,
    named,
    score_conditions,
    score_windows,
    write_predictions,
)
from woz.dataset.evaluation.task_items import ROWS, task_items
from woz.dataset.evaluation.windows import CONDITIONS, Windows
from woz.dataset.models.asking import Asker, Spent
from woz.dataset.models.endpoint import Endpoint
from woz.dataset.models.exchanges import ExchangeLog, exchanges


@dataclass(frozen=True, slots=True)
class Ran:
    """`stopped` says why not everything was asked."""

    folder: Path
    score: RunScore
    stopped: str


def settings_of(
    items: Items,
    asking: Asking,
    conditions: Sequence[Condition],
    sound: bool = False,
    cluster: str = "group",
    windows: Sequence[str] = (),
    window_s: float = 5.0,
    tasks: Sequence[str] = (),
) -> Settings:
    """`tasks` are asked in the questions' stead."""
    manifest, folder = items.release.manifest, items.release.folder
    return Settings(
        f"{manifest.name} {manifest.version}",
        manifest_hash(folder),
        str(folder),
        items.split,
        [str(each) for each in conditions],
        asking,
        sound,
        cluster,
        list(windows),
        window_s,
        list(tasks),
        not tasks,
        woz=__version__,
    )


def run(
    items: Items,
    settings: Settings,
    folder: Path,
    endpoint: Endpoint,
    asker: Asker,
    tell: Callable[[int, int], None],
) -> Ran:
    """Ask what isn't answered yet, and score all of it; `tell` hears how many are through, of how many.

    Raises WozError for a folder of another run, and where the server can't be asked; what came is in the folder.
    """
    settings = begin(folder, settings)
    requests = [request_of(each, settings.asking, items.release, endpoint) for each in puts_of(items, settings)]
    with ExchangeLog(folder / EXCHANGES) as log:
        spent = asker.ask_all(requests, log, lambda spent: tell(spent.through, len(requests)))
    return Ran(folder, scored(items, settings, folder), _stopped(spent))


def _stopped(spent: Spent) -> str:
    if not spent.left:
        return ""
    return f"The budget is spent ({spent.put} requests, {spent.tokens} tokens); the same command goes on."


def scored(items: Items, settings: Settings, folder: Path) -> RunScore:
    """The figures of what was asked so far, written beside it."""
    found = exchanges(folder / EXCHANGES)
    showing = Showing(items, settings.sound, settings.asking.seed)
    score = RunScore(settings.release, settings.split, settings.asking.model)
    if settings.questions:
        score_conditions(score, items, showing, settings.conditions, found, settings.cluster)
    for task, rows in rows_of_tasks(items, settings):
        own = Showing(rows, settings.sound, settings.asking.seed)
        score_conditions(score, rows, own, settings.conditions, found, settings.cluster, task)
    for windows in windows_of_run(items, settings):
        score_windows(score, windows, settings.conditions, found)
    write_predictions(folder, found)
    write(folder / SCORES, json.dumps(asdict(score), ensure_ascii=False, indent=1) + "\n")
    return score


def rows_of_tasks(items: Items, settings: Settings) -> Iterator[tuple[str, Items]]:
    """The tasks that are asked row by row, each with its rows."""
    for task in settings.tasks:
        if task in ROWS:
            yield task, task_items(items, task)


def windows_of_run(items: Items, settings: Settings) -> Iterator[Windows]:
    """Whatever is asked window by window."""
    for kind in settings.windows:
        yield windows_beside(items, kind, settings.window_s)
    for task in settings.tasks:
        if task in TASKS:
            yield windows_of_task(items, task, settings.window_s)


def puts_of(items: Items, settings: Settings) -> Iterator[Put]:
    """All that is asked, in the same order each time."""
    asked = [("", items)] if settings.questions else []
    for task, rows in [*asked, *rows_of_tasks(items, settings)]:
        showing = Showing(rows, settings.sound, settings.asking.seed)
        for name in settings.conditions:
            for line in rows.lines.values():
                if shown := showing.shown(Condition(name), line):
                    yield Put(named(name, task), line.id, shown)
    for windows in windows_of_run(items, settings):
        for name in settings.conditions:
            if name in CONDITIONS:
                yield from windows.puts(name)
