"""`woz voices mask`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import chosen_sessions, progress, say
from woz.base.clock import SystemClock
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    from woz.deidentifying.voices.known import MCADAMS, converters

    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--release", required=True, metavar="NAME", help="the release they are drawn for")
    parser.add_argument(
        "--session", action="append", default=[], help="its id; the newest where left out; may be given again"
    )
    parser.add_argument("--all", action="store_true", help="all sessions")
    what = f"what makes one voice another ({MCADAMS})"
    parser.add_argument("--converter", default=MCADAMS, choices=list(converters()), help=what)
    what = "what voices are drawn from, instead of what the project drew for itself; keep it to yourself"
    parser.add_argument("--secret", metavar="TEXT", help=what)
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.dataset.release.recipe import Recipe
    from woz.deidentifying.voices.known import converter
    from woz.deidentifying.voices.masking import masked_path
    from woz.lab.voice_masking import mask_file, voice_files

    release, using = Recipe(arguments.release).name, converter(arguments.converter)
    tell, files, sealed = progress(arguments.json), list[dict[str, object]](), list[str]()
    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.secret:
            project.voice_masking.set_secret(arguments.secret)
        for session in chosen_sessions(project, arguments.session, arguments.all):
            for file in voice_files(project, session):
                if file.sealed:
                    sealed.append(str(file.path))
                    continue

                def go_on(part: float, name: str = f"{session} {file.path.name}") -> bool:
                    tell(round(100 * part), name)
                    return True

                made = mask_file(project, session, file, release, using, go_on)
                assert made
                path = masked_path(file.path, release)
                files.append(
                    {"session": session, "file": file.path.name, "copy": str(path), "sha256": made.copy_sha256}
                )
                if not arguments.json:
                    tracks = counted(file.tracks, "track")
                    say(f"{session}: {path} has the voices of {file.path.name} masked, in {tracks}.")
    if arguments.json:
        print(json.dumps({"release": release, "converter": using.facts.name, "files": files, "sealed": sealed}))
        return 0
    for name in sealed:
        say(f"{name} holds the glasses' own microphones and can't be masked; no release takes it.")
    say("Masking hides little: see how much with woz voices prove." if files else "No recording has a voice.")
    return 0
