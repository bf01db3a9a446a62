"""A newer woz is told where a lab has set an address, and nobody is asked otherwise."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from storage import Project
from ui.application import newer
from ui.application.newer import VARIABLE, newer_words
from ui.home.run import Home
from ui.home.window import HomeWindow
from woz import __version__
from woz.base.clock import SystemClock
from woz.base.errors import WozError


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(newer, "user_config_path", lambda _: tmp_path)


def _offer(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (folder / "newest.json").write_text(text)
    monkeypatch.setenv(VARIABLE, str(folder / "newest.json"))


def test_nobody_is_asked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("somebody was asked"))
    assert newer_words() == ""


def test_a_newer_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _offer(tmp_path, monkeypatch, json.dumps({"version": "99.10", "notes": "on the lab's drive"}))
    assert newer_words() == f"woz 99.10 is there, this is {__version__}: on the lab's drive"


@pytest.mark.parametrize("version", [__version__, "0.0.9", "0"])
def test_the_same_or_an_older_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    _offer(tmp_path, monkeypatch, json.dumps({"version": version}))
    assert newer_words() == ""


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": "soon"}', '{"version": 3}'])
def test_what_is_no_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    _offer(tmp_path, monkeypatch, text)
    with pytest.raises(WozError, match="Whether there is a newer woz can't be read"):
        newer_words()


def test_an_address_without_a_lock_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/newest.json")
    with pytest.raises(WozError, match="only https addresses and files"):
        newer_words()


def test_the_settings_file_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newest.json").write_text('{"version": "99"}')
    (tmp_path / "newer.toml").write_text(f'address = "{tmp_path / "newest.json"}"\n')
    assert newer_words().startswith("woz 99 is there")
    (tmp_path / "newer.toml").write_text("address = [")
    with pytest.raises(WozError, match=r"newer\.toml can't be read as settings"):
        newer_words()


def test_the_home_window_tells_it_once_nothing_is_recorded(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _offer(tmp_path, monkeypatch, '{"version": "99"}')
    Project.create(tmp_path / "lab", "Lab", SystemClock()).close()
    window = HomeWindow()
    qtbot.addWidget(window)
    home = Home(window, SystemClock(), QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    home.open(str(tmp_path / "lab"))
    try:
        qtbot.waitUntil(
            lambda: any("woz 99 is there" in one.text() for one in window.findChildren(QLabel)), timeout=60_000
        )
    finally:
        home.close()
