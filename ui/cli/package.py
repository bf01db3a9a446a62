"""`woz package`: work for annotators elsewhere, in one encrypted file, and what comes back."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "make": Verb("an encrypted file for one annotator: sessions, films, what they may see", "ui.cli.package_make"),
    "open": Verb("open such a file as a project of its own; then woz annotate FOLDER", "ui.cli.package_open"),
    "return": Verb("write what was done in an opened package, for the lab", "ui.cli.package_return"),
    "take": Verb("take what came back into the project, edit by edit", "ui.cli.package_take"),
    "list": Verb("the packages that are out and came back, and what they hold", "ui.cli.package_list"),
    "deleted": Verb("note that the annotator has deleted theirs", "ui.cli.package_deleted"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
