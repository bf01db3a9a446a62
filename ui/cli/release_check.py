"""`woz release check`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("release", type=Path, help="the release's folder")
    what = "search it for the names of this project's list, too"
    parser.add_argument("--names", type=Path, metavar="PROJECT", help=what)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.release.checking import frozen, looked_at

    manifest, (changed, told) = frozen(arguments.release), looked_at(arguments.release)
    leaks, closed = _leaks(arguments.names, arguments.release) if arguments.names else ([], "")
    found = changed + told + [leak for leak in leaks if leak not in told]
    if arguments.json:
        facts = {
            "name": manifest.name,
            "version": manifest.version,
            "files": len(manifest.files),
            "changed": bool(changed),
            "problems": found,
            **({"not_looked_into": closed} if arguments.names else {}),
        }
        print(json.dumps({"whole": not found, **facts}))
    elif not found:
        files = counted(len(manifest.files), "file is as it was", "files are as they were")
        print(f"{manifest.name} {manifest.version} is whole: {files} frozen.")
    else:
        for sentence in found:
            print(f"woz: {sentence}", file=sys.stderr)
        if changed:
            name = f"{manifest.name} {manifest.version}"
            print(f"woz: {name} has changed since it was frozen: get a whole copy of it.", file=sys.stderr)
    if closed and not arguments.json:
        print(f"woz: {closed}", file=sys.stderr)
    return 1 if found else 0


def _leaks(path: Path, release: Path) -> tuple[list[str], str]:
    """A sentence for each, and one for what was not looked into."""
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.lab.naming import told_of

    with Project.open(path, SystemClock()) as project:
        return told_of(project, release)
