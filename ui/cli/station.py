"""`woz station`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.devices import add_devices, devices_of
from ui.cli.ports import port
from ui.cli.sources import add_source

if TYPE_CHECKING:
    from ui.station.options import StationOptions
    from woz.lab.planning import PlanOptions


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", type=Path, required=True, help="the project's folder; made where it is new")
    add_source(parser, "")
    parser.add_argument(
        "--sound",
        choices=("microphone", "source", "both"),
        default="both",
        help="what is recorded of the trainee; with both, each is a track of its own",
    )
    parser.add_argument(
        "--expert-hears",
        choices=("microphone", "source"),
        default="microphone",
        help="which of both the expert hears",
    )
    add_devices(parser)
    parser.set_defaults(mic="", speaker="")
    _add_plan(parser)
    parser.add_argument("--address", default="0.0.0.0", help="the address to listen on")
    parser.add_argument("--host", default="", help="the address that the invitation names")
    parser.add_argument("--port", type=port, default=0, help="the port to listen on; 0 for any")
    _add_reach(parser)
    parser.add_argument("--demo-procedure", action="store_true", help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    from ui.application.opening import opening

    with opening("Opening the station", arguments.theme, hidden=arguments.control):
        from ui.station.run import run_station

        return run_station(_station_options(arguments))


def _station_options(arguments: argparse.Namespace) -> StationOptions:
    from ui.cli.reaching import reach_of
    from ui.station.options import StationOptions

    return StationOptions(
        arguments.project,
        arguments.source,
        devices_of(arguments),
        arguments.address,
        arguments.host,
        arguments.port,
        arguments.sound,
        arguments.expert_hears,
        _plan_options(arguments),
        arguments.form,
        arguments.theme,
        arguments.control,
        reach_of(arguments),
    )


def _plan_options(arguments: argparse.Namespace) -> PlanOptions:
    from woz.lab.planning import PlanOptions

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


def _add_reach(parser: argparse.ArgumentParser) -> None:
    reach = parser.add_argument_group(
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


def _add_plan(parser: argparse.ArgumentParser) -> None:
    plan = parser.add_argument_group(
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
        " and consents privacy, recording, transcription, release, each =VERSION, =VERSION@2026-03-01 or, where it"
        " ends, =VERSION@2026-03-01/2031-03-01"
    )
    plan.add_argument("--trainee", default="", metavar="PERSON", help=person)
    plan.add_argument("--expert", default="", metavar="PERSON", help="the same of the expert")
    plan.add_argument("--other", action="append", default=[], metavar="PERSON", help="the same of anybody else")
