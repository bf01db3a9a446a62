"""The two seats behind routers that translate addresses: with STUN, with a real TURN server, and with neither."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.rig.coturn import PASSWORD, PORT, TLS_PORT, USER, coturn
from tests.rig.nat import INTERNET, ROUTERS, STATION_PORT, homes, move
from tests.rig.seat import ROOT, Options, Seat, seated
from woz.demo.voices import write_wav

pytestmark = pytest.mark.usefixtures("hosts")

CASES = {
    "stun": {"stun": f"stun:{INTERNET}:{PORT}"},
    "turn over udp": {"turn": f"turn:{INTERNET}:{PORT}", "user": USER, "password": PASSWORD},
    "turn over tcp": {"turn": f"turn:{INTERNET}:{PORT}?transport=tcp", "user": USER, "password": PASSWORD},
    "turn over tls": {"turn": f"turns:{INTERNET}:{TLS_PORT}", "user": USER, "password": PASSWORD},
}
LETS_UDP_OUT = ("stun", "turn over udp")


def tone(folder: Path) -> str:
    path = folder / "tone.wav"
    write_wav(path, (0.3 * np.sin(np.arange(48_000 * 60) * 0.06)).astype(np.float32))
    return str(path)


@pytest.mark.parametrize("case", CASES)
def test_two_seats_behind_routers_see_and_hear_each_other(tmp_path: Path, case: str) -> None:
    with (
        homes(strict=case != "stun", udp=case in LETS_UDP_OUT) as names,
        coturn(names.internet, INTERNET, tmp_path) as turn,
    ):
        seat = Options("", "", voice=tone(tmp_path), environment={"SSL_CERT_FILE": str(turn.certificate)})
        at_station = replace(
            seat, seat="station", folder=str(tmp_path / "s"), host=ROUTERS[0], port=STATION_PORT, ice=CASES[case]
        )
        with seated(at_station, names.seats[0]) as station:
            link = station.wait_for("invitation")
            at_console = replace(seat, seat="join", folder=str(tmp_path / "c"), link=link)
            with seated(at_console, names.seats[1]) as console:
                console.until(_sees_and_hears)
                station.until(lambda said: said["loudest_db"] > -30)
        assert turn.relayed() == (case != "stun")
        assert not station.last["problem"]


def _sees_and_hears(said: dict[str, object]) -> bool:
    return said["link"] == "live" and int(str(said["pictures"])) > 20 and float(str(said["loudest_db"])) > -30


def test_the_doctor_tells_a_turn_server_s_refusal(tmp_path: Path) -> None:
    """The real command, with a password that is right and one that isn't."""
    with homes() as names, coturn(names.internet, INTERNET, tmp_path):
        told = {password: _doctor(names.seats[0], password) for password in (PASSWORD, "guessed")}
    assert "all well" in told[PASSWORD]
    assert f"turn:{INTERNET}:{PORT} refuses user and password (code 401); check both." in told["guessed"]


def _doctor(namespace: str, password: str) -> str:
    turn = {"WOZ_TURN": f"turn:{INTERNET}:{PORT}", "WOZ_TURN_USER": USER, "WOZ_TURN_PASSWORD": password}
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", "ui.cli", "doctor"]
    environment = {**os.environ, **turn, "WOZ_NETWORK_FILE": os.devnull}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout


def test_without_a_server_two_strict_routers_keep_them_apart(tmp_path: Path) -> None:
    """Shows that the routers of the other tests are in the way."""
    with homes(strict=True) as names:
        at_station = Options("station", str(tmp_path / "s"), host=ROUTERS[0], port=STATION_PORT)
        with seated(at_station, names.seats[0]) as station:
            link = station.wait_for("invitation")
            with seated(Options("join", str(tmp_path / "c"), link=link), names.seats[1]) as console:
                _never_live(console, 8)


@pytest.mark.parametrize("turn", ["udp", "tcp"])
def test_two_seats_of_which_neither_can_be_dialled_meet_at_a_rendezvous(tmp_path: Path, turn: str) -> None:
    with (
        homes(strict=True, udp=turn == "udp", forward=False) as names,
        coturn(names.internet, INTERNET, tmp_path),
        meeting_place(names.internet) as place,
    ):
        ice = CASES[f"turn over {turn}"]
        at_station = Options("station", str(tmp_path / "s"), rendezvous=place, ice=ice, voice=tone(tmp_path))
        with seated(at_station, names.seats[0]) as station:
            link = station.wait_for("invitation")
            at_console = Options("join", str(tmp_path / "c"), link=link, voice=tone(tmp_path))
            watching = replace(at_console, folder=str(tmp_path / "o"), link=station.wait_for("observers"))
            with seated(at_console, names.seats[1]) as console, seated(watching, names.seats[1]) as observer:
                console.until(_sees_and_hears)
                observer.until(_sees_and_hears)
                station.until(lambda said: said["loudest_db"] > -30)


def test_a_console_whose_network_changes_is_back_by_itself(tmp_path: Path) -> None:
    with homes() as names, coturn(names.internet, INTERNET, tmp_path), meeting_place(names.internet) as place:
        at_station = Options("station", str(tmp_path / "s"), rendezvous=place, ice=CASES["stun"])
        with seated(at_station, names.seats[0]) as station:
            link = station.wait_for("invitation")
            with seated(Options("join", str(tmp_path / "c"), link=link), names.seats[1]) as console:
                console.until(lambda said: said.get("pictures", 0) > 20)
                move(names.seats[1])
                console.until(lambda said: said["link"] == "lost")
                seen = console.last["pictures"]
                console.until(lambda said: said["link"] == "live" and said["pictures"] > seen + 20)
                station.until(lambda said: said["link"] == "live")


@contextlib.contextmanager
def meeting_place(namespace: str) -> Iterator[str]:
    """The real command, in the namespace."""
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", "ui.cli", "rendezvous", "--port", "7443"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    try:
        assert "7443" in process.stdout.readline()
        yield f"{INTERNET}:7443"
    finally:
        process.terminate()
        process.communicate(timeout=120)


def _never_live(console: Seat, seconds: float) -> None:
    with pytest.raises(AssertionError, match="did not come to that"):
        console.until(lambda said: said.get("pictures", 0) > 0, seconds)
