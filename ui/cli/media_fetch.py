"""`woz media fetch`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from ui.application.answers import say
from ui.cli.media_options import chosen, media_options, opened, size, warn
from woz.base.counts import counted
from woz.base.errors import UnreachableError, WozError
from woz.model.ids import SessionId


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser)
    parser.add_argument("--without-films", action="store_true", help="leave out films and VRS files")
    what = "where a file was changed here and in the store, take the store's"
    parser.add_argument("--theirs", action="store_true", help=what)


def run(arguments: argparse.Namespace) -> int:
    done, failed = list[dict[str, object]](), 0
    with opened(arguments) as (project, media):
        sessions = chosen(project, arguments)
        for session in sessions:
            try:
                found = media.fetch(SessionId(session), not arguments.without_films, arguments.theirs)
            except UnreachableError:
                raise
            except WozError as error:
                warn(f"woz: {error}")
                failed += 1
                continue
            done.append(asdict(found))
            if not arguments.json:
                waits = f"; not sent yet: {', '.join(found.waiting)}" if found.waiting else ""
                say(f"{session}: {counted(found.files, 'file')} fetched ({size(found.size)}){waits}")
        trimmed = media.make_room(None, arguments.session)
    if arguments.json:
        print(json.dumps({"sessions": done, "failed": failed, "freed": trimmed.freed if trimmed else 0}))
    elif trimmed and trimmed.freed:
        say(f"{size(trimmed.freed)} of older sessions went, which the store has.")
    return 1 if failed else 0
