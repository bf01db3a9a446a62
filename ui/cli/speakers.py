"""`woz speakers`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ui.application.answers import chosen_session, pair_of
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", help="its id; the newest where it is left out")
    parser.add_argument("--out", type=Path, help="a folder for three samples of each voice, as WAV files")
    parser.add_argument("--set", action="append", default=[], metavar="VOICE=WHO", help="'voice 1=trainee'")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.speakers import name_voices, voices_with_samples, write_samples

    with Project.open(arguments.project, SystemClock()) as project:
        session = chosen_session(project, arguments.session)
        if arguments.set:
            changed = name_voices(project, session, dict(pair_of(text) for text in arguments.set))
            print(
                json.dumps({"turns": changed})
                if arguments.json
                else f"{counted(changed, 'turn was', 'turns were')} given their speaker."
            )
            return 0
        voices = voices_with_samples(project, session)
        files = write_samples(project, session, voices, arguments.out) if arguments.out else {}
    if arguments.json:
        shown = {v: [(s.start_ns, s.end_ns) for s in spans] for v, spans in voices.items()}
        print(json.dumps({"samples_ns": shown, "files": {v: [str(f) for f in fs] for v, fs in files.items()}}))
    else:
        print(with_project(_voices_words(voices, files), arguments.project))
    return 0


def _voices_words(voices: dict[str, Any], files: dict[str, list[Path]]) -> str:
    lines = []
    for voice, spans in voices.items():
        times = ", ".join(f"{s.start_ns / 1e9:.1f}–{s.end_ns / 1e9:.1f} s" for s in spans)
        lines.append(f"{voice:<10}listen at {times}")
        lines += [f"          {file}" for file in files.get(voice, ())]
    sets = " ".join(f"--set '{voice}=WHO'" for voice in voices)
    ask = f"Then say who it is (trainee, expert or other): woz speakers PROJECT {sets}"
    return "\n".join([*lines, ask]) if lines else "No voices were told apart in this session's newest transcript."
