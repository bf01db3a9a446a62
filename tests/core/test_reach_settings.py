"""What a lab sets of its network, and the sentences where that is wrong or a server isn't there."""

from __future__ import annotations

import asyncio
import socket

import pytest

from woz.base.errors import WozError
from woz.link.connection.ice import IceServers
from woz.link.connection.ice_check import server_faults
from woz.link.connection.reach import Reach


def test_settings_become_servers() -> None:
    said = {"stun": "stun:a", "turn": "turns:b:443", "turn_user": "u", "turn_password": "p", "valid_hours": 2}
    assert Reach.of(said) == Reach(IceServers("stun:a", "turns:b:443", "u", "p"), 7200)
    assert Reach.of({}) == Reach()
    assert Reach.of({"rendezvous": "[2001:db8::1]:7443"}).rendezvous == ("2001:db8::1", 7443)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"stun": "a:1"}, "stun:HOST"),
        ({"turn": "turn:a"}, "needs --turn-user"),
        ({"turn": "http://a", "turn_user": "u", "turn_password": "p"}, "turn:HOST:PORT"),
        ({"valid_hours": "soon"}, "whole hours"),
        ({"rendezvous": "lab"}, "HOST:PORT"),
        ({"tunr": "turn:a"}, "no setting 'tunr'"),
    ],
)
def test_what_can_not_be_understood_is_told(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(WozError, match=sentence):
        Reach.of(wrong)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_turn_server_that_is_not_there_is_told(transport: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.link.connection.ice_check.WITHIN_S", 0.5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        ice = IceServers(f"stun:{place}", f"turn:{place}?transport={transport}", "u", "p")
        faults = asyncio.run(server_faults(ice))
    assert [fault.split(" ")[0] for fault in faults] == [ice.stun, ice.turn]
    assert all("does not answer" in fault for fault in faults)
