"""Commands in the documents are the program's: each is there, and has the options that it is shown with."""

from __future__ import annotations

import argparse
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.cli.program import parser
from ui.cli.verbs import VerbParser

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "roles").glob("*.md")])
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^ {4}(woz .*)$", re.MULTILINE)
QUOTED = re.compile(r"`(woz [^`]+)`")
SAID_BEHIND = re.compile(r"\s{2,}|\s#|[`|]")
OPTION = re.compile(r"--[a-z][a-z-]*")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_of_a_page_are_the_programs(page: Path) -> None:
    assert [fault for command in commands(page.read_text(encoding="utf-8")) for fault in faults(command)] == []


def test_what_is_no_command_is_told() -> None:
    assert list(commands("As `woz fly\nlab` does:\n\n    woz agree lab --fast     at once\n")) == [
        "woz agree lab --fast",
        "woz fly lab",
    ]
    assert faults("woz agree lab --fast") == ["woz agree lab --fast: no --fast"]
    assert faults("woz fly lab") == ["woz fly lab: no command fly"]


def commands(text: str) -> Iterator[str]:
    """Those on lines of their own, without what is said behind them, and those within sentences."""
    indented = BLOCK.sub(lambda block: re.sub("^", "    ", block[1], flags=re.MULTILINE), text)
    for line in LINE.findall(indented):
        yield SAID_BEHIND.split(line.strip())[0]
    for quoted in QUOTED.findall(text):
        yield " ".join(quoted.split())


def faults(command: str) -> list[str]:
    words = command.split()[1:]
    one: argparse.ArgumentParser = _program()
    while words and (found := _below(one)) is not None:
        if words[0] not in found:
            break
        one = found[words.pop(0)]
        if isinstance(one, VerbParser):
            one.load()
            words = one._reorder(words) if one._reorder else words
    if words and one.prog == "woz" and re.fullmatch("[a-z]+", words[0]):
        return [f"{command}: no command {words[0]}"]
    known = one._option_string_actions
    return [f"{command}: no {option}" for option in OPTION.findall(" ".join(words)) if option not in known]


@functools.cache
def _program() -> argparse.ArgumentParser:
    return parser()


def _below(one: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser] | None:
    return next((each.choices for each in one._actions if isinstance(each, argparse._SubParsersAction)), None)
