"""Commands in the documents are the program's: each is there, and has the options that it is shown with."""

from __future__ import annotations

import argparse
import functools
import re
import shlex
from collections.abc import Collection, Iterator
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
INSTALLED = re.compile(r"`[^`\n]*\.venv/bin/(woz [^`\n]+)`")
"""Within a sentence, but written as it is typed."""
ALTERNATIVES = re.compile(r"\b[a-z]+(?:\|[a-z]+)+\b")
OPEN = ("…", "...", "[", "|", "<")
"""Signs of a form that is to be filled in, not typed."""
TEST = re.compile(r"`(?:tests/)?(?:\w+/)*(test_\w+\.py)`")


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
    assert list(commands("`woz media use\\|fly lab`")) == ["woz media use|fly lab"]
    assert faults("woz media use|fly lab") == ["woz media fly lab: no fly"]
    assert faults("woz add speech|fly") == ["woz add fly: no fly"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_can_be_copied_are_taken_as_they_are(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With all that they have to be given."""
    text = page.read_text(encoding="utf-8")
    copied = [
        command for command in (*lines(text), *INSTALLED.findall(text)) if not any(o in command for o in OPEN)
    ]
    refused = []
    for command in copied:
        try:
            _program().parse_args(shlex.split(command)[1:])
        except SystemExit:
            refused.append(f"{command}: {capsys.readouterr().err.splitlines()[-1:]}")
    assert refused == []


def test_tests_that_a_page_names_are_there() -> None:
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = {name for page in PAGES for name in TEST.findall(page.read_text(encoding="utf-8"))}
    assert named - there == set()
    assert len(named) > 5


def lines(text: str) -> Iterator[str]:
    """Commands on lines of their own, without what is said behind them."""
    indented = BLOCK.sub(lambda block: re.sub("^", "    ", block[1], flags=re.MULTILINE), text)
    for line in LINE.findall(re.sub(r"\\\n\s*", "", indented)):
        yield SAID_BEHIND.split(line.strip())[0]


def commands(text: str) -> Iterator[str]:
    """Those on lines of their own, and those within sentences."""
    yield from lines(text)
    for quoted in QUOTED.findall(text):
        yield " ".join(quoted.replace("\\|", "|").split())


def faults(command: str) -> list[str]:
    """Of each command where it says several in one."""
    if several := ALTERNATIVES.search(command):
        return [fault for one in several[0].split("|") for fault in faults(command.replace(several[0], one, 1))]
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
    if words and re.fullmatch("[a-z][a-z-]*", words[0]) and words[0] not in _first_words(one, words[0]):
        return [f"{command}: no {words[0]}"]
    known = one._option_string_actions
    return [f"{command}: no {option}" for option in OPTION.findall(" ".join(words)) if option not in known]


def _first_words(one: argparse.ArgumentParser, word: str) -> Collection[str]:
    """What may stand first behind a command; the word itself where it may be any."""
    places = [each for each in one._actions if not each.option_strings]
    choices = places[0].choices if places else None
    return list(choices) if choices else [word]


@functools.cache
def _program() -> argparse.ArgumentParser:
    return parser()


def _below(one: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser] | None:
    return next((each.choices for each in one._actions if isinstance(each, argparse._SubParsersAction)), None)
