"""Two homes behind routers that translate addresses, and an internet between them; needs root, ip and nft.

station (10.1.0.2) - router (198.51.100.2) - internet (203.0.113.10) - router (198.51.101.2) - console (10.2.0.2)
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

INTERNET = "203.0.113.10"
ROUTERS = ("198.51.100.2", "198.51.101.2")
HOMES = ("10.1.0.2", "10.2.0.2")
STATION_PORT = 7000


@dataclass(frozen=True)
class Homes:
    """Names of namespaces: the two seats', their routers', and the internet's."""

    seats: tuple[str, str]
    routers: tuple[str, str]
    internet: str


@contextlib.contextmanager
def homes(strict: bool = False, udp: bool = True, forward: bool = True) -> Iterator[Homes]:
    """`strict`: each destination gets another port (a symmetric NAT). `udp`: whether the routers let it out.
    `forward`: whether the station's router passes `STATION_PORT` on to it.

    Raises OSError or CalledProcessError where namespaces can't be made.
    """
    tag = f"woz{os.getpid()}"
    names = Homes((f"{tag}a", f"{tag}b"), (f"{tag}ra", f"{tag}rb"), f"{tag}i")
    every = (*names.seats, *names.routers, names.internet)
    try:
        for name in every:
            _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "dev", "lo", "up")
        for n in range(2):
            _home(names, n)
            _rules(names.routers[n], _nat(strict, udp, HOMES[n] if forward and n == 0 else ""))
        _internet(names.internet)
        yield names
    finally:
        for name in every:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def move(seat: str, inner: str = "10.2.0", old: int = 2, new: int = 77) -> None:
    """The console's machine gets another address, and loses the one it had."""
    _run("ip", "-n", seat, "addr", "del", f"{inner}.{old}/24", "dev", "eth0")
    _run("ip", "-n", seat, "addr", "add", f"{inner}.{new}/24", "dev", "eth0")
    _run("ip", "-n", seat, "route", "replace", "default", "via", f"{inner}.1")


def _home(names: Homes, n: int) -> None:
    seat, router = names.seats[n], names.routers[n]
    inner, outer = HOMES[n].rsplit(".", 1)[0], ROUTERS[n].rsplit(".", 1)[0]
    _cable(seat, "eth0", f"{inner}.2/24", router, "lan", f"{inner}.1/24")
    _cable(router, "wan", f"{outer}.2/24", names.internet, f"to{n}", f"{outer}.1/24")
    _run("ip", "-n", seat, "route", "add", "default", "via", f"{inner}.1")
    _run("ip", "-n", router, "route", "add", "default", "via", f"{outer}.1")
    _inside(router, "sysctl", "-qw", "net.ipv4.ip_forward=1")


def _internet(name: str) -> None:
    """What is sent to addresses that are nowhere is lost there, as in the real one, and is no error."""
    _run("ip", "-n", name, "addr", "add", f"{INTERNET}/32", "dev", "lo")
    _run("ip", "-n", name, "link", "add", "nowhere", "type", "veth", "peer", "name", "void")
    for device in ("nowhere", "void"):
        _run("ip", "-n", name, "link", "set", "dev", device, "arp", "off", "up")
    _run("ip", "-n", name, "route", "add", "default", "dev", "nowhere")
    _inside(name, "sysctl", "-qw", "net.ipv4.ip_forward=1")


def _cable(one: str, device: str, address: str, other: str, its_device: str, its_address: str) -> None:
    _run("ip", "link", "add", device, "netns", one, "type", "veth", "peer", "name", its_device, "netns", other)
    for name, end, at in ((one, device, address), (other, its_device, its_address)):
        _run("ip", "-n", name, "addr", "add", at, "dev", end)
        _run("ip", "-n", name, "link", "set", "dev", end, "up")


def _nat(strict: bool, udp: bool, served: str) -> str:
    masked = "oifname wan masquerade" + (" fully-random" if strict else "")
    inward = f"iifname wan tcp dport {STATION_PORT} dnat to {served}" if served else ""
    return f"""
    table ip woz {{
      chain outward {{
        type nat hook postrouting priority 100
        {masked}
      }}
      chain inward {{
        type nat hook prerouting priority -100
        {inward}
      }}
      chain here {{
        type filter hook input priority 0; policy accept
        iifname wan ct state new drop
      }}
      chain through {{
        type filter hook forward priority 0; policy drop
        {"" if udp else "meta l4proto udp drop"}
        iifname lan accept
        ct state established,related accept
        ct status dnat accept
      }}
    }}
    """


def _rules(namespace: str, rules: str) -> None:
    command = ["ip", "netns", "exec", namespace, "nft", "-f", "-"]
    subprocess.run(command, input=rules, text=True, check=True, capture_output=True)


def _inside(namespace: str, *words: str) -> None:
    _run("ip", "netns", "exec", namespace, *words)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
