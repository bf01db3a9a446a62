"""How what isn't here is added: otherwise where there is no Python to add it to."""

from __future__ import annotations

import sys

import pytest

from woz.base.extras import how_to_add


def test_it_is_a_command_where_there_is_a_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen", raising=False)
    assert how_to_add("batch") == "run: pip install 'woz[batch]'"


def test_the_program_without_python_names_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    told = how_to_add("batch")
    assert "pip" not in told
    assert "by uv, with its extra batch" in told
