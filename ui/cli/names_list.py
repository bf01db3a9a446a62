"""`woz names list`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    from woz.privacy.names.listing import NameKind

    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--add", action="append", default=[], metavar="NAME", help="may be given again")
    parser.add_argument("--file", type=Path, help="add those of a text file, one a line")
    parser.add_argument("--kind", choices=[str(each) for each in NameKind], default="person", help="of those added")
    parser.add_argument("--remove", action="append", default=[], metavar="NAME", help="may be given again")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.base.clock import SystemClock
    from woz.privacy.names.listing import NameKind, NameList

    added, kind = [*arguments.add, *_lines(arguments.file)], NameKind(arguments.kind)

    def change(names: NameList) -> NameList:
        for text in arguments.remove:
            names = names.without(text)
        for text in added:
            names = names.with_name(text, kind)
        return names

    with Project.open(arguments.project, SystemClock()) as project:
        names = project.names.change(change) if added or arguments.remove else project.names.all()
    told = [{"name": each.text, "kind": str(each.kind), "stands": each.stands} for each in names.names]
    if arguments.json:
        print(json.dumps({"names": told, "applied": names.applied}, ensure_ascii=False))
    elif told:
        print("\n".join(f"{each['name']:30} {each['kind']:8} {each['stands']}" for each in told))
    else:
        print("The list is empty; enter whom and what is named in the sessions with --add or --file.")
    return 0


def _lines(path: Path | None) -> list[str]:
    from woz.base.errors import WozError, unread

    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path else []
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(unread(path, error)) from error
    return [line.strip() for line in lines if line.strip()]
