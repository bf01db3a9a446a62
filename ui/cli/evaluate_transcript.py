"""`woz evaluate transcript`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.transcription.references import Utterance


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", help="a .stm, .rttm or .ctm file, or a transcript's id")
    parser.add_argument("hypothesis", help="the same, or “newest” with --session")
    parser.add_argument("--project", type=Path, help="whose transcripts the ids name")
    parser.add_argument("--session", help="whose newest transcript is meant")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.reports.speech_words import figures_words
    from woz.transcription.scoring import score

    reference, hypothesis = (_utterances(arguments, name) for name in (arguments.reference, arguments.hypothesis))
    figures = score(reference, hypothesis)
    print(json.dumps(figures) if arguments.json else figures_words(figures))
    return 0


def _utterances(arguments: argparse.Namespace, name: str) -> list[Utterance]:
    """Of a file, or of a transcript of the project by its id."""
    from storage import Project
    from woz.transcription.references import from_turns, read_reference

    if arguments.project is None or Path(name).suffix:
        return read_reference(Path(name))
    with Project.open(arguments.project, SystemClock()) as project:
        if name == "newest":
            made = project.transcripts.of_session(chosen_session(project, arguments.session))
            if not made:
                raise WozError("This session has no transcript yet; run woz transcribe.")
            return from_turns(project.transcripts.turns(made[-1].id))
        known = {str(t.id): t for s in project.sessions.all() for t in project.transcripts.of_session(s.id)}
        if name not in known:
            session = chosen_session(project, arguments.session)
            own = ", ".join(str(each.id) for each in project.transcripts.of_session(session)) or "none"
            raise WozError(
                f"This project has no transcript {name}; those of {session} are: {own}. Give one, or newest."
            )
        return from_turns(project.transcripts.turns(known[name].id))
