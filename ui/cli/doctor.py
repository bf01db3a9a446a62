"""`woz doctor`."""

from __future__ import annotations

import argparse
import json


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from ui.cli.doctor_findings import findings

    if arguments.json:
        print(json.dumps(dict(findings())))
    else:
        for name, finding in findings():
            print(f"{name:<14}{finding}", flush=True)
    return 0
