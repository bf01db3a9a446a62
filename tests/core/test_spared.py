"""Pictures that the expert wasn't shown are counted from the recording's begin."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from woz.live.station.spared import Spared


def test_what_went_before_belongs_to_no_recording() -> None:
    link, shedding = SimpleNamespace(dropped=5499), SimpleNamespace(spared=20)
    expert: Any = SimpleNamespace(link=link)
    media: Any = SimpleNamespace(shedding=shedding)
    spared = Spared(expert, media)
    spared.begin()
    assert spared.count == 0
    link.dropped, shedding.spared = 5501, 23
    assert spared.count == 5
