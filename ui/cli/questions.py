"""`woz questions`: question sets, proposed, gated and listed."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "propose": Verb("question sets from the transcripts, with wrong answers", "ui.cli.questions_propose"),
    "gate": Verb("what may be wrong with them, flagged for a person", "ui.cli.questions_gate"),
    "list": Verb("the question sets there are", "ui.cli.questions_list"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
