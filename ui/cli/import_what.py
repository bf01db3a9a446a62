"""`woz import`: what was made elsewhere."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "turns": Verb("turns from a file, in any format that carries them", "ui.cli.import_turns"),
    "annotations": Verb(
        "annotations and turns from a file of the formats that are read", "ui.cli.import_annotations"
    ),
    "media": Verb("a video or an Aria recording, with voices recorded apart", "ui.cli.import_media"),
    "session": Verb("a session of another project, with all that belongs to it", "ui.cli.import_session"),
    "table": Verb("many sessions by one table: files, people, procedure, place", "ui.cli.import_table"),
    "view": Verb("a further view of a session: a GoPro, a phone", "ui.cli.import_view"),
    "gaze": Verb("where the expert looked on the screen, as points in the view", "ui.cli.import_gaze"),
    "voice": Verb("the console's own recording of the expert", "ui.cli.import_voice"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
