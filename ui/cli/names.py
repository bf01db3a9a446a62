"""`woz names`: names of people, places and firms in a project."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "list": Verb("the project's own list of names: told, added to, taken from", "ui.cli.names_list"),
    "find": Verb("where they stand, also written otherwise; a recogniser may propose more", "ui.cli.names_find"),
    "review": Verb("what was found and nobody judged: is it a name, or does it stay?", "ui.cli.names_review"),
    "apply": Verb("say whether names are replaced in what leaves the lab", "ui.cli.names_apply"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
