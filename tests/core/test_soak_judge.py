"""The judge of a soak: what a starved machine never recorded is no loss; what was recorded and is gone is one."""

from __future__ import annotations

import pytest

from tests.rig.soak_judge import MOST_LOST_S, STARVED, Round, Stream, Verdict, summary, table


def _round(lacks: float, lost: float = 0.0, marks: int = 0, waited: float = 0.0) -> Round:
    """Of its two streams `said` is of another program, which had all its turns."""
    return Round({"view": Stream(lacks, lost, waited), "said": Stream(0.1, -0.3, 0.0)}, marks)


@pytest.mark.parametrize(
    ("done", "verdict"),
    [
        (_round(MOST_LOST_S), Verdict.WHOLE),
        (_round(0.4, waited=0.99), Verdict.WHOLE),
        (_round(1.2), Verdict.LACKING),
        (_round(1.2, waited=STARVED), Verdict.LACKING),
        (_round(13.5, waited=0.97), Verdict.STARVED),
        (_round(13.5, lost=1.2, waited=0.97), Verdict.LOST),
        (_round(0.2, marks=1, waited=0.97), Verdict.LOST),
    ],
)
def test_a_round_comes_to(done: Round, verdict: Verdict) -> None:
    assert done.verdict == verdict
    assert done.is_sound == (verdict in (Verdict.WHOLE, Verdict.STARVED))


def test_what_one_program_lacks_is_not_excused_by_another_that_starved() -> None:
    starved, lacking = Stream(5.0, 0.0, 0.99), Stream(5.0, 0.0, 0.1)
    assert Round({"view": starved, "said": lacking}, 0).verdict == Verdict.LACKING


def test_a_stream_that_a_round_did_not_look_at_counts_for_nothing() -> None:
    killed_station = Round({"view": Stream(0.3, 0.0, 0.0)}, 0)
    told = table(summary([killed_station, _round(0.3), killed_station])).splitlines()
    assert "| view | 0.30, 0.30 s (3 rounds) | – | 0.00 s |" in told
    assert "| said | 0.10, 0.10 s (1 rounds) | – | 0.00 s |" in told


def test_the_table_tells_what_the_machine_starved_apart_from_what_was_lost() -> None:
    rounds = [_round(0.3), _round(0.5), _round(5.0, 0.25, waited=0.95), _round(7.0, 1.5, marks=2, waited=0.95)]
    found = summary(rounds)
    assert found["verdicts"] == {
        "whole": 2,
        "lacking, the machine starved": 1,
        "lacking, with time": 0,
        "recorded and lost": 1,
    }
    assert (found["kills"], found["marks_lost"]) == (4, 2)
    told = table(found).splitlines()
    assert "| view | 0.40, 0.50 s (2 rounds) | 6.00, 7.00 s (2 rounds) | 1.50 s |" in told
    assert "| said | 0.10, 0.10 s (4 rounds) | – | 0.00 s |" in told
    assert told[-1].endswith("1 recorded and lost. Marks lost: 2.")
