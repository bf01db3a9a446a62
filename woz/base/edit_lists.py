"""Packets that a trimmed film keeps and doesn't show: its edit list cuts them away, decoders alone need them."""

from __future__ import annotations

from typing import Any

import av

UNSHIFTED = {"avoid_negative_ts": "disabled"}
"""For FFmpeg's muxer, which else lets the earliest packet begin at 0, and all others later by as much."""


def heard(packet: av.Packet[Any]) -> bool:
    """Whether a packet of sound goes into a copy of the film.

    Of those that are cut away before time 0 the last one does, as the first of AAC, with which decoding begins.
    """
    if not packet.is_discard:
        return True
    return packet.pts is not None and -2 * (packet.duration or 0) < packet.pts < 0
