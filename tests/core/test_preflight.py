"""The lamps before a recording, and what they are lit by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from woz.base.clock import ManualClock
from woz.capture.chime import LOUDNESS, Chime, chime
from woz.capture.source import DeviceStatus, Way
from woz.capture.specs import open_source
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.live.station.preflight import BUSY, Lamp, LampState, consent_lamp, lamps
from woz.sound.voice_level import Hearing

GOOD = StationStatus(
    StationPhase.READY,
    LinkState.LIVE,
    trainee_level_db=-20.0,
    expert_level_db=-20.0,
    view_fps=19.6,
    delay_ms=90.0,
    disk_minutes=400.0,
    device=DeviceStatus(battery_percent=80.0),
    view_fps_wanted=20.0,
    trainee_heard_ago_s=2.0,
    expert_heard_ago_s=5.0,
    earpiece_heard=True,
    clock_residual_ms=0.4,
)


def _lit(status: StationStatus) -> dict[str, LampState]:
    return {lamp.name: lamp.state for lamp in lamps(status)}


def test_all_lamps_are_good_where_all_is_well() -> None:
    assert set(_lit(GOOD).values()) == {LampState.GOOD}
    assert len(_lit(GOOD)) == 9


@pytest.mark.parametrize(
    ("change", "name", "state"),
    [
        ({"view_fps": 0.0}, "View", LampState.BAD),
        ({"device": DeviceStatus(problem="Take the glasses out of the case.")}, "View", LampState.BAD),
        ({"device": DeviceStatus(battery_percent=10.0)}, "View", LampState.BAD),
        ({"device": DeviceStatus(battery_percent=10.0, charging=True)}, "View", LampState.GOOD),
        ({"device": DeviceStatus(battery_percent=30.0)}, "View", LampState.CHECK),
        ({"device": None}, "View", LampState.GOOD),
        ({"view_fps": 15.0}, "View rate", LampState.BAD),
        ({"view_fps": 0.0}, "View rate", LampState.BAD),
        ({"trainee_clipped": True}, "Trainee's microphone", LampState.BAD),
        ({"takes_trainee": False, "trainee_heard_ago_s": None}, "Trainee's microphone", LampState.CHECK),
        ({"trainee_heard_ago_s": None}, "Trainee's microphone", LampState.CHECK),
        ({"trainee_heard_ago_s": 90.0, "trainee_level_db": -90.0}, "Trainee's microphone", LampState.BAD),
        ({"expert_clipped": True}, "Expert's microphone", LampState.BAD),
        ({"expert_heard_ago_s": None}, "Expert's microphone", LampState.CHECK),
        ({"expert_has_microphone": False}, "Expert's microphone", LampState.CHECK),
        ({"link": LinkState.WAITING}, "Expert's microphone", LampState.CHECK),
        ({"link": LinkState.WAITING}, "Expert", LampState.BAD),
        ({"link": LinkState.CONNECTING}, "Expert", LampState.CHECK),
        ({"link": LinkState.LOST}, "Expert", LampState.BAD),
        ({"link": LinkState.ENDED}, "Expert", LampState.BAD),
        ({"earpiece_heard": None}, "Earpiece", LampState.CHECK),
        ({"earpiece_heard": False}, "Earpiece", LampState.BAD),
        ({"has_earpiece": False, "earpiece_heard": False}, "Earpiece", LampState.CHECK),
        ({"disk_minutes": None}, "Disk", LampState.CHECK),
        ({"disk_minutes": 30.0}, "Disk", LampState.CHECK),
        ({"disk_minutes": 14.0}, "Disk", LampState.BAD),
        ({"clock_residual_ms": None}, "Clocks", LampState.CHECK),
        ({"clock_residual_ms": 9.0}, "Clocks", LampState.CHECK),
        ({"clock_residual_ms": 30.0}, "Clocks", LampState.BAD),
        ({"link": LinkState.LOST}, "Clocks", LampState.CHECK),
        ({"delay_ms": None}, "Link", LampState.CHECK),
        ({"delay_ms": 300.0}, "Link", LampState.CHECK),
        ({"delay_ms": 600.0}, "Link", LampState.BAD),
        ({"loss": 0.05}, "Link", LampState.CHECK),
        ({"loss": 0.2}, "Link", LampState.BAD),
        ({"loss": 0.0}, "Link", LampState.GOOD),
    ],
)
def test_each_lamp_shows_its_own_trouble(change: dict[str, object], name: str, state: LampState) -> None:
    status = replace(GOOD, **change)  # type: ignore[arg-type]
    assert _lit(status)[name] == state
    for lamp in lamps(status):
        assert lamp.found
        assert bool(lamp.advice) == (lamp.state != LampState.GOOD)
        assert lamp.advice == "" or lamp.advice.endswith(".")


@pytest.mark.parametrize("change", [{"clock_residual_ms": 9.0}, {"clock_residual_ms": 30.0}, {"delay_ms": 600.0}])
def test_no_network_is_blamed_where_the_console_runs_on_this_machine(change: dict[str, float]) -> None:
    status = replace(GOOD, expert_is_here=True, **change)  # type: ignore[arg-type]
    (lit,) = (lamp for lamp in lamps(status) if lamp.state != LampState.GOOD)
    assert lit.advice == BUSY
    assert lit.state == _lit(replace(status, expert_is_here=False))[lit.name]


@pytest.mark.parametrize("view_fps", [0.0, 11.0])
def test_no_glasses_are_blamed_where_there_are_none(view_fps: float) -> None:
    status = replace(GOOD, view_fps=view_fps, device=None)
    told = {way: " ".join(lamp.advice for lamp in lamps(replace(status, view_way=way))) for way in Way}
    assert [way for way in Way if "glasses" in told[way]] == [Way.WIFI]
    assert [way for way in Way if "cable" in told[way] or "Plug" in told[way]] == [Way.CABLE, Way.CAMERA]


@pytest.mark.parametrize(
    ("way", "found"),
    [
        (Way.WIFI, "from glasses"),
        (Way.CABLE, "from glasses"),
        (Way.CAMERA, "from a camera"),
        (Way.FILE, "from a file"),
        (Way.DRAWN, "drawn here, no camera"),
    ],
)
def test_the_first_lamp_says_what_gives_the_view(way: Way, found: str) -> None:
    assert lamps(replace(GOOD, device=None, view_way=way))[0] == Lamp("View", LampState.GOOD, found)
    assert lamps(replace(GOOD, view_way=way))[0].found == f"{found}, battery 80 %"


def test_a_drawn_view_needs_no_device() -> None:
    assert open_source("synthetic", ManualClock()).info.way == Way.DRAWN


@pytest.mark.parametrize(
    "spec", ["file:{data}/video/measurement_error.mp4", "vrs:{data}/aria_vrs/gen1_everyday.vrs"]
)
def test_a_file_is_no_device(shared_data: Path, spec: str) -> None:
    assert open_source(spec.format(data=shared_data), ManualClock()).info.way == Way.FILE


def test_missing_consent_is_a_bad_lamp() -> None:
    assert consent_lamp(()).state == LampState.GOOD
    assert "P01" in consent_lamp(("P01",)).found
    assert consent_lamp(("P01",)).advice


def test_speech_and_clipping_are_held_for_a_while() -> None:
    clock = ManualClock()
    hearing = Hearing(clock)
    hearing.add(np.full(480, 0.001, np.float32))
    assert (hearing.heard_ago_s, hearing.speaking, hearing.clipped) == (None, False, False)
    hearing.add(np.full(480, 0.2, np.float32))
    assert (hearing.heard_ago_s, hearing.speaking, hearing.clipped) == (0.0, True, False)
    hearing.add(np.full(480, 1.0, np.float32))
    clock.advance(2_000_000_000)
    assert (hearing.heard_ago_s, hearing.speaking, hearing.clipped) == (2.0, False, True)
    clock.advance(2_000_000_000)
    assert not hearing.clipped


def test_the_chime_plays_once_over_what_is_played() -> None:
    ringing = Chime()
    quiet = np.zeros(960, np.float32)
    assert not ringing.mixed(quiet).any()
    ringing.ring()
    played = np.concatenate([ringing.mixed(quiet) for _ in range(40)])
    whole = chime()
    assert np.array_equal(played[: len(whole)], whole)
    assert not played[len(whole) :].any()
    assert 0.8 * LOUDNESS < np.abs(whole).max() <= LOUDNESS
