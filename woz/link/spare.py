"""The view while the expert is away: encoded all the same, as long as observers look on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from woz.link.fanout import pump
from woz.link.tracks import ViewTrack


class SpareView:
    def __init__(self, new_view: Callable[[], ViewTrack]) -> None:
        self._new_view = new_view
        self._pump: asyncio.Task[None] | None = None
        self.view: ViewTrack | None = None

    def keep(self, wanted: bool) -> None:
        """Start it, or end it, on the loop that it runs on."""
        if not wanted:
            self.stop()
        elif self.view is None:
            self.view = self._new_view()
            self._pump = asyncio.ensure_future(pump(self.view))

    def stop(self) -> None:
        if self.view:
            self.view.stop()
        self.view = None
