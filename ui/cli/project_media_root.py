"""`woz project media-root`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    root = "the folder in which this computer finds its folder sessions; without it, what is set is told"
    parser.add_argument("folder", type=Path, nargs="?", help=root)
    parser.add_argument("--own", action="store_true", help="back to the project's own folder")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from storage.media_root import media_root, set_media_root

    project = arguments.project.absolute()
    if not Project.is_project(project):
        raise WozError(f"{project} is no woz project; choose another folder.")
    if arguments.folder or arguments.own:
        set_media_root(project, None if arguments.own else arguments.folder.absolute())
    root = media_root(project)
    facts = {"project": str(project), "media_root": str(root), "there": root.is_dir()}
    lack = "" if facts["there"] else " It isn't there now: all but playing works."
    print(json.dumps(facts) if arguments.json else f"This computer looks for the recordings in {root}.{lack}")
    return 0
