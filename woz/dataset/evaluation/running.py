"""A model run on a release: asked under each condition, and scored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from woz import __version__
from woz.dataset.evaluation.asking import Ask, Asker, Tell
from woz.dataset.evaluation.conditions import Condition, Showing
from woz.dataset.evaluation.exchanges import ExchangeLog, exchanges
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.request import Asking
from woz.dataset.evaluation.run_folder import SCORES, Settings, begin, manifest_hash, write
from woz.dataset.evaluation.scoring import RunScore, score_conditions, score_windows, write_predictions
from woz.dataset.evaluation.windows import CONDITIONS, Windows


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


def run(items: Items, settings: Settings, folder: Path, asker: Asker, tell: Tell) -> Ran:
    """Ask what isn't answered yet, and score all of it.

    Raises WozError for a folder of another run, and where the server can't be asked; what came is in the folder.
    """
    settings = begin(folder, settings)
    showing = Showing(items, settings.sound, settings.asking.seed)
    with ExchangeLog(folder) as log:
        stopped = asker.ask_all(_asks(items, showing, settings), log, exchanges(folder), tell)
    return Ran(folder, scored(items, settings, folder), stopped)


def scored(items: Items, settings: Settings, folder: Path) -> RunScore:
    """The figures of what was asked so far, written beside it."""
    found = exchanges(folder)
    showing = Showing(items, settings.sound, settings.asking.seed)
    score = RunScore(settings.release, settings.split, settings.asking.model)
    score_conditions(score, items, showing, settings.conditions, found, settings.cluster)
    for kind in settings.windows:
        score_windows(score, Windows.of(items, kind, settings.window_s), settings.conditions, found)
    write_predictions(folder, settings.conditions, found)
    write(folder / SCORES, json.dumps(asdict(score), ensure_ascii=False, indent=1) + "\n")
    return score


def _asks(items: Items, showing: Showing, settings: Settings) -> Iterator[Ask]:
    for name in settings.conditions:
        for line in items.lines.values():
            if shown := showing.shown(Condition(name), line):
                yield Ask(name, line.id, shown)
    for kind in settings.windows:
        windows = Windows.of(items, kind, settings.window_s)
        for name in settings.conditions:
            if name in CONDITIONS:
                yield from windows.asks(name)
