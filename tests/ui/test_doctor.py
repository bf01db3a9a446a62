"""The doctor says at once what it knows at once, and each thing once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.cli import doctor_findings, main
from woz.base.extras import how_to_add
from woz.capture.sound import SoundDevice
from woz.link.connection.reach import SETTINGS

KNOWN = {"gpu": "", "driver": "", "cuda": "", "cudnn": 0, "memory_gb": 16.0}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A machine that answers about recognition and its network only once it is told to."""
    told = threading.Event()

    def ask() -> dict[str, Any]:
        assert told.wait(120)
        return KNOWN

    monkeypatch.setattr(doctor_findings, "is_installed", lambda: True)
    monkeypatch.setattr(doctor_findings, "_ask_recognition", ask)
    monkeypatch.setattr(doctor_findings, "_network", lambda: str(told.wait(120)))
    yield told
    told.set()


def test_what_is_known_is_told_before_what_takes_time(slow: threading.Event) -> None:
    findings = doctor_findings.findings()
    first = [next(findings)[0] for _ in range(6)]
    assert first[0] == "system"
    assert "disk" in first
    slow.set()
    rest = dict(findings)
    assert rest["network"] == "True"
    assert rest["memory"] == "16.0 GB on the machine"


def test_what_a_machine_has_none_of_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "network.toml"
    for name in SETTINGS:
        monkeypatch.delenv(f"WOZ_{name.upper()}", raising=False)
    monkeypatch.setenv("WOZ_NETWORK_FILE", str(file))
    monkeypatch.setattr("woz.capture.sound.devices", lambda: [])
    assert "--mic none --speaker none" in doctor_findings._sound()
    assert doctor_findings._network() == (
        f"no STUN or TURN server in {file}; seats in one network need none,"
        " and others name one there: docs/network.md"
    )


def test_all_sound_devices_are_listed_by_the_numbers_that_choose_them(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [SoundDevice(n, f"Card {n}", n % 2, 1 - n % 2) for n in range(12)]
    monkeypatch.setattr("woz.capture.sound.devices", lambda: both)
    microphones, outputs = doctor_findings._sound().split("; ")
    assert microphones == "6 microphones: 1 Card 1, 3 Card 3, 5 Card 5, 7 Card 7, 9 Card 9, 11 Card 11"
    assert outputs == "6 outputs: 0 Card 0, 2 Card 2, 4 Card 4, 6 Card 6, 8 Card 8, 10 Card 10"
    monkeypatch.setattr("woz.capture.sound.devices", lambda: both[:1])
    assert doctor_findings._sound() == "0 microphones; 1 output: 0 Card 0"


def test_each_thing_is_told_once(slow: threading.Event, capsys: pytest.CaptureFixture[str]) -> None:
    slow.set()
    assert main(["doctor"]) == 0
    names = [line[:14].strip().lower() for line in capsys.readouterr().out.splitlines()]
    assert "ffmpeg" in names
    assert len(names) == len(set(names))


def test_each_extra_that_is_missing_is_named_with_the_command_that_adds_it(
    slow: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    slow.set()
    told = dict(doctor_findings.findings())
    assert how_to_add("vrs") in told["aria files"]
    assert how_to_add("aria") in told["aria glasses"]


@pytest.mark.parametrize(
    ("manager", "command"),
    [("apt-get", "; run: sudo apt-get install espeak-ng"), ("brew", "; run: brew install espeak-ng"), ("", "")],
)
def test_without_espeak_both_that_need_it_and_the_command_that_brings_it_are_named(
    monkeypatch: pytest.MonkeyPatch, slow: threading.Event, manager: str, command: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda name, *_: f"/bin/{name}" if name == manager else None)
    slow.set()
    told = dict(doctor_findings.findings())["espeak-ng"]
    assert told == f"not installed: the demo's voices and the sentences that the console speaks need it{command}"
