"""`woz release`: frozen data sets of a project's question sets."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "build": Verb("freeze question sets with their clips in a folder", "ui.cli.release_build"),
    "tasks": Verb("the benchmarks' tasks that a release can hold, with what each needs", "ui.cli.release_tasks"),
    "synthesize": Verb("let a model write dialogues and instructions for tasks", "ui.cli.release_synthesize"),
    "install": Verb("write a release as an evaluation or training tool loads it", "ui.cli.release_install"),
    "diff": Verb("what differs between two releases", "ui.cli.release_diff"),
    "next": Verb("the next version of a release, built as its manifest says that it was", "ui.cli.release_next"),
    "reach": Verb("which files of releases hold something of a person", "ui.cli.release_reach"),
    "check": Verb("whether a release is as it was frozen", "ui.cli.release_check"),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
