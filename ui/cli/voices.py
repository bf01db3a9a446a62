"""`woz voices`: voices in a project's recordings."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "mask": Verb("write copies of the sound in which voices are masked, for a release", "ui.cli.voices_mask"),
    "prove": Verb("how well voices are still told apart, and words understood", "ui.cli.voices_prove"),
    "require": Verb("say whether voices are released only masked", "ui.cli.voices_require"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
