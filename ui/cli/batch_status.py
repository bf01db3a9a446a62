"""`woz batch status`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woz.base.clock import SystemClock

if TYPE_CHECKING:
    from woz.batch.ledger import Ledger
    from woz.batch.lock import Claim
    from woz.batch.status import Status


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="the run's folder")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from woz.batch.ledger import Ledger
    from woz.batch.status import status_of

    ledger = Ledger.open(arguments.folder)
    status = status_of(ledger)
    print(json.dumps(facts_of(ledger, status)) if arguments.json else _words(status))
    return 0


def facts_of(ledger: Ledger, status: Status) -> dict[str, Any]:
    return {
        "run": str(ledger.path.resolve()),
        "kind": status.about.kind,
        "items": status.about.items,
        "done": status.done,
        "failed": status.failed,
        "waiting": status.waiting,
        "collected": status.collected,
        "warnings": len(status.warned),
        "seconds": round(status.seconds, 3),
        "median_s": status.median_s,
        "running": _running_facts(status.running) if status.running else None,
        "passed_over": list(status.about.passed_over),
        "damaged": list(status.about.damaged),
        "failures": [asdict(failure) for failure in status.failures],
        "warned": [asdict(one) for one in status.warned],
    }


def _words(status: Status) -> str:
    about = status.about
    lines = [
        f"{about.kind}: {status.done} of {about.items} done, {status.failed} failed, {status.waiting} waiting; "
        f"{status.collected} collected."
    ]
    if status.median_s is not None:
        lines.append(f"{status.median_s:.2f} s an item (median), {status.seconds / 3600:.2f} h of work so far.")
    if status.running:
        lines.append(_running(status.running))
    lines.extend(f"not planned: {words}" for words in about.damaged)
    lines.extend(f"{one.id} is done, with a warning: {words}" for one in status.warned for words in one.warnings)
    for failure in status.failures:
        lines.append(f"{failure.id} failed, attempt {failure.attempt}: {failure.error}")
    return "\n".join(lines)


def _running(claim: Claim) -> str:
    from woz.batch.pace import in_words

    left_s = claim.left_s(SystemClock().utc_ns())
    left = "" if left_s is None else f"; {in_words(left_s)} left"
    return f"{claim.what} on {claim.host}, process {claim.pid} {claim.dashboard}".rstrip() + left


def _running_facts(claim: Claim) -> dict[str, Any]:
    return {**asdict(claim), "left_s": claim.left_s(SystemClock().utc_ns())}
