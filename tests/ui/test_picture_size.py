"""Pictures of windows as they look on another screen, and what is told of those that don't fit on it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QMainWindow
from pytestqt.qtbot import QtBot

from ui.application.application import application

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def docs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(DOCS))
    yield
    for name in ("picture_size", "pictures_at_sizes"):
        sys.modules.pop(name, None)


@pytest.fixture
def picture_size(docs: None) -> ModuleType:
    return importlib.import_module("picture_size")


@pytest.fixture
def at_sizes(docs: None) -> ModuleType:
    return importlib.import_module("pictures_at_sizes")


def test_main_windows_fill_the_screen_and_dialogs_open_as_they_do(qtbot: QtBot, picture_size: ModuleType) -> None:
    app = application("light")
    filling = picture_size.Filling(QSize(640, 360), app)
    app.installEventFilter(filling)
    try:
        window, dialog = QMainWindow(), QDialog()
        for each in (window, dialog):
            qtbot.addWidget(each)
            each.resize(200, 100)
            each.show()
        assert window.size() == QSize(640, 360)
        assert dialog.size() == QSize(200, 100)
    finally:
        app.removeEventFilter(filling)


def test_a_window_that_is_larger_than_the_screen_is_told(tmp_path: Path, at_sizes: ModuleType) -> None:
    for name, size in {
        "fits": (1280, 720),
        "wide": (1281, 500),
        "high": (900, 721),
        "release-card": (900, 3000),
    }.items():
        assert QImage(*size, QImage.Format.Format_RGB32).save(str(tmp_path / f"{name}.png"))
    told = list(at_sizes.too_large(at_sizes.SCREENS["1280x720"], tmp_path))
    assert [line.split(":")[0].split("/")[1] for line in told] == ["high.png", "wide.png"]
    assert "1281x500 does not fit" in told[1]


def test_each_program_s_pictures_are_taken_on_a_screen_of_that_size_and_scale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_sizes: ModuleType
) -> None:
    asked: list[tuple[list[str], str, str]] = []

    def run(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append((command, env["WOZ_PICTURE_SIZE"], env["QT_SCALE_FACTOR"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert at_sizes.take(at_sizes.SCREENS["3840x2160-scale-2"], "pictures", "dark", tmp_path)
    ((command, logical, scale),) = asked
    assert (logical, scale) == ("1920x1080", "2")
    assert "-screen 0 3840x2160x24" in command
    assert command[-3:] == ["docs/pictures.py", str(tmp_path), "dark"]
    assert all((DOCS / f"{program}.py").is_file() for program in at_sizes.PROGRAMS)


def test_a_folder_in_the_repository_is_refused() -> None:
    command = [sys.executable, str(DOCS / "pictures_at_sizes.py"), str(DOCS / "images" / "sizes")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "give a folder outside it" in done.stderr
    assert not (DOCS / "images" / "sizes").exists()
