"""How long a run still takes is told to who asks from elsewhere, also long after its last item."""

from __future__ import annotations

from woz.base.interval import NS_PER_S
from woz.batch.lock import Claim

ENDS = Claim("running", "here", 1, 0, ends_utc_ns=90 * NS_PER_S)


def test_what_is_left_grows_less_without_news() -> None:
    assert [ENDS.left_s(now * NS_PER_S) for now in (30, 80)] == [60, 10]


def test_nothing_is_told_before_it_is_known_or_once_it_takes_longer() -> None:
    assert ENDS.left_s(90 * NS_PER_S) is None
    assert Claim("starting", "here", 1, 0).left_s(0) is None
