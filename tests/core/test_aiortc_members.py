"""What the link uses of aiortc beyond its documented interface: a version that lacks it is found here."""

from __future__ import annotations

import ast
import asyncio
import inspect
import textwrap
from pathlib import Path
from typing import cast

import pytest
from aioice.candidate import Candidate
from aioice.ice import CandidatePair, StunProtocol
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport, RTCSctpTransport

import woz.link
from woz.base.clock import SystemClock
from woz.link.rtp import port
from woz.link.rtp.port import MediaPort, is_delivered, stays_here, unread_bytes


def _transport() -> RTCDtlsTransport:
    return RTCDtlsTransport(RTCIceTransport(RTCIceGatherer()), [RTCCertificate.generateCertificate()])


def _names(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(textwrap.dedent(source))) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_register_rtp_receiver", ["self", "receiver", "parameters"]),
        ("_unregister_rtp_receiver", ["self", "receiver"]),
        ("_send_rtp", ["self", "data"]),
    ],
)
def test_the_transport_has_what_we_call(name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(RTCDtlsTransport, name)).parameters) == parameters


def test_the_transport_calls_what_we_answer() -> None:
    called = _names(inspect.getsource(RTCDtlsTransport))
    ours = {name for name in vars(MediaPort) if name.startswith("_handle_")}
    assert ours == {"_handle_rtp_packet", "_handle_rtcp_packet", "_handle_disconnect"}
    assert ours <= called


def test_a_port_comes_and_goes_and_tells_what_is_unread() -> None:
    async def run() -> tuple[int, bool]:
        transport = _transport()
        media = MediaPort(transport, SystemClock())
        media.close()
        sctp = RTCSctpTransport(transport)
        return unread_bytes(sctp), is_delivered(sctp)

    unread, delivered = asyncio.run(run())
    assert unread < 0
    assert delivered


@pytest.mark.parametrize(("remote", "here"), [("10.0.0.2", True), ("192.0.2.7", True), ("10.0.0.3", False)])
def test_a_path_to_one_of_this_machines_addresses_stays_here(remote: str, here: bool) -> None:
    async def run() -> bool:
        sctp = RTCSctpTransport(_transport())
        assert not stays_here(sctp)
        ice = sctp.transport.transport._connection
        ice._local_candidates = [_candidate("10.0.0.2"), _candidate("192.0.2.7"), _candidate("10.0.0.3", "srflx")]
        ice._nominated[1] = CandidatePair(cast(StunProtocol, None), _candidate(remote))
        return stays_here(sctp)

    assert asyncio.run(run()) == here


def _candidate(host: str, kind: str = "host") -> Candidate:
    return Candidate("f", 1, "udp", 1, host, 9, kind)


def test_private_members_are_touched_in_one_file() -> None:
    """Attributes of other objects than our own, in the files that know aiortc."""
    touched = {}
    for path in sorted(Path(next(iter(woz.link.__path__))).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(
            isinstance(n, ast.ImportFrom) and (n.module or "").startswith(("aiortc", "aioice")) for n in tree.body
        ):
            touched[path.name] = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and _foreign(n)}
    assert touched.pop(Path(port.__file__).name)
    assert {name: found for name, found in touched.items() if found} == {}


def _foreign(node: ast.Attribute) -> bool:
    private = node.attr.startswith("_") and not node.attr.startswith("__")
    return private and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
