"""How long the room on a disk lasts: an estimate before a recording, its own pace once it runs."""

from __future__ import annotations

from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo

BITS_PER_PIXEL = 0.16
"""A cautious figure for a head-worn view at constant quality 21 by x264; half as many for each six steps more."""
USUAL_CRF = 21
VOICE_BYTES_PER_S = 40_000
VOICES = 3
"""Two in the view's file, and the expert's own, which arrives while the session runs."""
WEIGHT_MINUTES = 1.0
"""The estimate counts as much as so long a piece of recording: what is shown moves slowly to the true pace."""
WARN_MINUTES = 10.0


def estimated_bytes_per_minute(info: SourceInfo, settings: VideoSettings) -> float:
    """Before there is anything to go by."""
    bits = info.width * info.height * info.fps * BITS_PER_PIXEL * 2 ** ((USUAL_CRF - settings.record_crf) / 6)
    return 60 * (bits / 8 + VOICES * VOICE_BYTES_PER_S)


def bytes_per_minute(estimate: float, written: int, elapsed_ns: int) -> float:
    """The estimate at first, then more and more what is really written; without a jump."""
    minutes = elapsed_ns / 60e9
    return max(1.0, (estimate * WEIGHT_MINUTES + written) / (WEIGHT_MINUTES + minutes))


def warning(minutes: float) -> str:
    """What to tell the operator while recording; empty where there is room enough."""
    if minutes >= WARN_MINUTES:
        return ""
    return f"The disk has room for about {minutes:.0f} more minutes; make room, or end the session in time."
