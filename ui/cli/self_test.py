"""`woz --self-test`: whether this program, as it is installed here, records, migrates and shows its windows."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from woz.base.errors import WozError

OWN_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""Where a test would leave settings and models behind; they lie in its own folder meanwhile."""


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    well: bool
    text: str
    seconds: float


def run(arguments: argparse.Namespace) -> int:
    found: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="woz-self-test-", ignore_cleanup_errors=True) as folder:
        os.environ.update({name: str(Path(folder) / name.lower()) for name in OWN_FOLDERS})
        for finding in findings(Path(folder)):
            found.append(finding)
            if not arguments.json:
                print(f"{finding.name:<10}{'well' if finding.well else 'AMISS'}: {finding.text}", flush=True)
    if arguments.json:
        print(json.dumps({"well": all(one.well for one in found), "tests": [asdict(one) for one in found]}))
    return 0 if all(one.well for one in found) else 1


def findings(folder: Path) -> Iterator[Finding]:
    """One of each test, as soon as it is done; the windows show what was recorded."""
    from ui.cli import self_tests
    from ui.cli.self_test_windows import windows

    project = folder / "project"
    tests: tuple[tuple[str, Callable[[], str]], ...] = (
        ("children", self_tests.children),
        ("sound", self_tests.sound),
        ("recording", lambda: self_tests.recording(project)),
        ("migration", lambda: self_tests.migration(folder / "old")),
        ("windows", lambda: windows(project)),
        ("parts", self_tests.parts),
    )
    for name, test in tests:
        yield _tried(name, test)


def _tried(name: str, test: Callable[[], str]) -> Finding:
    """Whatever a test raises is its finding, so that the others are still made."""
    began = time.monotonic()
    try:
        text, well = test(), True
    except WozError as error:
        text, well = str(error), False
    except Exception as error:
        text, well = f"{type(error).__name__}: {error}".replace("\n", " "), False
    return Finding(name, well, text, round(time.monotonic() - began, 2))
