"""`woz import annotations`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import progress
from woz.base.clock import SystemClock
from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.lab.annotation_import import ImportedAnnotations, Taken


def options(parser: argparse.ArgumentParser) -> None:
    from woz.formats.registry import readers

    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("file", type=Path, help="the file, or the folder of formats that are one")
    formats = "; ".join(f"{name}: {each.title}" for name, each in readers().items())
    parser.add_argument(
        "--format", metavar="NAME", help=f"by the file's ending where it is left out. {formats}".replace("%", "%%")
    )
    parser.add_argument("--session", default="", help="its id; a new one, without a video, where it is left out")
    parser.add_argument("--key", default="", help="one of several sessions in the file, by the file's name for it")
    parser.add_argument("--scheme", default="", help="the project's scheme that tiers and labels are looked up in")
    parser.add_argument("--language", default="", help="what is spoken, as in en or de")
    parser.add_argument("--frame-rate", type=float, help="frames a second, for formats that count frames")
    parser.add_argument("--source-name", default="", help="the published data set that the file is of")
    parser.add_argument("--licence", default="", help="the licence that the data set is under")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.formats.guessing import format_of
    from woz.formats.reading import Cancelled
    from woz.lab.annotation_import import Wanted, demand_readable, import_annotations
    from woz.privacy.consent import provenance_of

    wanted = Wanted(
        arguments.file,
        arguments.format or format_of(arguments.file),
        arguments.session,
        arguments.key,
        arguments.scheme,
        arguments.language,
        arguments.frame_rate,
        provenance_of(arguments.source_name, arguments.licence),
    )
    demand_readable(wanted)
    telling = _telling(arguments.json, f"reading {arguments.file.name}")
    with filled_or_unmade(arguments.project, clock := SystemClock()) as project:
        try:
            done = import_annotations(project, wanted, clock, telling)
        except KeyboardInterrupt:
            raise Cancelled from None
    if arguments.json:
        print(json.dumps({"sessions": [_facts(each) for each in done.sessions], "lost": done.lost}))
    else:
        print(_words(done))
    return 0


def _telling(silent: bool, what: str) -> Callable[[float], bool]:
    """Each percent once."""
    told, tell = -1, progress(silent)

    def go_on(part: float) -> bool:
        nonlocal told
        percent = int(part * 100)
        if percent > told:
            tell(percent, what)
        told = max(told, percent)
        return True

    return go_on


def _facts(taken: Taken) -> dict[str, object]:
    facts = asdict(taken)
    return {**facts, "end_s": facts.pop("end_ns") / 1e9}


def _words(done: ImportedAnnotations) -> str:
    lines = [_line(each) for each in done.sessions]
    if done.lost:
        told = ", ".join(f"{what} ({count})" for what, count in done.lost.items())
        lines.append(f"Not everything could be kept: {told}.")
    return "\n".join(lines)


def _line(taken: Taken) -> str:
    counts = ((taken.annotations, "annotation"), (taken.turns, "turn"), (taken.links, "link"))
    told = ", ".join(counted(n, what) for n, what in counts if n)
    return f"{taken.session}{' (new)' if taken.new else ''}: {told}"
