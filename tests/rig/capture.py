"""What passes on a network device, by tcpdump; needs root."""

from __future__ import annotations

import contextlib
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_RECORD = struct.Struct("<IIII")
_ETHERNET, _UDP = 14, 17


@contextlib.contextmanager
def captured(namespace: str, device: str, path: Path) -> Iterator[Path]:
    """Whole packets, in the file once the block has ended."""
    words = ["tcpdump", "-i", device, "-s", "0", "-U", "-Z", "root", "-B", "8192", "-w", str(path)]
    process = subprocess.Popen(["ip", "netns", "exec", namespace, *words], stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        assert "listening on" in process.stderr.readline()
        yield path
        time.sleep(0.5)
    finally:
        process.terminate()
        process.communicate()


def media(path: Path) -> list[bytes]:
    """What a file's packets of media carry (RFC 7983 tells them by their first byte), without their RTP headers."""
    payloads = []
    for frame in _frames(path.read_bytes()):
        ip = frame[_ETHERNET:]
        if len(ip) > 20 and ip[0] >> 4 == 4 and ip[9] == _UDP:
            payload = ip[(ip[0] & 15) * 4 + 8 :]
            if payload and 128 <= payload[0] < 192:
                payloads.append(payload[12:])
    return payloads


def _frames(raw: bytes) -> Iterator[bytes]:
    at = 24
    while at + _RECORD.size <= len(raw):
        _, _, length, _ = _RECORD.unpack_from(raw, at)
        yield raw[at + _RECORD.size : at + _RECORD.size + length]
        at += _RECORD.size + length
