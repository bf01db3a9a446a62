"""`woz media trim`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from ui.cli.media_options import media_options, opened, size
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser, sessions=False)
    parser.add_argument("--keep", type=float, metavar="GB", help="how much may stay; as set where it is left out")


def run(arguments: argparse.Namespace) -> int:
    if arguments.keep is not None and not arguments.keep >= 0:
        raise WozError("--keep is an amount in gigabytes, 0 or more.")
    with opened(arguments) as (_, media):
        trimmed = media.make_room(arguments.keep)
    if trimmed is None:
        raise WozError("No limit is set; give --keep GB, or set one: woz media use PROJECT --keep GB")
    if arguments.json:
        print(json.dumps(asdict(trimmed)))
        return 0
    print(f"{size(trimmed.freed)} went, {size(trimmed.stays)} stay here.")
    if trimmed.stays > trimmed.limit:
        print("More than may stay: the rest is not in the store as it is here; woz media push sends it.")
    return 0
