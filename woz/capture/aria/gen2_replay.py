"""The SDK's own replay of a Gen 2 recording: the live code without glasses."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.capture.aria.driver import Outlet
from woz.capture.aria.gen2_feed import Gen2Feed
from woz.capture.source import DeviceStatus

IDLE_S = 1.0
"""After the replay's end its queues still give what they hold; silence for so long means that they are empty."""


class Gen2Replay:
    """Plays a file of the right generation: any other ends the process, so look into it first."""

    def __init__(self, path: Path, loop: bool) -> None:
        self._path = path
        self._loop = loop
        self._session: Any = None
        self._data: Any = None
        self._given = 0
        self._idle_since = 0.0

    def open(self, outlet: Outlet) -> None:
        import aria.sdk_gen2 as sdk

        self._outlet = outlet
        self._data = sdk.StreamDataInterface(enable_image_decoding=False)
        self._feed = Gen2Feed(outlet)
        self._feed.register(self._data)
        self._data.set_rgb_queue_size(100)
        config = sdk.ReplaySourceConfig()
        config.filename, config.speed_multiplier = str(self._path), 1.0
        try:
            self._session = sdk.create_replay_source(config, self._data)
        except RuntimeError as error:
            raise WozError(f"{self._path} can't be replayed ({error}).") from error
        if self._session is None:
            raise WozError(f"{self._path} can't be replayed by the Aria Client SDK; use vrs:FILE.")

    def finished(self) -> bool:
        if not self._drained():
            return False
        if self._loop:
            self.close()
            self._outlet.next_turn()
            self.open(self._outlet)
        return not self._loop

    def _drained(self) -> bool:
        if not self._session.is_finished() or self._outlet.given != self._given:
            self._given, self._idle_since = self._outlet.given, time.monotonic()
            return False
        return time.monotonic() - self._idle_since > IDLE_S

    def status(self) -> DeviceStatus | None:
        return None

    def begin_recording(self) -> str:
        raise WozError("A replay has no glasses that could record.")

    def end_recording(self) -> None:
        self.begin_recording()

    def fetch_recording(self, name: str, target: Path) -> None:
        self.begin_recording()

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        """There is no speaker."""

    def close(self) -> None:
        if self._session is not None:
            self._session.stop()
            self._data.clear_callbacks()
            self._session = None
