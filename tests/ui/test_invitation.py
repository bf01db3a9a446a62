"""Where `woz join` takes its invitation from, and where it stands for others to read."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
from pathlib import Path

import pytest

from ui.application.invitation import FOLLOWED, VARIABLE, add_invitation, invitation_of
from ui.cli.program import main
from ui.console.run import ConsoleOptions
from woz.base.errors import WozError
from woz.link.handshake.invitation import Invitation
from woz.model.ids import SessionId

LINK = "woz://127.0.0.1:1/s#x"


def _asked(*words: str) -> str:
    parser = argparse.ArgumentParser()
    add_invitation(parser)
    return invitation_of(parser.parse_args(list(words)))


def test_an_invitation_comes_in_any_of_four_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").write_text(f"{LINK}\n")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{LINK}\nthe rest\n"))
    assert _asked(LINK) == _asked("--link-file", str(tmp_path / "link")) == _asked("-") == LINK
    monkeypatch.setenv(VARIABLE, LINK)
    assert _asked() == LINK


def test_no_child_inherits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ([], ["woz://other"]):
        monkeypatch.setenv(VARIABLE, LINK)
        _asked(*words)
        assert VARIABLE not in os.environ


@pytest.mark.parametrize("followed", [False, True])
def test_whoever_starts_a_console_by_the_environment_is_no_window_of_ours(
    monkeypatch: pytest.MonkeyPatch, followed: bool
) -> None:
    """In a terminal there are no boxes for what lacks, and the advice on --mic none is needed."""
    started: list[ConsoleOptions] = []

    def run_console(options: ConsoleOptions) -> int:
        started.append(options)
        return 0

    monkeypatch.setattr("ui.console.run.run_console", run_console)
    monkeypatch.setattr("ui.application.opening.opening", lambda *_, **__: contextlib.nullcontext())
    monkeypatch.setenv(VARIABLE, Invitation.new("127.0.0.1", 9, SessionId("s"), 2**32 - 1, bytes(32)).link)
    monkeypatch.setenv(FOLLOWED, "1" if followed else "")
    assert main(["join", "--control"]) == 0
    assert [options.handed for options in started] == [followed]
    assert FOLLOWED not in os.environ


def test_none_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(WozError, match="woz join LINK"):
        _asked()
    with pytest.raises(WozError, match="can't be read"):
        _asked("--link-file", str(tmp_path / "nowhere"))


def test_what_is_no_invitation_is_told_wherever_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "nonsense")
    assert main(["join"]) == 1
    assert "not an invitation link" in capsys.readouterr().err
