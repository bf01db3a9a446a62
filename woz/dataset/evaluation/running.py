"""A model run on a release: asked under each condition, and scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from woz import __version__
from woz.dataset.evaluation.conditions import Condition, Showing
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.request import Asking, Put, request_of
from woz.dataset.evaluation.run_folder import EXCHANGES, SCORES, Settings, begin, manifest_hash, write
from woz.dataset.evaluation.scoring import RunScore, score_conditions, score_windows, write_predictions
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
) -> Settings:
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
    showing = Showing(items, settings.sound, settings.asking.seed)
    requests = [
        request_of(each, settings.asking, items.release, endpoint) for each in _puts(items, showing, settings)
    ]
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
    score_conditions(score, items, showing, settings.conditions, found, settings.cluster)
    for kind in settings.windows:
        score_windows(score, Windows.of(items, kind, settings.window_s), settings.conditions, found)
    write_predictions(folder, settings.conditions, found)
    write(folder / SCORES, json.dumps(asdict(score), ensure_ascii=False, indent=1) + "\n")
    return score


def _puts(items: Items, showing: Showing, settings: Settings) -> Iterator[Put]:
    for name in settings.conditions:
        for line in items.lines.values():
            if shown := showing.shown(Condition(name), line):
                yield Put(name, line.id, shown)
    for kind in settings.windows:
        windows = Windows.of(items, kind, settings.window_s)
        for name in settings.conditions:
            if name in CONDITIONS:
                yield from windows.puts(name)
