"""`woz models`."""

from __future__ import annotations

import argparse
import json
import os
from getpass import getpass
from pathlib import Path

from ui.application.answers import say
from woz.base.counts import counted
from woz.base.errors import WozError


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "fetch", "use", "token"),
        default="list",
        help="list where it is left out",
    )
    parser.add_argument("names", nargs="*", help="models to fetch, or the folder to use")
    parser.add_argument("--folder", type=Path, help="where models are kept")
    parser.add_argument("--language", help="list what a session in this language needs")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.transcription.catalogue import entry
    from woz.transcription.fetching import fetch
    from woz.transcription.models import models_folder, use_folder
    from woz.transcription.token import keep_token

    folder = arguments.folder or models_folder()
    if arguments.action in ("fetch", "use") and not arguments.names:
        raise WozError("Say which: woz models fetch NAME, or woz models use FOLDER; woz models lists the names.")
    match arguments.action:
        case "fetch":
            for wanted in [entry(name) for name in arguments.names]:
                say(f"fetching {wanted.name}, {wanted.size_bytes / 1e6:.0f} MB, {wanted.licence}")
                say(f"{wanted.name} is in {fetch(wanted, folder)}")
        case "use":
            found = use_folder(Path(arguments.names[0]))
            taken = counted(len(found), "model is", "models are")
            say(f"{taken} taken from {arguments.names[0]} from now on.")
            for remark in filter(None, (info.remark for info in found)):
                say(remark)
            if named := os.environ.get("WOZ_MODELS"):
                say(f"But WOZ_MODELS is set: until it is unset, models are taken from {named}.")
        case "token":
            keep_token(getpass("Token of huggingface.co (it is not shown): ").strip())
            say("The token is kept in this system's keyring.")
        case _:
            _list_models(arguments, folder)
    return 0


def _list_models(arguments: argparse.Namespace, folder: Path) -> None:
    from ui.reports.speech_words import models_words
    from woz.transcription.catalogue import CATALOGUE, DIARIZER, ENCODER, needed
    from woz.transcription.models import find_models

    found = find_models(folder)
    wanted = needed(arguments.language, "cuda", DIARIZER) + needed(arguments.language, "cpu", ENCODER)
    entries = [e for e in CATALOGUE if not arguments.language or e.name in wanted]
    if arguments.json:
        print(json.dumps({"folder": str(folder), "here": [model.as_dict() for model in found]}))
    else:
        print(models_words(entries, found, folder))
