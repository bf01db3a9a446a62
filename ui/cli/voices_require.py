"""`woz voices require`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    what = "whether sound goes into releases only with its voices masked; without it, what is set is told"
    parser.add_argument("required", nargs="?", choices=("on", "off"), help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock

    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.required:
            project.voice_masking.require(arguments.required == "on")
        required = project.voice_masking.required
    words = "Releases take voices only masked." if required else "Releases take voices as they were recorded."
    print(json.dumps({"required": required}) if arguments.json else words)
    return 0
