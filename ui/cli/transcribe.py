"""`woz transcribe`."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_sessions, pair_of, say
from ui.cli.amounts import seconds, some, some_or_none
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted

if TYPE_CHECKING:
    from woz.lab.transcribing import Wishes


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("--session", action="append", default=[], help="may be given again; the newest if left out")
    parser.add_argument("--all", action="store_true", help="all sessions, one after another")
    parser.add_argument("--model", help="a Whisper model's name or folder; by default what suits the device")
    parser.add_argument("--fetch", action="store_true", help="first fetch the models that it lacks here")
    parser.add_argument("--align-model", help="the folder of a Wav2Vec2 model, for word times in any language")
    parser.add_argument("--aligner", action="append", default=[], metavar="LANGUAGE=FOLDER", help="in one language")
    parser.add_argument("--diarizer", help="the folder of a pyannote pipeline, or of the voice encoder")
    parser.add_argument("--language", help="en, it, de …; found out where it is left out")
    parser.add_argument("--translate", action="store_true", help="keep an English text beside the first")
    parser.add_argument("--bystanders", action="store_true", help="tell people standing by from the trainee")
    parser.add_argument("--mixed", action="store_true", help="one track holds everybody")
    parser.add_argument("--voices", type=some, help="how many people speak on a mixed track")
    parser.add_argument("--without-glossary", action="store_true", help="don't tell it the procedure's glossary")
    parser.add_argument("--batch", type=some, default=8, help="windows of speech recognised at once")
    parser.add_argument("--device", choices=("cuda", "cpu"), help="the GPU where there is one")
    parser.add_argument("--precision", help="float16, int8_float16, int8 …")
    parser.add_argument("--threads", type=some_or_none, default=0, help="of the CPU; 0 for one a core")
    parser.add_argument("--pause", type=seconds, default=0.8, help="seconds of silence that begin a new turn")
    parser.add_argument("--longest", type=seconds, default=60.0, help="seconds after which a turn ends anyway")
    parser.add_argument("--afresh", action="store_true", help="do every stage again")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.lab.transcribing import Transcription, forget_stages, refused, several_on_a_track, words_for
    from woz.model.job import JobState
    from woz.transcription.queue import Failed, News

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tell = logging.getLogger(__name__).info if arguments.json else say
    with Project.open(arguments.project, SystemClock()) as project:
        chosen = chosen_sessions(project, arguments.session, arguments.all)
        if arguments.afresh:
            forget_stages(project)
        wishes = _wishes(arguments)
        if arguments.fetch and not all(refused(project, each, wishes) for each in chosen):
            _fetch(arguments, several_on_a_track(project, chosen, wishes), tell)
        work = Transcription(project, chosen, wishes)

        def watch(news: News) -> None:
            if not (isinstance(news, Failed) and len(chosen) == 1):
                tell(with_project(words_for(news), arguments.project))

        made = [{**one, "note": with_project(one["note"], arguments.project)} for one in work.run(watch)]
    if arguments.json:
        print(json.dumps(made))
    else:
        for one in (one for one in made if one["state"] != JobState.FAILED):
            said = f"{counted(one['turns'], 'turn')}, {counted(one['words'], 'word')}"
            print(f"{one['session']}  {one['state']}: {said}. {one['note']}")
    failed = [one for one in made if one["state"] == JobState.FAILED]
    if failed and not arguments.json:
        many = f"{len(failed)} of {len(made)} failed: " if len(made) > 1 else ""
        print(f"woz: {many}{failed[0]['note']}", file=sys.stderr)
    return 1 if failed else 0


def _fetch(arguments: argparse.Namespace, several: bool, tell: Callable[[str], object]) -> None:
    """Fetch what this run needs and this machine lacks. Raises WozError where that can't be."""
    from woz.transcription.catalogue import CATALOGUE, entry, needed
    from woz.transcription.diagnosis import driver
    from woz.transcription.diarizers import chosen_diarizer, fetched_diarizer
    from woz.transcription.fetching import fetch
    from woz.transcription.models import chosen_whisper, is_whole, models_folder, require_installed

    require_installed()
    device = arguments.device or ("cuda" if driver() else "cpu")
    apart = several and not arguments.diarizer and not chosen_diarizer(None, models_folder())
    names = [*needed(arguments.language, device, fetched_diarizer() if apart else "")]
    if arguments.model or chosen_whisper():
        names[0] = arguments.model or ""
    for name in set(names) & {known.name for known in CATALOGUE}:
        wanted = entry(name)
        if not is_whole(wanted.kind, models_folder() / name):
            tell(f"fetching {wanted.name}, {wanted.size_bytes / 1e6:.0f} MB, {wanted.licence}")
            fetch(wanted, models_folder())


def _wishes(arguments: argparse.Namespace) -> Wishes:
    from woz.lab.transcribing import Wishes, named_model
    from woz.transcription.task import Settings
    from woz.transcription.turns import TurnSettings

    aligners = dict(pair_of(text) for text in arguments.aligner)
    if arguments.align_model:
        aligners["*"] = arguments.align_model
    settings = Settings(
        model=named_model(arguments.model),
        aligners=aligners,
        diarizer=arguments.diarizer,
        language=arguments.language,
        translate=arguments.translate,
        voices=arguments.voices,
        batch=arguments.batch,
        device=arguments.device,
        precision=arguments.precision,
        threads=arguments.threads,
    )
    turns = TurnSettings(round(arguments.pause * 1e9), round(arguments.longest * 1e9))
    return Wishes(settings, turns, arguments.bystanders, arguments.mixed, not arguments.without_glossary)
