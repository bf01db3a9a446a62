"""The view as the expert sees it: each picture with the gaze that belongs to it, and how late it is shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np

from woz.link.ends.console_end import ConsoleEnd
from woz.link.messages.messages import Message, MessageKind
from woz.link.rtp.jitter_buffer import JitterBuffer
from woz.live.console.session_time import SessionTime
from woz.live.seats.console_seat import ViewFrame

GAZE_HOLDS_NS = 250_000_000
"""A picture is shown with the gaze that was measured nearest to it, but no further away than this."""


@dataclass(frozen=True, slots=True)
class DelayFigures:
    """Capture to shown over a whole session, in milliseconds."""

    frames: int
    p50_ms: float | None
    p95_ms: float | None


class SeenView:
    def __init__(self, time: SessionTime, link: ConsoleEnd, jitter_buffer: JitterBuffer) -> None:
        self._time = time
        self._link = link
        self._jitter_buffer = jitter_buffer
        self._all_delays: list[int] = []
        self._recent_delays: deque[int] = deque(maxlen=100)
        self._received_delays: deque[int] = deque(maxlen=100)
        self._gazes: deque[tuple[int, tuple[float, float]]] = deque(maxlen=50)
        self.last: ViewFrame | None = None

    def arrived(self, image: av.VideoFrame, captured_ns: int, received_ns: int) -> ViewFrame:
        """On the decoder's thread."""
        on_station_ns = self._time.on_station(received_ns)
        if on_station_ns is not None:
            self._received_delays.append(on_station_ns - captured_ns)
        return ViewFrame(image, captured_ns, self._gaze_at(captured_ns))

    def gaze_arrived(self, point: tuple[float, float], captured_ns: int) -> None:
        self._gazes.append((captured_ns, point))

    def _gaze_at(self, captured_ns: int) -> tuple[float, float] | None:
        near = min(tuple(self._gazes), key=lambda gaze: abs(gaze[0] - captured_ns), default=None)
        return near[1] if near and abs(near[0] - captured_ns) < GAZE_HOLDS_NS else None

    def shown(self, frame: ViewFrame) -> None:
        """The window has painted this frame just now."""
        self.last = frame
        now_ns = self._time.station_now()
        if frame.capture_ns is None or now_ns is None:
            return
        self._recent_delays.append(now_ns - frame.capture_ns)
        if self._time.running and frame.capture_ns >= (self._time.origin_ns or 0):
            self._all_delays.append(now_ns - frame.capture_ns)

    @property
    def delays(self) -> DelayFigures:
        """Capture to shown, over all frames of the recording so far."""
        if not self._all_delays:
            return DelayFigures(0, None, None)
        p50, p95 = np.percentile(self._all_delays, [50, 95]) / 1e6
        return DelayFigures(len(self._all_delays), round(float(p50), 2), round(float(p95), 2))

    @property
    def delay_ms(self) -> float | None:
        """Of the pictures shown lately."""
        return float(np.median(self._recent_delays)) / 1e6 if self._recent_delays else None

    def tell_recent(self) -> None:
        self._tell(self._recent_delays)

    def tell_all(self) -> None:
        """Of the whole session, at its end."""
        self._tell(self._all_delays)

    def _tell(self, delays: Sequence[int]) -> None:
        clock_map = self._link.clock_map.map()
        if not delays or clock_map is None:
            return
        p50, p95 = (int(v) for v in np.percentile(list(delays), [50, 95]))
        figures = {"frames": len(delays), "p50_ns": p50, "p95_ns": p95}
        received, voice = list(self._received_delays), self._jitter_buffer.take_delays()
        for name, values in (("received", received), ("voice", voice)):
            if values:
                figures |= {f"{name}_p{q}_ns": int(np.percentile(values, q)) for q in (50, 95)}
        figures["round_trip_ns"] = self._link.clock_map.round_trip_ns or 0
        figures["residual_p95_ns"] = clock_map.quality.residual_p95_ns
        self._link.tell(Message(MessageKind.DELAY, figures))
