"""`woz doctor`."""

from __future__ import annotations

import argparse
import json


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    from ui.reporting import doctor

    findings = doctor()
    if arguments.json:
        print(json.dumps(findings))
    else:
        print("\n".join(f"{name:<14}{finding}" for name, finding in findings.items()))
    return 0
