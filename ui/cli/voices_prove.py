"""`woz voices prove`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.application.answers import chosen_sessions, progress, say
from woz.base.clock import SystemClock
from woz.base.errors import WozError

if TYPE_CHECKING:
    from woz.lab.voice_proof import Heard

WORDS = {
    "people": "people",
    "utterances": "utterances compared, of 1.6 s or more",
    "eer_recorded": "attacker's equal error rate, as recorded",
    "eer_masked": "... comparing recordings with masked speech",
    "eer_masked_too": "... masking their recordings as well",
    "recogniser": "recogniser",
    "wer_recorded": "word error rate, as recorded",
    "wer_masked": "word error rate, masked",
}
WITHOUT_TEXT = {"wer_masked": "words recognised otherwise, masked"}
"""Where nobody wrote down what was said."""
LITTLE = (
    "Masking hides little: 0.5 would be mere guessing. Few people make coarse figures, and a better attacker is"
    " right more often."
)


def options(parser: argparse.ArgumentParser) -> None:
    from woz.deidentifying.voices.known import MCADAMS, converters

    parser.add_argument("project", type=Path, nargs="?", help="the project's folder, with masked voices")
    parser.add_argument("--release", metavar="NAME", help="the release that they were masked for")
    parser.add_argument("--session", action="append", default=[], help="its id; the newest where left out")
    parser.add_argument("--all", action="store_true", help="all sessions")
    what = "instead of a project: a sound, and who speaks when in it (.rttm or .stm); may be given again"
    parser.add_argument("--sound", nargs=2, type=Path, action="append", metavar=("SOUND", "REFERENCE"), help=what)
    parser.add_argument("--converter", default=MCADAMS, choices=list(converters()), help=f"({MCADAMS})")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="the Whisper model that recognises words")
    parser.add_argument("--without-words", action="store_true", help="compare voices only")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from woz.deidentifying.voices.known import converter
    from woz.lab.voice_proof import encoder_weights, proof
    from woz.transcription.catalogue import default_model
    from woz.transcription.models import models_folder

    using, models = converter(arguments.converter), models_folder()
    weights = encoder_weights(models)
    whisper = None if arguments.without_words else arguments.model or default_model(models, "cpu")
    figures = proof(_heard(arguments), using, weights, whisper, progress(arguments.json))
    if arguments.json:
        print(json.dumps({"converter": using.facts.name, **figures}))
        return 0
    words = WORDS if figures["wer_recorded"] is not None else WORDS | WITHOUT_TEXT
    for name, value in figures.items():
        say(f"{words[name]:46} {_told(value)}")
    say(LITTLE)
    return 0


def _heard(arguments: argparse.Namespace) -> list[Heard]:
    from storage import Project
    from woz.deidentifying.voices.known import converter
    from woz.lab.voice_proof import heard_in_file, heard_in_session

    if arguments.sound:
        using = converter(arguments.converter)
        pairs: list[tuple[Path, Path]] = arguments.sound
        return [each for sound, said in pairs for each in heard_in_file(sound, said, using, "proof")]
    if arguments.project is None or not arguments.release:
        raise WozError("Name a project and the --release that its voices were masked for, or a --sound.")
    with Project.open(arguments.project, SystemClock()) as project:
        sessions = chosen_sessions(project, arguments.session, arguments.all)
        return [each for one in sessions for each in heard_in_session(project, one, arguments.release)]


def _told(value: Any) -> str:
    return "not measured" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
