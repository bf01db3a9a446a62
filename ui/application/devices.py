"""Which sound devices a user named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Devices:
    """How a user names sound devices, nothing where they don't; `script` is a WAV for the virtual room."""

    microphone: str = ""
    speaker: str = ""
    script: Path | None = None
