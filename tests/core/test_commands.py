"""Commands in sentences can be copied whole."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from woz.base.commands import quoted, with_project

AWAY = Path("/my lab/it's")


@pytest.mark.parametrize("word", ["lab", "/my lab", "it's", "$HOME", "a b 'c' \"d\"", "", "*"])
def test_a_quoted_word_is_one_word_of_a_shell(word: str) -> None:
    assert shlex.split(f"woz check {quoted(word)} --json") == ["woz", "check", word, "--json"]
    assert quoted("/lab/one-2_3.4") == "/lab/one-2_3.4"


def test_windows_has_quotes_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert quoted(r"C:\my lab") == r'"C:\my lab"'


@pytest.mark.parametrize(
    ("sentence", "commands"),
    [
        ("No model; run: woz blur detect PROJECT --fetch.", ["woz blur detect {} --fetch."]),
        ("woz annotators PROJECT lists them, woz annotators add PROJECT P", ["woz annotators {}", "add {} P"]),
        ("woz models fetch tiny; woz transcribe PROJECT --model tiny", ["; woz transcribe {} --model tiny"]),
        ("woz batch plan KIND PROJECT.", ["woz batch plan KIND {}."]),
        ("one\nwoz check PROJECT\nwoz check PROJECT", ["woz check {}\nwoz check {}"]),
    ],
)
def test_a_command_names_the_project_where_it_is_known(sentence: str, commands: list[str]) -> None:
    told = with_project(sentence, AWAY)
    assert "PROJECT" not in told
    for command in commands:
        assert command.format(*[quoted(AWAY)] * 2) in told
    assert with_project(sentence, None) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no comment PROJECT.",
        "woz annotates.\nPROJECT",
        "woz take PROJECTS",
        "/my woz data/PROJECT can't be read.",
        "/my woz PROJECT/a can't be read.",
    ],
)
def test_what_is_no_place_in_a_command_stays(sentence: str) -> None:
    assert with_project(sentence, AWAY) == sentence
