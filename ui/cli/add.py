"""`woz add`: the heavy parts, each in an environment of its own."""

from __future__ import annotations

import argparse
import json
import signal

from ui.application.answers import progress, say
from woz.parts.known import PARTS


def options(parser: argparse.ArgumentParser) -> None:
    names = [part.name for part in PARTS]
    parser.add_argument("part", nargs="?", choices=names, help="which; all are listed where it is left out")
    parser.add_argument("--device", choices=("cuda", "cpu"), help="for this; the GPU where there is one")
    parser.add_argument("--dry-run", action="store_true", help="only say what it would take")
    parser.add_argument("--remove", action="store_true", help="take it away again")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.parts_words import part_facts, part_words, takes_words, usual_device
    from woz.parts.known import part_named
    from woz.parts.making import make, remove

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    device = arguments.device or usual_device()
    if arguments.part is None:
        facts = [part_facts(part, device) for part in PARTS]
        lines = [f"{part_words(part)}\n  It {part.does}. {takes_words(part, device)}" for part in PARTS]
        say(json.dumps(facts) if arguments.json else "\n".join(lines))
        return 0
    part = part_named(arguments.part)
    if not arguments.json and not arguments.remove:
        say(takes_words(part, device))
    if arguments.remove:
        remove(part)
    elif not arguments.dry_run:
        make(part, device, progress(arguments.json))
    say(json.dumps(part_facts(part, device)) if arguments.json else part_words(part))
    return 0
