"""What is amiss on this machine, a finding a line; what takes time is asked at once and told last."""

from __future__ import annotations

import asyncio
import importlib.util
import platform
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.extras import how_to_add
from woz.transcription.models import is_installed

if TYPE_CHECKING:
    from woz.capture.sound import SoundDevice

WITHOUT = "not installed: "
NO_SOUND = (
    "no sound device; plug a headset in, or go without one: --mic none --speaker none of woz station and woz join"
)
NO_SERVER = (
    "no STUN or TURN server in {file}; seats in one network need none, and others name one there: docs/network.md"
)
ESPEAK = {
    "apt-get": "sudo apt-get install espeak-ng",
    "dnf": "sudo dnf install espeak-ng",
    "brew": "brew install espeak-ng",
}


def findings() -> Iterator[tuple[str, str]]:
    """Names and findings in words, each as soon as it and those before it are known."""
    with ThreadPoolExecutor(3) as pool:
        recognition = pool.submit(_ask_recognition) if is_installed() else None
        network, newer = pool.submit(_network), pool.submit(_newer)
        yield "system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        yield "ffmpeg", shutil.which("ffmpeg") or f"{WITHOUT}only tests need it"
        yield "espeak-ng", shutil.which("espeak-ng") or _without_espeak()
        yield (
            "aria files",
            _package("projectaria_tools", f"replaying Aria recordings needs it; {how_to_add('vrs')}"),
        )
        yield "aria glasses", _package("aria", f"live glasses need it; {how_to_add('aria')}")
        yield "disk", _disk()
        yield "sound", _sound()
        yield "network", network.result()
        yield "woz", newer.result()
        yield from _recognition(recognition)


def _ask_recognition() -> dict[str, Any]:
    from woz.transcription.diagnosis import ask

    return ask()


def _recognition(asked: Future[dict[str, Any]] | None) -> Iterator[tuple[str, str]]:
    """What transcription needs, and the command that mends what is amiss."""
    from woz.transcription import diagnosis

    if asked is None:
        yield "transcription", f"{WITHOUT}woz add speech"
        return
    yield "transcription", "installed; what torch finds here follows"
    for found in diagnosis.findings(asked.result()):
        yield found.name, f"{found.text.rstrip('.')}; run: {found.command}" if found.command else found.text


def _without_espeak() -> str:
    """With the command of the package manager that is here."""
    command = next((f"; run: {command}" for name, command in ESPEAK.items() if shutil.which(name)), "")
    return f"{WITHOUT}the demo's voices and the sentences that the console speaks need it{command}"


def _disk() -> str:
    from woz.recording.folder.session_folder import free_bytes

    return f"{free_bytes(Path.cwd()) / 1e9:.0f} GB free here"


def _sound() -> str:
    from woz.capture.sound import devices

    try:
        found = devices()
    except WozError as error:
        return str(error)
    inputs, outputs = [d for d in found if d.inputs > 0], [d for d in found if d.outputs > 0]
    told = ((counted(len(inputs), "microphone"), inputs), (counted(len(outputs), "output"), outputs))
    return "; ".join(f"{count}{_numbered(some)}" for count, some in told) if found else NO_SOUND


def _numbered(some: Sequence[SoundDevice]) -> str:
    """By the numbers that --mic and --speaker take."""
    names = ", ".join(f"{each.index} {each.name}" for each in some)
    return f": {names}" if names else ""


def _network() -> str:
    from ui.cli.reaching import network_file, reach_of
    from woz.link.connection.ice_check import server_faults

    try:
        ice = reach_of().ice
        faults = asyncio.run(server_faults(ice))
    except WozError as error:
        return str(error)
    servers = " and ".join(name for name in (ice.stun, ice.turn) if name)
    return " ".join(faults) or (f"{servers}: all well" if servers else NO_SERVER.format(file=network_file()))


def _newer() -> str:
    from ui.application.newer import VARIABLE, address, newer_words
    from woz import __version__

    try:
        unasked = f"{__version__}; whether there is a newer one is asked nowhere ({VARIABLE} sets an address)"
        return newer_words() or (f"{__version__}, the newest" if address() else unasked)
    except WozError as error:
        return str(error)


def _package(name: str, without: str) -> str:
    return "installed" if importlib.util.find_spec(name) else f"{WITHOUT}{without}"
