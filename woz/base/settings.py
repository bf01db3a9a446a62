"""Numbers that a lab may want to change, in one place, with their units."""

from __future__ import annotations

from dataclasses import dataclass

AUDIO_RATE = 48_000
"""Samples a second of every voice inside woz; mono, float32, -1..1."""


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """How the view is encoded: constant-quality on disk; on the link as the path carries, within bounds.

    `record_codec` and `record_preset` are chosen for the machine by `woz.recording.live.encoders`.
    """

    record_codec: str = "libx264"
    record_preset: str = "superfast"
    record_crf: int = 21
    link_bit_rate: int = 4_000_000
    """The most that the view takes on the link, in bits a second."""
    link_start_bit_rate: int = 2_000_000
    link_lowest_bit_rate: int = 150_000
    key_frame_every_s: float = 1.0
