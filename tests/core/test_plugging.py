"""Devices that are plugged in later are found: PortAudio's list is renewed beneath the streams that run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture import sound_card, streams
from woz.capture.sound_card import CardMicrophone, lasting_name
from woz.capture.streams import Held, Streams
from woz.demo.pulse import available


class Library:
    """In PortAudio's place: a list of devices that is what it was when it was initialised."""

    class PortAudioError(Exception):
        pass

    def __init__(self, plugged: set[str]) -> None:
        self.plugged = plugged
        self.listed = set(plugged)
        self.log: list[str] = []

    def _terminate(self) -> None:
        self.log.append("terminate")

    def _initialize(self) -> None:
        self.listed = set(self.plugged)
        self.log.append("initialize")

    def InputStream(self, device: str, **form: Any) -> Stream:
        if device not in self.listed:
            raise ValueError(f"No input device matching {device!r}")
        return Stream(self, device)


class Stream:
    def __init__(self, library: Library, device: str) -> None:
        self._library, self._device = library, device
        self.free = threading.Event()
        self.free.set()

    def start(self) -> None:
        self._library.log.append(f"start {self._device}")

    def close(self) -> None:
        self.free.wait(120)
        self._library.log.append(f"close {self._device}")


def opened(house: Streams, device: str) -> Held:
    return house.open(lambda library: library.InputStream(device))


def test_streams_are_closed_before_a_renewal_and_opened_again_after() -> None:
    library = Library({"a", "b"})
    house = Streams(lambda: library)
    a, b = opened(house, "a"), opened(house, "b")
    b.close()
    assert house.renew()
    assert library.log == ["start a", "start b", "close b", "close a", "terminate", "initialize", "start a"]
    assert (a.renewed, b.renewed) == (1, 0)
    b.close()
    a.close()
    assert library.log[-1] == "close a"
    assert library.log.count("close b") == 1


def test_a_device_that_went_meanwhile_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    library = Library({"a", "b"})
    house = Streams(lambda: library)
    opened(house, "a")
    opened(house, "b")
    library.plugged = {"b"}
    assert house.renew()
    assert library.log[-1] == "start b"


def test_a_stream_that_hangs_while_it_is_closed_forbids_a_renewal() -> None:
    library = Library({"a", "b"})
    house = Streams(lambda: library)
    opened(house, "a")
    hanging = opened(house, "b")
    hanging.stream.free.clear()
    closing = threading.Thread(target=hanging.close)
    closing.start()
    while hanging in house._held:
        pass
    assert not house.renew()
    assert "terminate" not in library.log
    hanging.stream.free.set()
    closing.join()
    assert house.renew()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library({"other"})
    monkeypatch.setattr(sound_card, "portaudio", lambda: made)
    monkeypatch.setattr(sound_card, "STREAMS", Streams(lambda: made))
    return made


def start(microphone: CardMicrophone) -> None:
    microphone.start(lambda block: None, lambda fault: None)


def test_the_list_is_renewed_for_a_device_that_is_there_now(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound_card, "is_there_now", lambda device, way: device in library.plugged)
    headset = CardMicrophone("headset", SystemClock())
    with pytest.raises(WozError, match="No microphone named 'headset'"):
        start(headset)
    assert "terminate" not in library.log, "nobody is interrupted for a device that isn't there"
    library.plugged.add("headset")
    start(headset)
    assert library.log == ["terminate", "initialize", "start headset"]


def test_a_number_becomes_a_name_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    class Numbered(Library):
        def query_devices(self) -> list[dict[str, Any]]:
            return [{"name": name, "hostapi": 0} for name in ("Headset", "Twin", "Twin")]

        def query_hostapis(self, index: int) -> dict[str, str]:
            return {"name": "ALSA"}

    monkeypatch.setattr(sound_card, "portaudio", lambda: Numbered(set()))
    assert [lasting_name(spec) for spec in ("0", "1", "9", "default")] == ["Headset, ALSA", "1", "9", "default"]


def test_where_nothing_is_found_a_process_that_looks_says_so() -> None:
    assert not streams.is_there_now("a device of this name is nowhere", streams.Way.INPUT)


@pytest.mark.skipif(
    not available() or shutil.which("pactl") is None, reason="PulseAudio, its ALSA plugin and pactl are needed"
)
def test_a_headset_that_is_plugged_in_again_is_found_while_the_earpiece_plays(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.rig.plugging", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["losses_when_dry"] > 0, "an earpiece that ran dry says so"
    assert "headset" not in found["listed_at_first"]
    assert "headset" in found["listed"]
    assert any("microphone has stalled" in fault for fault in found["faults"])
    assert "earpiece" in found["losses"], "that it was interrupted for the list is told"
    assert found["microphone_in_order"]
    assert found["earpiece_in_order"]
