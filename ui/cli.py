"""The command line: `woz VERB`. Exit status 0, 1 for a fault of the world (one sentence on stderr), 2 for usage."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ui.speech_cli import add_speech
from woz import __version__
from woz.clock import SystemClock
from woz.errors import WozError

Arguments = argparse.Namespace


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit status."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.DEBUG if arguments.verbose else logging.WARNING)
    run: Callable[[Arguments], int] = arguments.run
    try:
        return run(arguments)
    except WozError as error:
        print(f"woz: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("woz: interrupted; what was made so far is kept.", file=sys.stderr)
        return 1


def _station(arguments: Arguments) -> int:
    from ui.app import StationOptions, run_station
    from ui.reaching import reach_of

    return run_station(
        StationOptions(
            arguments.project,
            arguments.source,
            _devices(arguments),
            arguments.address,
            arguments.host,
            arguments.port,
            arguments.sound,
            _plan_options(arguments),
            arguments.form,
            arguments.theme,
            arguments.control,
            reach_of(arguments),
        )
    )


def _plan_options(arguments: Arguments) -> Any:
    from ui.planning import PlanOptions

    return PlanOptions(
        "Assemble the lamp" if arguments.demo_procedure else arguments.procedure,
        arguments.steps,
        arguments.scenario,
        arguments.protocol,
        arguments.protocol_version,
        arguments.gaze_shown,
        arguments.pointing_allowed,
        arguments.cue_delay_ms,
        arguments.trainee,
        arguments.expert,
        arguments.other,
    )


def _join(arguments: Arguments) -> int:
    from ui.app import ConsoleOptions, run_console

    recordings = arguments.recordings or _data_folder() / "console"
    return run_console(
        ConsoleOptions(
            arguments.link,
            recordings,
            _devices(arguments),
            arguments.theme,
            arguments.control,
            not arguments.no_spare_view,
        )
    )


def _rendezvous(arguments: Arguments) -> int:
    from ui.meeting import run_rendezvous

    return run_rendezvous(arguments.address, arguments.port, _say)


def _demo(arguments: Arguments) -> int:
    import os

    from ui.demo import Demo, DemoOptions

    headless = arguments.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    out = arguments.out or Path("demo-out") / SystemClock().utc_ns().__str__()[:10]
    options = DemoOptions(
        out.absolute(),
        arguments.seconds,
        arguments.source,
        headless,
        arguments.model,
        arguments.theme,
        arguments.virtual_sound,
    )
    say = _quiet if arguments.json else _say
    summary = Demo(options, say).run()
    _shoot_editor(summary, options.out / "screenshots" / "editor.png", arguments.theme)
    print(json.dumps(summary) if arguments.json else _demo_words(summary))
    if not headless and not arguments.json:
        return _open_editor(Path(summary["project"]), summary["session_id"], arguments.theme)
    return 0


def _shoot_editor(summary: dict[str, Any], target: Path, theme: str) -> None:
    """The editor's picture, taken in a process of its own, offscreen."""
    import os
    import subprocess

    command = [sys.executable, "-m", "ui.cli", "annotate", summary["project"], "--session", summary["session_id"]]
    command += ["--shot", str(target), "--theme", theme]
    done = subprocess.run(command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=False)
    if done.returncode:
        raise WozError("The editor could not be opened on the demo's session; see the messages above.")
    summary["screenshots"].append(str(target))


def _annotate(arguments: Arguments) -> int:
    if arguments.project is None:
        return _home(arguments)
    from ui.editing import run_editor

    return run_editor(arguments.project, arguments.session, arguments.annotator, arguments.theme, arguments.shot)


def _open_editor(project: Path, session_id: str, theme: str) -> int:
    from ui.editing import run_editor

    return run_editor(project, session_id, "", theme, None)


def _home(arguments: Arguments) -> int:
    from ui.home import run_home

    return run_home(getattr(arguments, "project", None), arguments.theme)


def _export(arguments: Arguments) -> int:
    from storage import Project
    from ui.exporting import export_all
    from woz.dataset.export import FORMATS

    names = arguments.formats.split(",") if arguments.formats else tuple(FORMATS)
    with Project.open(arguments.project, SystemClock()) as project:
        session = _session(project, arguments.session)
        files = export_all(project, session, arguments.out.absolute(), names, arguments.overwrite)
    print(json.dumps([str(f) for f in files]) if arguments.json else "\n".join(str(f) for f in files))
    return 0


def _import_media(arguments: Arguments) -> int:
    from storage import Project
    from ui.media_import import MediaOptions, import_media, media_words
    from ui.planning import PlanOptions

    plan = PlanOptions(
        procedure=arguments.procedure,
        steps=arguments.steps,
        scenario=arguments.scenario,
        trainee=arguments.trainee,
        expert=arguments.expert,
    )
    options = MediaOptions(
        arguments.view,
        arguments.trainee_voice,
        arguments.expert_voice,
        tuple(arguments.offset),
        tuple(arguments.drift_ppm),
        arguments.join,
        arguments.id,
        arguments.start,
        plan,
    )
    with Project.open(arguments.project, SystemClock()) as project:
        made = import_media(project, options, _quiet if arguments.json else _say)
    print(json.dumps(made) if arguments.json else media_words(made))
    return 0


def _import_turns(arguments: Arguments) -> int:
    from storage import Project
    from ui.importing import import_turns

    with Project.open(arguments.project, SystemClock()) as project:
        count = import_turns(project, _session(project, arguments.session), arguments.file, arguments.origin)
    print(json.dumps({"turns": count}) if arguments.json else f"{count} turns imported.")
    return 0


def _import_voice(arguments: Arguments) -> int:
    from storage import Project
    from ui.importing import import_voice

    with Project.open(arguments.project, SystemClock()) as project:
        made = import_voice(project, arguments.file, arguments.session)
    print(
        json.dumps(made) if arguments.json else f"{made['session_id']}: the expert's own recording is in its place."
    )
    return 0


def _check(arguments: Arguments) -> int:
    from storage import Project
    from woz.recording.folder import SessionFolder
    from woz.recording.verification import check

    with Project.open(arguments.project, SystemClock()) as project:
        ids = (
            [_session(project, arguments.session)] if arguments.session else [s.id for s in project.sessions.all()]
        )
        reports = [check(SessionFolder.open(project.session_dir(i))) for i in ids]
    if arguments.html:
        from ui.check_page import write_page

        write_page(arguments.html, reports, SystemClock().utc_ns())
    if arguments.json:
        print(json.dumps([asdict(report) for report in reports]))
    else:
        from ui.reporting import report_words

        print("\n\n".join(report_words(report) for report in reports) or "This project has no session yet.")
    return 0


def _consent(arguments: Arguments) -> int:
    from storage import Project
    from ui.consenting import consent_words, enter_consents
    from woz.session import ConsentKind

    with Project.open(arguments.project, clock := SystemClock()) as project:
        if arguments.person:
            taken_back = [ConsentKind(kind) for kind in arguments.take_back]
            enter_consents(project, arguments.person, taken_back, arguments.withdrawn, clock.utc_ns())
        people = project.participants.all()
    if arguments.json:
        print(json.dumps([asdict(person) for person in people]))
    else:
        print("\n".join(map(consent_words, people)) or "This project has no participant yet.")
    return 0


def _recover(arguments: Arguments) -> int:
    from ui.recovering import recover_project

    states = recover_project(arguments.project)
    print(json.dumps(states) if arguments.json else "\n".join(states) or "Nothing to recover.")
    return 0


def _doctor(arguments: Arguments) -> int:
    from ui.reporting import doctor

    findings = doctor()
    if arguments.json:
        print(json.dumps(findings))
    else:
        print("\n".join(f"{name:<14}{finding}" for name, finding in findings.items()))
    return 0


def _session(project: Any, wanted: str | None) -> Any:
    sessions = project.sessions.all()
    if wanted:
        return project.sessions.get(wanted).id
    if not sessions:
        raise WozError("This project has no session yet.")
    return sessions[0].id


def _devices(arguments: Arguments) -> Any:
    from ui.app import Devices

    return Devices(arguments.mic, arguments.speaker, arguments.script)


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("woz")


def _say(text: str) -> None:
    print(text, flush=True)


def _quiet(text: str) -> None:
    logging.getLogger(__name__).info("%s", text)


def _demo_words(summary: dict[str, Any]) -> str:
    frames, latency, sync = summary["frames"], summary["latency_ms"], summary["sync_ms"]
    marks = ", ".join(
        f"{name.replace('_', ' ')} {'no marks' if value is None else f'{value:.1f} ms'}"
        for name, value in sync.items()
    )
    return "\n".join(
        (
            f"Session    {summary['session_id']}, {summary['seconds']:.1f} s, in {summary['project']}",
            f"Frames     {frames['captured']} captured, {frames['recorded']} recorded, {frames['shown']} shown",
            f"Delay      {latency['p50']} ms capture to shown (median), {latency['p95']} ms (95th percentile)",
            f"Sync       {marks} (largest error)",
            f"Dialogue   {summary['turns']} turns ({summary['transcript_origin']}), {summary['states']} states",
            f"Annotated  {summary['steps']} steps, {summary['questions']} questions",
            f"Verdict    {summary['check']['verdict']}: {_reasons(summary)}",
            f"Exports    {len(summary['exports'])} files in {Path(summary['exports'][0]).parent}",
            f"Pictures   {', '.join(summary['screenshots'])}",
        )
    )


def _reasons(summary: dict[str, Any]) -> str:
    return "; ".join(summary["check"]["reasons"]) or "nothing amiss"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="woz", description="Record and annotate guided tasks seen through glasses."
    )
    parser.add_argument("--version", action="version", version=f"woz {__version__}")
    parser.add_argument("--verbose", action="store_true", help="log what happens inside")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system")
    parser.set_defaults(run=_home)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_add_live, _add_work, add_speech, _add_care):
        add(verbs)
    return parser


def _verb(verbs: Any, name: str, text: str, run: Callable[[Arguments], int]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    made.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS, help="log what happens inside")
    made.add_argument("--theme", choices=("system", "light", "dark"), default=argparse.SUPPRESS)
    made.set_defaults(run=run)
    return made


def _add_live(verbs: Any) -> None:
    from woz.capture.specs import SOURCES

    station = _verb(verbs, "station", "record a session near the trainee", _station)
    station.add_argument("--project", type=Path, required=True, help="the project's folder; made where it is new")
    sources = "; ".join(f"{spec}: {text}" for spec, text in SOURCES.items())
    station.add_argument("--source", default="synthetic", help=f"where the view comes from. {sources}")
    station.add_argument("--sound", choices=("microphone", "source", "both"), default="both", help="the trainee's")
    _add_plan(station)
    station.add_argument("--address", default="0.0.0.0", help="the address to listen on")
    station.add_argument("--host", default="", help="the address that the invitation names")
    station.add_argument("--port", type=int, default=0, help="the port to listen on; 0 for any")
    _add_reach(station)
    station.add_argument("--demo-procedure", action="store_true", help=argparse.SUPPRESS)
    join = _verb(verbs, "join", "sit at the console as the expert", _join)
    join.add_argument("link", help="the invitation, woz://…")
    join.add_argument("--recordings", type=Path, help="where your own voice is recorded")
    join.add_argument("--no-spare-view", action="store_true", help="don't keep the view as it comes, as a spare")
    for seat in (station, join):
        seat.add_argument("--mic", default="default", help="microphone: default, a name, a number, or virtual")
        speakers = "earpiece: default, a name, a number, virtual, or (station, Gen 2 over WebRTC) glasses"
        seat.add_argument("--speaker", default="default", help=speakers)
        seat.add_argument("--script", type=Path, help="what is said before the virtual microphone, a WAV file")
        seat.add_argument("--control", action="store_true", help="take commands on standard input")
    meeting = _verb(verbs, "rendezvous", "help a station and consoles to meet; carries no media", _rendezvous)
    meeting.add_argument("--address", default="0.0.0.0", help="the address to listen on")
    meeting.add_argument("--port", type=int, default=7443, help="the port to listen on; 0 for any")
    demo = _verb(verbs, "demo", "run one whole session on this machine", _demo)
    demo.add_argument("--headless", action="store_true", help="windows run offscreen and leave screenshots")
    demo.add_argument("--seconds", type=int, default=60)
    demo.add_argument("--source", default="", help="as for woz station")
    demo.add_argument("--out", type=Path, help="a new folder for all that it makes")
    demo.add_argument("--virtual-sound", action="store_true", help="no sound system: devices inside the program")
    demo.add_argument("--model", type=Path, help="a speech model's folder; without one the script is imported")
    demo.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def _add_reach(station: argparse.ArgumentParser) -> None:
    reach = station.add_argument_group(
        "the network",
        "Also in a settings file and the environment, where the TURN password belongs: docs/network.md.",
    )
    reach.add_argument("--stun", metavar="URL", help="stun:HOST:PORT")
    reach.add_argument(
        "--turn", metavar="URL", help="turn:HOST:PORT, turn:HOST:PORT?transport=tcp, or turns:HOST:PORT"
    )
    reach.add_argument("--turn-user", metavar="NAME", help="the password is taken from WOZ_TURN_PASSWORD")
    reach.add_argument("--rendezvous", metavar="HOST:PORT", help="a woz rendezvous that both sides dial")
    reach.add_argument("--valid-hours", metavar="N", help="how long the invitation lets in (24)")


def _add_plan(station: argparse.ArgumentParser) -> None:
    plan = station.add_argument_group(
        "the session", "With a procedure, a protocol and a trainee the session begins without the form."
    )
    plan.add_argument("--form", action="store_true", help="show the form, filled in with these")
    plan.add_argument("--procedure", default="", help="the procedure's name")
    plan.add_argument("--steps", type=Path, help="a text file of the procedure's steps, one a line")
    plan.add_argument("--scenario", default="", help="what the session is about, in words")
    plan.add_argument("--protocol", default="", help="proactive, on-demand, or a text file of your own")
    plan.add_argument("--protocol-version", default="", help="the version of your own protocol")
    plan.add_argument("--gaze-shown", action="store_true", help="draw the trainee's gaze for the expert")
    plan.add_argument("--pointing-allowed", action="store_true", help="let the expert draw on the view")
    plan.add_argument("--cue-delay-ms", type=int, default=0, help="how long a cue of the expert waits")
    person = (
        "pseudonym, then, with commas between: experience=none|some|often|TIMES, skill=0..10, languages=en+it,"
        " and consents privacy, recording, transcription, release, each =VERSION or =VERSION@2026-03-01"
    )
    plan.add_argument("--trainee", default="", metavar="PERSON", help=person)
    plan.add_argument("--expert", default="", metavar="PERSON", help="the same of the expert")
    plan.add_argument("--other", action="append", default=[], metavar="PERSON", help="the same of anybody else")


def _add_work(verbs: Any) -> None:
    annotate = _verb(verbs, "annotate", "open the editor, or the home window", _annotate)
    annotate.add_argument("project", type=Path, nargs="?")
    annotate.add_argument("--session", help="its id; the newest where it is left out")
    annotate.add_argument("--annotator", default="", help="your name in the edit log")
    annotate.add_argument("--shot", type=Path, help="save a picture of the window and close it")
    _add_imports(verbs)
    export = _verb(verbs, "export", "write a session in the field's formats", _export)
    export.add_argument("project", type=Path)
    export.add_argument("--session")
    export.add_argument("--out", type=Path, default=Path("exports"))
    export.add_argument("--formats", help="some of the formats, with commas between")
    export.add_argument("--overwrite", action="store_true")
    export.add_argument("--json", action="store_true")


def _add_imports(verbs: Any) -> None:
    what = verbs.add_parser("import", help="take in what was made elsewhere").add_subparsers(
        title="what", metavar="WHAT", required=True
    )
    turns = _verb(what, "turns", "turns from a WebVTT file", _import_turns)
    turns.add_argument("project", type=Path)
    turns.add_argument("file", type=Path)
    turns.add_argument("--session")
    turns.add_argument("--origin", choices=("script", "manual", "imported"), default="imported")
    media = _verb(what, "media", "a video or an Aria recording, with voices recorded apart", _import_media)
    media.add_argument("project", type=Path)
    media.add_argument("view", type=Path, help="a video, or a VRS recording of Aria glasses")
    media.add_argument("--trainee-voice", type=Path, metavar="FILE", help="WAV, FLAC, MP3, M4A, WebM, VRS, …")
    media.add_argument("--expert-voice", type=Path, metavar="FILE", help="the same of the expert")
    offset = "where a voice begins in the view (seconds), instead of by its sound: --offset expert=12.34"
    media.add_argument("--offset", action="append", default=[], metavar="[WHO=]S", help=offset)
    drift = "how much faster session time runs than its clock, beside --offset"
    media.add_argument("--drift-ppm", action="append", default=[], metavar="[WHO=]PPM", help=drift)
    joined = "lay the view on this session, as its main view; the one that it has is kept"
    media.add_argument("--join", default="", metavar="SESSION", help=joined)
    media.add_argument("--id", default="", help="the new session's id; made from its start where it is left out")
    media.add_argument("--start", default="", help="when it began, 2026-03-01T14:30:00Z")
    media.add_argument("--procedure", default="", help="the procedure's name")
    media.add_argument("--steps", type=Path, help="a text file of the procedure's steps, one a line")
    media.add_argument("--scenario", default="", help="what the session is about, in words")
    media.add_argument("--trainee", default="", metavar="PERSON", help="as for woz station")
    media.add_argument("--expert", default="", metavar="PERSON", help="the same of the expert")
    voice = _verb(what, "voice", "the console's own recording of the expert", _import_voice)
    voice.add_argument("project", type=Path)
    voice.add_argument("file", type=Path, help="expert.mka with expert.json beside it, or the folder of both")
    voice.add_argument("--session", help="its id; as the recording says where it is left out")
    for verb in (turns, media, voice):
        verb.add_argument("--json", action="store_true")


def _add_care(verbs: Any) -> None:
    check = _verb(verbs, "check", "integrity and sync of recorded sessions", _check)
    check.add_argument("project", type=Path)
    check.add_argument("--session")
    check.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots, to be archived")
    recover = _verb(verbs, "recover", "close what a crash left open", _recover)
    recover.add_argument("project", type=Path)
    consent = _verb(verbs, "consent", "list or enter what participants agreed to", _consent)
    consent.add_argument("project", type=Path)
    consent.add_argument("person", nargs="?", default="", help="as for woz station: P01,release=2.1@2026-03-01")
    kinds = ("privacy", "recording", "transcription", "release")
    consent.add_argument("--take-back", action="append", choices=kinds, default=[], help="no longer agreed to")
    consent.add_argument(
        "--withdrawn",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="left the study: nothing is allowed",
    )
    doctor = _verb(verbs, "doctor", "devices, GPU, models, programs of this machine", _doctor)
    for verb in (check, recover, consent, doctor):
        verb.add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
