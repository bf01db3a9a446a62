"""`woz licences`: every package that is here, its licence, and the text of it."""

from __future__ import annotations

import json
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from ui.cli.program import main
from ui.reports.licences import licence_of


def _package(folder: Path, *lines: str) -> Distribution:
    about = folder / "thing-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", "Name: thing", "Version: 1", *lines, ""]))
    (about / "LICENSE").write_text("\n  The Thing Licence  \n\nDo as you like.\n")
    (about / "RECORD").write_text("thing-1.dist-info/LICENSE,,\n")
    return Distribution.at(about)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT", "License: something else"], "MIT"),
        (["License: BSD"], "BSD"),
        (["License: " + "a whole text " * 9, "Classifier: License :: OSI Approved :: MIT License"], "MIT License"),
        ([], "The Thing Licence"),
    ],
)
def test_a_licence_is_called_what_its_package_calls_it(tmp_path: Path, lines: list[str], licence: str) -> None:
    assert licence_of(_package(tmp_path, *lines)) == licence


def test_all_that_is_here_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", "--json"]) == 0
    told = {one["package"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["msgspec"]["licence"] == "BSD-3-Clause"
    assert "x264" in told["av"]["within"]


def test_the_text_of_one_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", "Segno"]) == 0
    assert "Redistribution and use in source and binary forms" in capsys.readouterr().out


def test_a_package_that_is_not_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", "nowhere"]) == 1
    assert capsys.readouterr().err == "woz: There is no package nowhere here; woz licences lists them.\n"
