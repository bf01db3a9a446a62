"""`woz procedure`: what a trainee does, as a task graph."""

from __future__ import annotations

import argparse

from ui.cli.verbs import Verb, add_verbs

WHAT = {
    "list": Verb("the procedures of a project", "ui.cli.procedure_list"),
    "show": Verb("the steps of one, and what each requires", "ui.cli.procedure_show"),
    "import": Verb("take procedures in from a file", "ui.cli.procedure_import"),
    "export": Verb("write procedures to a file", "ui.cli.procedure_export"),
    "check": Verb("whether the procedures of a project or a file can be followed", "ui.cli.procedure_check"),
    "edit": Verb("the window in which procedures are made and changed", "ui.cli.procedure_edit"),
    "labels": Verb(
        "how a session's steps follow the graph: mistakes, what is missing, next", "ui.cli.procedure_labels"
    ),
}


def options(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, WHAT, title="what", metavar="WHAT", required=True)
