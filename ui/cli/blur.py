"""`woz blur`: faces in a project's films."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "detect": Verb("look for faces in films, and follow them", "ui.cli.blur_detect"),
    "review": Verb(
        "a window: decide on each face, mend leaks, sign off (--text: without it)",
        "ui.cli.blur_review",
    ),
    "burn": Verb("write a copy in which they are blurred", "ui.cli.blur_burn"),
    "prove": Verb("how well faces are covered, counted on samples or measured", "ui.cli.blur_prove"),
    "require": Verb("say whether films are released only with their faces blurred", "ui.cli.blur_require"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
