"""Opens the glasses, or the replay, that a user names."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from woz.capture.aria.gen2_replay import Gen2Replay
from woz.capture.aria.source import AriaSource
from woz.capture.source import SourceInfo
from woz.capture.vrs_probe import probe
from woz.clock import Clock
from woz.errors import WozError


def need_sdk() -> None:
    """Raises WozError where the Aria Client SDK isn't installed; it isn't imported here."""
    if importlib.util.find_spec("aria") is None:
        raise WozError(
            'Live Aria glasses need the Aria Client SDK; install it with: pip install "woz[aria]" '
            "(Linux and macOS only)."
        )


def open_replay(path: Path, loop: bool, clock: Clock) -> AriaSource:
    """Raises WozError where the SDK is missing, and for a file that is no Gen 2 recording."""
    need_sdk()
    facts = probe(path)
    if facts.generation != 2:
        raise WozError(f"{path} is of Aria Gen {facts.generation}; the SDK replays Gen 2 only: use vrs:{path}.")
    name = f"Aria Gen 2, replay of {path.name}"
    info = SourceInfo(name, facts.width, facts.height, facts.fps, facts.audio_rate, facts.gaze)
    return AriaSource(info, Gen2Replay(path.absolute(), loop), clock)
