"""`woz evaluate`: how far something is from its reference."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "transcript": Verb("a transcript, by words and by who speaks", "ui.cli.evaluate_transcript"),
    "answers": Verb(
        "answers to a release's questions, beside chance, blind and human lines", "ui.cli.evaluate_answers"
    ),
    "run": Verb("a model behind an OpenAI-compatible server on a release", "ui.cli.evaluate_run"),
    "dialogue": Verb("when an assistant speaks, and whether what it says is right", "ui.cli.evaluate_dialogue"),
    "report": Verb("a run as one page: figures, plots, every question with its replies", "ui.cli.evaluate_report"),
    "segments": Verb("a segmentation into steps or states, frame by frame", "ui.cli.evaluate_segments"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
