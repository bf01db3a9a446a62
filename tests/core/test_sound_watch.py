"""A sound device that stalls is told of until it has gone well for a while."""

from __future__ import annotations

from woz.clock import ManualClock
from woz.errors import WozError
from woz.sound_watch import ALL_WELL_NS, SoundWatch


def test_a_stall_is_told_until_all_was_well_for_a_while() -> None:
    clock, told = ManualClock(), list[str]()
    watch = SoundWatch(clock, told.append)
    watch.lives()
    watch.stalled(WozError("The microphone has stalled."))
    clock.advance(ALL_WELL_NS)
    watch.lives()
    assert watch.problem == "The microphone has stalled."
    watch.stalled(WozError("The earpiece has stalled."))
    clock.advance(ALL_WELL_NS + 1)
    assert watch.problem == "The earpiece has stalled."
    watch.lives()
    watch.lives()
    assert watch.problem == ""
    assert told == ["The microphone has stalled.", "The earpiece has stalled.", "comes again"]
