"""`woz media`: a project's recordings on a store that many computers reach."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "use": Verb("say where the store is, and how much may stay on this computer", "ui.cli.media_use"),
    "push": Verb("send sessions to the store, checked; --move lets them go here afterwards", "ui.cli.media_push"),
    "fetch": Verb("fetch sessions from the store, checked", "ui.cli.media_fetch"),
    "status": Verb("what is here, in the store, and still to be sent", "ui.cli.media_status"),
    "check": Verb("read sessions back from the store and compare their hashes", "ui.cli.media_check"),
    "trim": Verb("make room here: what the store has and was not used for longest goes", "ui.cli.media_trim"),
    "still": Verb("a picture of a film in the store, without fetching the film", "ui.cli.media_still"),
    "forget": Verb("delete a session from the store; what is here stays", "ui.cli.media_forget"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
