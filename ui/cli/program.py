"""The command line: `woz VERB`. Exit status 0, 1 for a fault of the world (one sentence on stderr), 2 for usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.cli import home, self_test
from ui.cli.logging_words import keep_log
from ui.cli.verbs import THEMES, Verb, WordParser, add_verbs
from woz import __version__
from woz.base.commands import with_project
from woz.base.errors import WozError, permitted

VERBS = {
    "new": Verb("make a project, in a file or on a PostgreSQL server", "ui.cli.new"),
    "station": Verb("record a session near the trainee", "ui.cli.station"),
    "join": Verb("sit at the console as the expert", "ui.cli.join"),
    "open": Verb("what a desktop hands over: an invitation, a project", "ui.cli.open"),
    "rendezvous": Verb("help a station and consoles to meet; carries no media", "ui.cli.rendezvous"),
    "demo": Verb("run one whole session on this machine", "ui.cli.demo"),
    "annotate": Verb("open the editor, or the home window", "ui.cli.annotate"),
    "import": Verb("take in what was made elsewhere", "ui.cli.import_what"),
    "export": Verb("write a session in the field's formats", "ui.cli.export"),
    "formats": Verb("the formats that are read and written, and what each would lose", "ui.cli.formats"),
    "scheme": Verb("what may be annotated: tiers, labels, attributes, rules; files of it", "ui.cli.scheme"),
    "procedure": Verb("what trainees do: steps, what each requires; files of it", "ui.cli.procedure"),
    "transcribe": Verb("recognise what was said, by speaker", "ui.cli.transcribe"),
    "speakers": Verb("say whose voices were told apart, after listening to them", "ui.cli.speakers"),
    "models": Verb("which speech models there are, which are here, and fetching them", "ui.cli.models"),
    "evaluate": Verb("how far something is from its reference; models run on a release", "ui.cli.evaluate"),
    "check": Verb("integrity and sync of recorded sessions", "ui.cli.check"),
    "recover": Verb("close what a crash left open", "ui.cli.recover"),
    "backup": Verb("a checked copy of a project in another folder", "ui.cli.backup"),
    "restore": Verb("make a project of a backup", "ui.cli.restore"),
    "project": Verb("copy a project between file and server, say where its recordings are", "ui.cli.project"),
    "consent": Verb("list or enter what participants agreed to", "ui.cli.consent"),
    "withdraw": Verb("take what is of a participant out of the project, for good", "ui.cli.withdraw"),
    "people": Verb("a page by person: consents, what rests on them, what is due to go", "ui.cli.people"),
    "annotators": Verb("who annotates, by pseudonym, and what they don't see", "ui.cli.annotators"),
    "assign": Verb("who does what: give work, whole or in windows, and see how far it is", "ui.cli.assign"),
    "package": Verb("work for annotators elsewhere: an encrypted file, and what comes back", "ui.cli.package"),
    "comments": Verb("what people say about places and items; answered, closed; a list of mine", "ui.cli.comments"),
    "tiers": Verb("how far the work on a session's tiers is, and moving it on", "ui.cli.tiers"),
    "propose": Verb("have a machine draft annotations; what became of its drafts", "ui.cli.propose"),
    "agree": Verb("how far annotators agree, in words and figures, with what differs", "ui.cli.agree"),
    "calibrate": Verb(
        "whether somebody annotates as the gold does: a gate by label, with what fails", "ui.cli.calibrate"
    ),
    "progress": Verb("hours recorded, transcribed, coded, reviewed; by month and person", "ui.cli.progress"),
    "search": Verb("find what was said, annotated, noted or asked, in all sessions", "ui.cli.search"),
    "adjudicate": Verb(
        "decide where annotators differ, by key; what was changed of somebody's", "ui.cli.adjudicate"
    ),
    "takes": Verb("the takes of a session: spans with a name, a task, the best view", "ui.cli.takes"),
    "history": Verb("who changed what of a session, when and why; taking it back", "ui.cli.history"),
    "derive": Verb("states and questions anew from the transcript as it is", "ui.cli.derive"),
    "questions": Verb("question sets: propose, gate, review, rule, list", "ui.cli.questions"),
    "names": Verb("names of people and places: found, judged, replaced in what leaves the lab", "ui.cli.names"),
    "voices": Verb("voices: masked in copies for a release, and how little that hides", "ui.cli.voices"),
    "blur": Verb("faces: found, reviewed, blurred in a copy, counted again as proof", "ui.cli.blur"),
    "release": Verb("frozen data sets of question sets: build, check", "ui.cli.release"),
    "batch": Verb("work over many sessions, here or on a cluster: plan, run, collect", "ui.cli.batch"),
    "add": Verb("the heavy parts, speech, blur and names, each in an environment of its own", "ui.cli.add"),
    "licences": Verb("under which licences the packages stand that woz runs with", "ui.cli.licences"),
    "media": Verb("recordings on a store of the lab: sent, fetched, checked, let go of here", "ui.cli.media"),
    "doctor": Verb("devices, GPU, models, programs of this machine", "ui.cli.doctor"),
}
INSTEAD = {"home": "woz alone opens the home window"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit status."""
    try:
        try:
            return _run(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()


def _run(argv: Sequence[str] | None) -> int:
    own = parser()
    arguments = own.parse_args(argv)
    if arguments.self_test:
        arguments.run = self_test.run
    elif arguments.json and arguments.run is home.run:
        own.error("--json goes behind a command, or beside --self-test")
    keep_log(arguments.verbose)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        with permitted():
            return run(arguments)
    except WozError as error:
        print(f"woz: {with_project(str(error), getattr(arguments, 'project', None))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("woz: interrupted; what was made so far is kept.", file=sys.stderr)
        return 1


def _nobody_reads() -> int:
    """Who was told has heard enough, as `head` has; what is still to be told goes nowhere."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return 1


def parser() -> argparse.ArgumentParser:
    """Of the whole command line; each command's own is filled when it is asked."""
    made = WordParser(prog="woz", description="Record and annotate guided tasks seen through glasses.")
    made.instead = INSTEAD
    made.add_argument("--version", action="version", version=f"woz {__version__}")
    made.add_argument("--verbose", action="store_true", help="log what happens inside")
    made.add_argument("--theme", choices=THEMES, default="system", help="the windows' look (system)")
    made.add_argument("--self-test", action="store_true", help="try all that this program needs of this machine")
    made.add_argument("--json", action="store_true", help="beside --self-test: answer in JSON, for programs")
    made.set_defaults(run=home.run)
    add_verbs(made, VERBS, title="commands", metavar="COMMAND")
    return made
