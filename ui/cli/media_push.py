"""`woz media push`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from ui.application.answers import say
from ui.cli.media_options import chosen, media_options, opened, size, warn
from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import UnreachableError, WozError


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser)
    what = "read all back from the store, then let it go on this computer"
    parser.add_argument("--move", action="store_true", help=what)
    what = "where a file was changed here and in the store, keep this computer's"
    parser.add_argument("--ours", action="store_true", help=what)


def run(arguments: argparse.Namespace) -> int:
    from woz.store.sending import send
    from woz.store.trimming import move

    done, failed = list[dict[str, object]](), 0
    with opened(arguments) as (project, media):
        for session in chosen(project, arguments):
            try:
                if not media.local.files(session):
                    continue
                sent = send(media.local, media.remote, session, SystemClock(), arguments.ours)
                freed = move(media.local, media.remote, session) if arguments.move else 0
            except UnreachableError:
                raise
            except WozError as error:
                warn(f"woz: {error}")
                failed += 1
                continue
            done.append({**asdict(sent), "freed": freed})
            if not arguments.json:
                moved = f"; {size(freed)} freed here" if arguments.move else ""
                files = counted(sent.files, "file")
                say(f"{session}: {files} sent ({size(sent.size)}), {sent.kept} were there{moved}")
        if arguments.json:
            print(json.dumps({"sessions": done, "failed": failed}))
    return 1 if failed else 0
