"""`woz --self-test`: all is tried for real; what is amiss is one line, and nothing stays behind."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui.cli import self_test, self_tests
from ui.cli.self_test import Finding
from woz.base.errors import WozError

NAMES = ["children", "sound", "recording", "migration", "windows", "parts"]


def _asked(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    left = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DISPLAY", "QT_"))}
    environment = {**left, "HOME": str(home), "PYTHONPATH": str(Path.cwd()), **variables}
    command = [sys.executable, "-m", "ui.cli", "--self-test", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=500)


def test_all_is_well_and_nothing_stays(tmp_path: Path) -> None:
    done = _asked(tmp_path, "--json", QT_QPA_PLATFORM="offscreen")
    told = json.loads(done.stdout)
    assert [test["name"] for test in told["tests"]] == NAMES
    assert (done.returncode, [test for test in told["tests"] if not test["well"]]) == (0, [])
    assert list(tmp_path.iterdir()) == []
    assert "pipewire" not in done.stderr.casefold()


def test_a_machine_without_a_display_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_display() -> str:
        raise WozError("There is no display here.")

    def broken() -> str:
        raise ValueError("two\nlines")

    tests = [self_test._tried(name, test) for name, test in (("windows", no_display), ("sound", broken))]
    monkeypatch.setattr(self_test, "findings", lambda _: iter(tests))
    for name in self_test.OWN_FOLDERS:
        monkeypatch.setenv(name, str(tmp_path))
    assert self_test.run(_Arguments()) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["windows   AMISS: There is no display here.", "sound     AMISS: ValueError: two lines"]


class _Arguments(argparse.Namespace):
    json = False


def test_a_module_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_tests, "_modules", lambda: ["woz.base.nowhere"])
    found = self_test._tried("parts", self_tests.parts)
    assert found == Finding("parts", False, found.text, found.seconds)
    assert "woz.base.nowhere can't be loaded" in found.text


def test_an_extra_that_is_missing_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_tests, "_modules", lambda: ["torchaudio.nowhere", "woz.base.errors"])
    assert self_tests.parts() == "1 modules load; 1 are for extras"
