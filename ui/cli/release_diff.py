"""`woz release diff`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("one", type=Path, help="the earlier release's folder")
    parser.add_argument("other", type=Path, help="the later one's")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.dataset.release.comparing import difference

    found = difference(arguments.one, arguments.other)
    if arguments.json:
        print(json.dumps(asdict(found)))
        return 0
    print(f"Sessions: {len(found.sessions_new)} new, {len(found.sessions_gone)} gone.")
    print(f"Question sets: {len(found.new)} new, {len(found.gone)} gone, {len(found.changed)} changed.")
    moved = counted(len(found.moved), "question set stands", "question sets stand")
    if found.new_splits:
        print("The later one's splits were dealt anew.")
    print(f"{moved} in another split; {counted(found.files_changed, 'file')} of the same name changed.")
    for name, count in found.fields.items():
        print(f"    {name} changed in {count}")
    for name in found.fields_new:
        print(f"    {name} is new in one of them, which is no change")
    return 0
