"""The commands about speech: transcribe, speakers, models, evaluate."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woz.clock import SystemClock
from woz.errors import WozError
from woz.session import SessionId

if TYPE_CHECKING:
    from storage import Project
    from woz.transcription.references import Utterance

Arguments = argparse.Namespace


def add_speech(verbs: Any) -> None:
    """Add these commands to the program's."""
    _add_transcribe(_verb(verbs, "transcribe", "recognise what was said, by speaker", _transcribe))
    speakers = _verb(verbs, "speakers", "say whose voices were told apart, after listening to them", _speakers)
    speakers.add_argument("project", type=Path)
    speakers.add_argument("--session")
    speakers.add_argument("--out", type=Path, help="a folder for three samples of each voice, as WAV files")
    speakers.add_argument("--set", action="append", default=[], metavar="VOICE=WHO", help="'voice 1=trainee'")
    models = _verb(verbs, "models", "which speech models there are, which are here, and fetching them", _models)
    models.add_argument("action", nargs="?", choices=("list", "fetch", "use", "token"), default="list")
    models.add_argument("names", nargs="*", help="models to fetch, or the folder to use")
    models.add_argument("--folder", type=Path, help="where models are kept")
    models.add_argument("--language", help="list what a session in this language needs")
    evaluate = _verb(verbs, "evaluate", "how far a transcript is from a reference", _evaluate)
    evaluate.add_argument("what", choices=("transcript",))
    evaluate.add_argument("reference", help="a .stm, .rttm or .ctm file, or a transcript's id")
    evaluate.add_argument("hypothesis", help="the same, or “newest” with --session")
    evaluate.add_argument("--project", type=Path, help="whose transcripts the ids name")
    evaluate.add_argument("--session", help="whose newest transcript is meant")
    for verb in (speakers, models, evaluate):
        verb.add_argument("--json", action="store_true")


def _verb(verbs: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    made.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help="log what happens inside")
    made.set_defaults(run=run)
    return made


def _add_transcribe(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("project", type=Path)
    verb.add_argument("--session", action="append", default=[], help="may be given again; the newest if left out")
    verb.add_argument("--all", action="store_true", help="all sessions, one after another")
    verb.add_argument("--model", help="a Whisper model's name or folder; by default what suits the device")
    verb.add_argument("--align-model", help="the folder of a Wav2Vec2 model, for word times in any language")
    verb.add_argument("--aligner", action="append", default=[], metavar="LANGUAGE=FOLDER", help="in one language")
    verb.add_argument("--diarizer", help="the folder of a pyannote pipeline")
    verb.add_argument("--language", help="en, it, de …; found out where it is left out")
    verb.add_argument("--translate", action="store_true", help="keep an English text beside the first")
    verb.add_argument("--bystanders", action="store_true", help="tell people standing by from the trainee")
    verb.add_argument("--mixed", action="store_true", help="one track holds everybody")
    verb.add_argument("--voices", type=int, help="how many people speak on a mixed track")
    verb.add_argument("--batch", type=int, default=8, help="half minutes of speech recognised at once")
    verb.add_argument("--device", choices=("cuda", "cpu"))
    verb.add_argument("--precision", help="float16, int8_float16, int8 …")
    verb.add_argument("--threads", type=int, default=0, help="of the CPU; 0 for one a core")
    verb.add_argument("--pause", type=float, default=0.8, help="seconds of silence that begin a new turn")
    verb.add_argument("--longest", type=float, default=60.0, help="seconds after which a turn ends anyway")
    verb.add_argument("--afresh", action="store_true", help="do every stage again")
    verb.add_argument("--json", action="store_true")


def _transcribe(arguments: Arguments) -> int:
    from storage import JobState, Project
    from ui.transcribing import Transcription, forget_stages, words_for

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say = logging.getLogger(__name__).info if arguments.json else _say
    with Project.open(arguments.project, SystemClock()) as project:
        if arguments.afresh:
            forget_stages(project)
        work = Transcription(project, _chosen(project, arguments), _wishes(arguments))
        made = work.run(lambda news: say(words_for(news)))
    if arguments.json:
        print(json.dumps(made))
    else:
        for one in made:
            print(f"{one['session']}  {one['state']}: {one['turns']} turns, {one['words']} words. {one['note']}")
    failed = [one for one in made if one["state"] == JobState.FAILED]
    if failed and not arguments.json:
        print(f"woz: {len(failed)} of {len(made)} failed: {failed[0]['note']}", file=sys.stderr)
    return 1 if failed else 0


def _wishes(arguments: Arguments) -> Any:
    from ui.transcribing import Wishes, named_model
    from woz.transcription.attribution import TurnSettings
    from woz.transcription.task import Settings

    aligners = dict(_pair(text) for text in arguments.aligner)
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
    return Wishes(settings, turns, arguments.bystanders, arguments.mixed)


def _chosen(project: Project, arguments: Arguments) -> list[SessionId]:
    sessions = [session.id for session in project.sessions.all()]
    if not sessions:
        raise WozError("This project has no session yet.")
    if arguments.all:
        return sessions
    return [project.sessions.get(wanted).id for wanted in arguments.session] or sessions[:1]


def _speakers(arguments: Arguments) -> int:
    from storage import Project
    from ui.speakers import name_voices, voices_with_samples, write_samples

    with Project.open(arguments.project, SystemClock()) as project:
        session = project.sessions.get(SessionId(arguments.session or _newest(project))).id
        if arguments.set:
            changed = name_voices(project, session, dict(_pair(text) for text in arguments.set))
            print(
                json.dumps({"turns": changed}) if arguments.json else f"{changed} turns were given their speaker."
            )
            return 0
        voices = voices_with_samples(project, session)
        files = write_samples(project, session, voices, arguments.out) if arguments.out else {}
    if arguments.json:
        shown = {v: [(s.start_ns, s.end_ns) for s in spans] for v, spans in voices.items()}
        print(json.dumps({"samples_ns": shown, "files": {v: [str(f) for f in fs] for v, fs in files.items()}}))
    else:
        print(_voices_words(voices, files))
    return 0


def _voices_words(voices: dict[str, Any], files: dict[str, list[Path]]) -> str:
    lines = []
    for voice, spans in voices.items():
        times = ", ".join(f"{s.start_ns / 1e9:.1f}–{s.end_ns / 1e9:.1f} s" for s in spans)
        lines.append(f"{voice:<10}listen at {times}")
        lines += [f"          {file}" for file in files.get(voice, ())]
    ask = "Then say who it is: woz speakers PROJECT --set 'voice 1=trainee' --set 'voice 2=expert'"
    return "\n".join([*lines, ask]) if lines else "No voices were told apart in this session's newest transcript."


def _models(arguments: Arguments) -> int:
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
                _say(f"fetching {wanted.name}, {wanted.size_bytes / 1e6:.0f} MB, {wanted.licence}")
                _say(f"{wanted.name} is in {fetch(wanted, folder)}")
        case "use":
            found = use_folder(Path(arguments.names[0]))
            _say(f"{len(found)} models are taken from {arguments.names[0]} from now on.")
        case "token":
            keep_token(getpass("Token of huggingface.co (it is not shown): ").strip())
            _say("The token is kept in this system's keyring.")
        case _:
            _list_models(arguments, folder)
    return 0


def _list_models(arguments: Arguments, folder: Path) -> None:
    from ui.speech_words import models_words
    from woz.transcription.catalogue import CATALOGUE, needed
    from woz.transcription.models import find_models

    found = find_models(folder)
    wanted = needed(arguments.language, "cuda", True) + needed(arguments.language, "cpu", True)
    entries = [e for e in CATALOGUE if not arguments.language or e.name in wanted]
    if arguments.json:
        print(json.dumps({"folder": str(folder), "here": [model.as_dict() for model in found]}))
    else:
        print(models_words(entries, found, folder))


def _evaluate(arguments: Arguments) -> int:
    from ui.speech_words import figures_words
    from woz.transcription.scoring import score

    reference, hypothesis = (_utterances(arguments, name) for name in (arguments.reference, arguments.hypothesis))
    figures = score(reference, hypothesis)
    print(json.dumps(figures) if arguments.json else figures_words(figures))
    return 0


def _utterances(arguments: Arguments, name: str) -> list[Utterance]:
    """Of a file, or of a transcript of the project by its id."""
    from storage import Project
    from woz.transcription.references import from_turns, read_reference

    if arguments.project is None or Path(name).suffix:
        return read_reference(Path(name))
    with Project.open(arguments.project, SystemClock()) as project:
        if name == "newest":
            made = project.transcripts.of_session(
                project.sessions.get(SessionId(arguments.session or _newest(project))).id
            )
            if not made:
                raise WozError("This session has no transcript yet; run woz transcribe.")
            return from_turns(project.transcripts.turns(made[-1].id))
        known = {str(t.id): t for s in project.sessions.all() for t in project.transcripts.of_session(s.id)}
        if name not in known:
            ids = ", ".join(known) or "none"
            raise WozError(f"This project has no transcript {name}; it has: {ids}")
        return from_turns(project.transcripts.turns(known[name].id))


def _newest(project: Project) -> str:
    sessions = project.sessions.all()
    if not sessions:
        raise WozError("This project has no session yet.")
    return sessions[0].id


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = text.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise WozError(f"“{text}” should be two names with = between them.")
    return left.strip(), right.strip()


def _say(text: str, *_: object) -> None:
    print(text, flush=True)
