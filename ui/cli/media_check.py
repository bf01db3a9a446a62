"""`woz media check`."""

from __future__ import annotations

import argparse
import json

from ui.application.answers import say
from ui.cli.media_options import chosen, media_options, opened, size, warn
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
                say(f"{session}: {len(listing.files)} files are as they were sent ({size(listing.size)})")
    if arguments.json:
        print(json.dumps({"whole": whole, "bad": bad}))
    return 1 if bad else 0
