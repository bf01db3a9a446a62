"""`woz formats`."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woz.formats.format import Format


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON array, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from woz.formats.registry import all_formats

    found = all_formats().values()
    if arguments.json:
        print(json.dumps([_facts(each) for each in found], ensure_ascii=False))
        return 0
    width = max(len(each.name) for each in found)
    for each in found:
        ways = " and ".join(word for word, way in (("in", each.read), ("out", each.write)) if way)
        print(f"{each.name:{width}}  {ways:10}  {each.title}; leaves out: {', '.join(each.loses) or 'nothing'}")
    return 0


def _facts(each: Format) -> dict[str, object]:
    return {
        "name": each.name,
        "title": each.title,
        "ending": each.ending,
        "reads": each.read is not None,
        "writes": each.write is not None,
        "carries": list(each.carries),
        "loses": list(each.loses),
        "scheme": each.scheme,
        "source": each.source,
    }
