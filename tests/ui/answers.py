"""What a command tells: as JSON, or in the one sentence by which it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ui.cli import main


def answer_of(capsys: pytest.CaptureFixture[str], *words: str | Path, status: int = 0) -> Any:
    assert main([*map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


def refusal_of(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    assert main([*map(str, words)]) == 1
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    return said
