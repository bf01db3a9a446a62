"""`woz import media`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.application.answers import quiet, say
from ui.cli.consent import add_provenance
from woz.base.clock import SystemClock


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder; made where it is new")
    parser.add_argument("view", type=Path, help="a video, or a VRS recording of Aria glasses")
    parser.add_argument("--trainee-voice", type=Path, metavar="FILE", help="WAV, FLAC, MP3, M4A, WebM, VRS, …")
    parser.add_argument("--expert-voice", type=Path, metavar="FILE", help="the same of the expert")
    offset = "where a voice begins in the view (seconds), instead of by its sound: --offset expert=12.34"
    parser.add_argument("--offset", action="append", default=[], metavar="[WHO=]S", help=offset)
    drift = "how much faster session time runs than its clock, beside --offset"
    parser.add_argument("--drift-ppm", action="append", default=[], metavar="[WHO=]PPM", help=drift)
    joined = "lay the view on this session, as its main view; the one that it has is kept"
    parser.add_argument("--join", default="", metavar="SESSION", help=joined)
    parser.add_argument("--id", default="", help="the new session's id; made from its start where it is left out")
    parser.add_argument("--start", default="", help="when it began, 2026-03-01T14:30:00Z")
    add_provenance(parser)
    parser.add_argument("--procedure", default="", help="the procedure's name")
    parser.add_argument("--steps", type=Path, help="a text file of the procedure's steps, one a line")
    parser.add_argument("--title", default="", help="the session's; the procedure's name where it is left out")
    parser.add_argument("--place", default="", help="where it was recorded: a room or a kitchen by its code")
    parser.add_argument("--scenario", default="", help="what the session is about, in words")
    parser.add_argument(
        "--protocol", default="", help="proactive, on-demand, or a text file; else none is on record"
    )
    parser.add_argument("--protocol-version", default="", help="the version of your own protocol")
    parser.add_argument("--trainee", default="", metavar="PERSON", help="as for woz station")
    parser.add_argument("--expert", default="", metavar="PERSON", help="the same of the expert")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage.project import filled_or_unmade
    from woz.importing.material import require_file
    from woz.lab.media_import import MediaOptions, import_media, media_words
    from woz.lab.planning import PlanOptions
    from woz.privacy.consent import provenance_of

    plan = PlanOptions(
        procedure=arguments.procedure,
        steps=arguments.steps,
        scenario=arguments.scenario,
        protocol=arguments.protocol,
        protocol_version=arguments.protocol_version,
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
        provenance_of(arguments.source_name, arguments.licence),
        arguments.title,
        arguments.place,
    )
    require_file(arguments.view)
    with filled_or_unmade(arguments.project, SystemClock()) as project:
        made = import_media(project, options, quiet if arguments.json else say)
    print(json.dumps(made) if arguments.json else media_words(made))
    return 0
