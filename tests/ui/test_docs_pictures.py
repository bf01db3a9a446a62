"""What the pictures of the docs show agrees with itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from pytestqt.qtbot import QtBot

from ui.home.columns import consent_words
from ui.home.window import HomeWindow

PICTURES = Path(__file__).parents[2] / "docs" / "pictures.py"


def test_the_pictured_sessions_facets_know_who_was_there(qtbot: QtBot, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("docs_pictures", PICTURES)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    window = module.home(tmp_path)
    qtbot.addWidget(window)
    assert isinstance(window, HomeWindow)
    lines = [window._model.line(row) for row in range(window._model.rowCount())]
    assert lines
    for line in lines:
        assert line.facts
        assert ", ".join(line.facts.people) == line.participants
        assert consent_words(line) == "given"
        assert bool(line.facts.transcript) != line.running
