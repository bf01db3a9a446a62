"""What counts as work: from act to act, not while nobody acts; playing counts as watching for a while."""

from __future__ import annotations

from woz.annotation.work import IDLE_NS, WATCHED_NS, WorkMeter, covered_ns, rate
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

ONE, TWO = TierId("one"), TierId("two")


class Desk:
    def __init__(self) -> None:
        self.now = 0
        self.meter = WorkMeter(lambda: self.now)

    def after(self, seconds: float, tier: TierId | None = ONE) -> None:
        self.now += round(seconds * NS_PER_S)
        self.meter.acted(tier)

    def plays(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += NS_PER_S
            self.meter.plays()


def test_time_between_acts_is_work_and_idle_time_is_not() -> None:
    desk = Desk()
    desk.after(0)
    desk.after(10)
    desk.after(IDLE_NS / NS_PER_S + 1)
    desk.after(5)
    assert desk.meter.take() == {ONE: 15 * NS_PER_S}
    assert desk.meter.take() == {}


def test_it_is_counted_for_the_tier_that_was_worked_on() -> None:
    desk = Desk()
    desk.after(0)
    desk.after(4, TWO)
    desk.after(3, None)
    desk.after(7)
    desk.after(1)
    assert desk.meter.take() == {ONE: 5 * NS_PER_S, TWO: 3 * NS_PER_S}


def test_watching_is_work_until_nobody_has_acted_for_long() -> None:
    desk = Desk()
    desk.after(0)
    desk.plays(300)
    assert desk.meter.take() == {ONE: WATCHED_NS}
    desk.after(10)
    desk.plays(2)
    assert desk.meter.take() == {ONE: 2 * NS_PER_S}


def test_how_far_a_tier_is_annotated_and_the_rate() -> None:
    made = Made(Origin.MANUAL, "ada", 5)

    def item(start: int | None, end: int | None) -> Annotation:
        return Annotation(AnnotationId(f"{start}"), ONE, start, end, "x", made)

    assert covered_ns([item(0, 10), item(20, 30), item(25, None), item(None, None)], 100) == 30
    assert covered_ns([item(0, 10)], 5) == 5
    assert covered_ns([], 5) == 0
    assert rate(30, 60) == 0.5
    assert rate(30, 0) is None
