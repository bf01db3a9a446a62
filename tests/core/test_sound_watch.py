"""A sound device that stalls is told of until it has gone well for a while; sound that it lost is counted."""

from __future__ import annotations

from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.live.seats.sound_watch import ALL_WELL_NS, LATELY_NS, MANY, ONE_LOSS_NS, SoundWatch


def watched(clock: ManualClock) -> tuple[SoundWatch, list[tuple[str, int]]]:
    told: list[tuple[str, int]] = []
    return SoundWatch(clock, "microphone", lambda words, lost: told.append((words, lost))), told


def test_a_stall_is_told_until_all_was_well_for_a_while() -> None:
    clock = ManualClock()
    watch, told = watched(clock)
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
    watch.look()
    watch.look()
    assert [words for words, _ in told] == [
        "The microphone has stalled.",
        "The earpiece has stalled.",
        "the microphone comes again",
    ]


def test_each_loss_is_counted_and_told_once_by_whoever_looks() -> None:
    clock = ManualClock()
    watch, told = watched(clock)
    for _ in range(2):
        watch.lost()
        clock.advance(ONE_LOSS_NS)
    assert (told, watch.problem) == ([], "")
    watch.look()
    watch.look()
    watch.lost()
    watch.look()
    assert told == [("the microphone lost sound 2 times", 2), ("the microphone lost sound", 1)]
    assert watch.losses == 3


def test_blocks_in_a_row_that_say_so_are_one_loss() -> None:
    clock = ManualClock()
    watch, _ = watched(clock)
    for _ in range(6):
        watch.lost()
        clock.advance(10_000_000)
    assert (watch.losses, watch.problem) == (1, "")


def test_losses_again_and_again_are_a_problem_until_they_end() -> None:
    clock = ManualClock()
    watch, _ = watched(clock)
    for _ in range(MANY):
        watch.lost()
        clock.advance(1_000_000_000)
    assert "loses sound again and again" in watch.problem
    clock.advance(LATELY_NS)
    assert watch.problem == ""
