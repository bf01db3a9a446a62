"""`woz questions`: question sets, proposed, gated, judged and listed."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "propose": Verb("question sets from the transcripts, with wrong answers", "ui.cli.questions_propose"),
    "translate": Verb("an English text by a model, for a person to check", "ui.cli.questions_translate"),
    "gate": Verb("what may be wrong with them, flagged for a person", "ui.cli.questions_gate"),
    "assign": Verb("who shall judge which of them, shared out evenly", "ui.cli.questions_assign"),
    "review": Verb("the window in which people judge them", "ui.cli.questions_review"),
    "nearest": Verb("the answers and labels nearest to an answer, as suggestions", "ui.cli.questions_nearest"),
    "rule": Verb("how many people judge each, and whether by its clip", "ui.cli.questions_rule"),
    "list": Verb("the question sets there are, with their states", "ui.cli.questions_list"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
