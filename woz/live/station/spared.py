"""How many pictures of a recording the expert wasn't shown: late for the link, or left out to spare the machine."""

from __future__ import annotations

from woz.live.station.expert_side import ExpertSide
from woz.live.station.media_in import MediaIn


class Spared:
    """Counts from `begin` on; what went before belongs to no recording."""

    def __init__(self, expert: ExpertSide, media: MediaIn) -> None:
        self._expert, self._media = expert, media
        self._before = 0

    def begin(self) -> None:
        self._before = self._so_far

    @property
    def count(self) -> int:
        return self._so_far - self._before

    @property
    def _so_far(self) -> int:
        return self._expert.link.dropped + self._media.shedding.spared
