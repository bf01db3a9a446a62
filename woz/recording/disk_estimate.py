"""How long the room on a disk lasts: an estimate before a recording, its own pace once it runs."""

from __future__ import annotations

from woz.capture.source import SourceInfo
from woz.settings import VideoSettings

BITS_PER_PIXEL = 0.16
"""A cautious figure for a head-worn view at constant quality 21 by x264; half as many for each six steps more."""
USUAL_CRF = 21
VOICE_BYTES_PER_S = 40_000
VOICES = 3
"""Two in the view's file, and the expert's own, which arrives while the session runs."""
SURE_NS = 20_000_000_000
WARN_MINUTES = 10.0


def estimated_bytes_per_minute(info: SourceInfo, settings: VideoSettings) -> float:
    """Before there is anything to go by."""
    bits = info.width * info.height * info.fps * BITS_PER_PIXEL * 2 ** ((USUAL_CRF - settings.record_crf) / 6)
    return 60 * (bits / 8 + VOICES * VOICE_BYTES_PER_S)


def bytes_per_minute(estimate: float, written: int, elapsed_ns: int) -> float:
    """The estimate, until some seconds of recording tell better."""
    return estimate if elapsed_ns < SURE_NS else max(1.0, written * 60e9 / elapsed_ns)


def warning(minutes: float) -> str:
    """What to tell the operator while recording; empty where there is room enough."""
    if minutes >= WARN_MINUTES:
        return ""
    return f"The disk has room for about {minutes:.0f} more minutes; make room, or end the session in time."
