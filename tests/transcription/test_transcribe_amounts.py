"""Amounts that no transcription can be asked for are refused in a sentence, before anything is recognised."""

from __future__ import annotations

import argparse

import pytest

from ui.cli.transcribe import options


def _parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    options(parser)
    return parser.parse_args(["lab", *arguments])


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--pause", "nan", "give seconds"),
        ("--pause", "0", "give seconds"),
        ("--longest", "inf", "give seconds"),
        ("--longest", "-3", "give seconds"),
        ("--batch", "0", "give a number from 1 on"),
        ("--voices", "0", "give a number from 1 on"),
        ("--threads", "-1", "give a number from 0 on"),
    ],
)
def test_they_are_refused(option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        _parsed(f"{option}={value}")
    assert told in capsys.readouterr().err


def test_others_are_taken() -> None:
    found = _parsed("--pause", "0.5", "--longest", "30", "--batch", "1", "--voices", "2", "--threads", "0")
    assert (found.pause, found.longest, found.batch, found.voices, found.threads) == (0.5, 30.0, 1, 2, 0)
