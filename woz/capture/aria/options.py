"""How the operator wants the glasses to be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gen1Options:
    """`ip` is needed over Wi-Fi only. `stream` False: the glasses are only asked how they are, and record."""

    interface: str = "usb"
    ip: str = ""
    profile: str = "profile18"
    recording_profile: str = "profile8"
    stream: bool = True


@dataclass(frozen=True, slots=True)
class Gen2Options:
    """An empty `ip` is the one pair of glasses on USB.

    `batch_ms` is how long the glasses gather before they send, None for their own choice; `signaling` is a server's
    tcp://host:port for WebRTC, empty to listen on `port` of this machine.
    """

    ip: str = ""
    mode: str = "http"
    interface: str = "usb"
    profile: str = "profile9"
    recording_profile: str = "profile9"
    batch_ms: int | None = None
    port: int = 6768
    tls: bool = True
    record: bool = False
    stream: bool = True
    signaling: str = ""
    room: str = "default"
