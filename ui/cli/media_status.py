"""`woz media status`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from ui.cli.media_options import media_options, opened, size
from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.lab.storing import SessionStatus


def options(parser: argparse.ArgumentParser) -> None:
    media_options(parser, sessions=False)


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments) as (_, media):
        found, strays, url = media.status(), media.strays(), media.place.url
    here, there = (sum(sizes) for sizes in ((one.here for one in found), (one.there for one in found)))
    if arguments.json:
        facts = {"url": url, "here": here, "there": there, "sessions": [asdict(one) for one in found]}
        print(json.dumps({**facts, "strays": strays}))
        return 0
    print(f"{url}: {counted(len(found), 'session')}, {size(here)} here, {size(there)} in the store.")
    for one in found:
        print(f"{one.session}  {size(one.here)} here, {size(one.there)} in the store{_words(one)}")
    for name in strays:
        print(f"{name}  in the store, but no session of this project")
    return 0


def _words(one: SessionStatus) -> str:
    counts = ((one.to_send, "to send"), (one.to_fetch, "to fetch"), (one.both, "changed in both places"))
    told = [f"{count} {what}" for count, what in counts if count]
    return f"; files {', '.join(told)}" if told else ""
