"""`woz media check`."""

from __future__ import annotations

import argparse
import json

from ui.application.answers import say
from ui.cli.media_options import chosen, media_options, opened, size, warn
from woz.base.counts import counted
from woz.base.errors import UnreachableError, WozError


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser)


def run(arguments: argparse.Namespace) -> int:
    from woz.store.sending import verify

    whole, bad = list[str](), dict[str, str]()
    with opened(arguments) as (project, media):
        for session in chosen(project, arguments):
            try:
                listing = verify(media.remote, session)
            except UnreachableError:
                raise
            except WozError as error:
                bad[session] = str(error)
                warn(f"woz: {error}")
                continue
            whole.append(session)
            if not arguments.json:
                files = counted(len(listing.files), "file is as it was", "files are as they were")
                say(f"{session}: {files} sent ({size(listing.size)})")
    if arguments.json:
        print(json.dumps({"whole": whole, "bad": bad}))
    return 1 if bad else 0
