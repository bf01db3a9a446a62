"""Two network namespaces joined by a wire with trouble; needs root."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.rig.relay import Trouble

_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL, _SET_TX_CHECKSUM, _SET_TSO, _SET_GSO, _SET_GRO = 0x8946, 0x17, 0x1F, 0x24, 0x2C


@dataclass
class Wire:
    """`a` and `b` are the namespaces' names, the hosts in them have `a_address` and `b_address`."""

    a: str
    b: str
    a_address: str
    b_address: str
    _relay: subprocess.Popen[str]

    def start_clock(self) -> None:
        """From now on count the seconds of the cuts."""
        assert self._relay.stdin
        self._relay.stdin.write("go\n")
        self._relay.stdin.flush()


@contextlib.contextmanager
def wire(trouble: Trouble) -> Iterator[Wire]:
    """Raises OSError or CalledProcessError where namespaces can't be made."""
    tag = f"woz{os.getpid()}"
    a, b, middle = f"{tag}a", f"{tag}b", f"{tag}m"
    try:
        for name in (a, b, middle):
            _ip("netns", "add", name)
        for name, end, address in ((a, "ma", "10.77.0.1/24"), (b, "mb", "10.77.0.2/24")):
            _ip("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", end, "netns", middle)
            _ip("-n", name, "addr", "add", address, "dev", "eth0")
            for where, device in ((name, "eth0"), (name, "lo"), (middle, end)):
                _ip("-n", where, "link", "set", "dev", device, "up")
            _plain(name, "eth0")
        command = ["ip", "netns", "exec", middle, sys.executable, "-m", "tests.rig.relay", "ma", "mb"]
        relay = subprocess.Popen(
            [*command, json.dumps(asdict(trouble))],
            stdin=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        try:
            yield Wire(a, b, "10.77.0.1", "10.77.0.2", relay)
        finally:
            relay.terminate()
            relay.communicate()
    finally:
        for name in (a, b, middle):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def enter(namespace: str) -> None:
    """Move this process (its calling thread, and those it starts) into a namespace."""
    with Path("/var/run/netns", namespace).open("rb") as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"can't enter {namespace}")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _plain(namespace: str, device: str) -> None:
    """Frames as they would be on a cable: whole checksums, none larger than the path takes."""
    code = f"from tests.rig.netns import set_plain; set_plain({device!r})"
    command = ["ip", "netns", "exec", namespace, sys.executable, "-c", code]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])


def set_plain(device: str) -> None:
    import array

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for setting in (_SET_TX_CHECKSUM, _SET_TSO, _SET_GSO, _SET_GRO):
            value = array.array("B", struct.pack("II", setting, 0))
            request = struct.pack("16sP16x", device.encode(), value.buffer_info()[0])
            with contextlib.suppress(OSError):
                fcntl.ioctl(probe.fileno(), _SIOCETHTOOL, request)
