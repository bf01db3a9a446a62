"""`woz evaluate report`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.new_file import new_file

if TYPE_CHECKING:
    from woz.dataset.evaluation.scoring import RunScore


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="RUN", help="the folder of a run")
    parser.add_argument("--html", type=Path, required=True, metavar="FILE", help="the page to write")
    parser.add_argument("--release", type=Path, metavar="DIR", help="where the release is now, if it was moved")
    parser.add_argument("--json", action="store_true", help="the figures as JSON too")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.evaluation_page import evaluation_page
    from woz.dataset.evaluation.items import items_of
    from woz.dataset.evaluation.run_folder import EXCHANGES, manifest_hash, read_settings
    from woz.dataset.evaluation.running import scored
    from woz.dataset.models.exchanges import exchanges

    folder = arguments.folder
    settings = read_settings(folder)
    items = items_of(arguments.release or Path(settings.folder), settings.split, bool(settings.tasks))
    if manifest_hash(items.release.folder) != settings.manifest:
        raise WozError(
            f"{items.release.folder} is not the release that {folder} is a run of, or has changed since."
        )
    score = scored(items, settings, folder)
    found, now_ns = exchanges(folder / EXCHANGES), SystemClock().utc_ns()
    page = evaluation_page(items, settings, score, found, arguments.html, now_ns)
    with new_file(arguments.html) as file:
        file.write(page)
    if arguments.json:
        print(json.dumps({"page": str(arguments.html), **asdict(score)}, ensure_ascii=False))
    else:
        print(f"{arguments.html}: {_told(score)} under {', '.join(settings.conditions)}")
    return 0


def _told(score: RunScore) -> str:
    """How much there is to see."""
    rows = sum({name.rpartition("/")[0]: each.answers.items for name, each in score.conditions.items()}.values())
    windows = sum({name.rpartition("/")[0]: each.windows for name, each in score.windows.items()}.values())
    parts = (f"{count} {what}" for count, what in ((rows, "questions or rows"), (windows, "windows")) if count)
    return " and ".join(parts) or "nothing"
