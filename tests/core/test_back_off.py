from __future__ import annotations

from woz.base.back_off import BackOff


def test_the_delays_double_up_to_their_bound_and_begin_anew() -> None:
    back_off = BackOff(1.0, 5.0)
    assert [back_off.next_s() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    back_off.reset()
    assert back_off.next_s() == 1.0
