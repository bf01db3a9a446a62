"""`woz project`: what is done with a project as a whole."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "copy": Verb("copy a project from a file to a server or back, and prove the copy", "ui.cli.project_copy"),
    "drift": Verb("say from when on somebody's drift is told", "ui.cli.project_drift"),
    "media-root": Verb("say where this computer finds a project's recordings", "ui.cli.project_media_root"),
    "storage": Verb("what a project takes on the disk: by kind, by session, days left", "ui.cli.project_storage"),
    "work": Verb("say whether the editor measures seconds of work", "ui.cli.project_work"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
