"""`woz scheme`: what may be annotated."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "list": Verb("the schemes of a project, or those that woz brings along", "ui.cli.scheme_list"),
    "show": Verb("the tiers and labels of one", "ui.cli.scheme_show"),
    "edit": Verb("make and change schemes in a window", "ui.cli.scheme_edit"),
    "check": Verb("what is wrong with a scheme's file", "ui.cli.scheme_check"),
    "new": Verb("a copy of a scheme as a file, to be changed", "ui.cli.scheme_new"),
    "import": Verb("take a file in as a scheme, or as its next version", "ui.cli.scheme_import"),
    "export": Verb("write a project's scheme to a file", "ui.cli.scheme_export"),
    "use": Verb("begin a session's tiers of a scheme", "ui.cli.scheme_use"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
