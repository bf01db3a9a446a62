"""`woz procedure labels`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--procedure", default="", metavar="NAME", help="by another one than the session's own")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.procedures import understanding_of

    with Project.open(arguments.project, SystemClock()) as project:
        session_id = chosen_session(project, arguments.session)
        found = understanding_of(project, session_id, arguments.procedure)
    print(json.dumps(found) if arguments.json else "\n".join(_lines(found)))
    return 0


def _lines(found: dict[str, Any]) -> list[str]:
    names = {step_id: step["name"] for step_id, step in found["steps"].items()}
    lines = []
    for tier in found["tiers"]:
        lines.append(f"{tier['name']} ({tier['annotator']}), by the procedure {found['procedure']['name']}")
        for each in tier["segments"]:
            mark = ", optional" if each["is_optional"] else ""
            lines.append(f"  {each['start_time']:8.1f} s  {each['step_name']}{mark}")
            for what, ids in (("done too early, before", each["missing"]), ("next", each["next"])):
                lines += [f"              {what}: {'; '.join(names[i] for i in ids)}"] if ids else []
    return lines or [f"{found['session']} has no tier of steps yet."]
