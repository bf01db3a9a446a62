"""The judge of a soak: what a starved machine never recorded is no loss; what was recorded and is gone is one."""

from __future__ import annotations

import json
import os
import sys
import threading

import pytest

from tests.rig import soak
from tests.rig.processor import Turns, turns_of
from tests.rig.soak_judge import MOST_LOST_S, STARVED, Round, Stream, Verdict, passed, summary, table


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
        "ended by a fault": 0,
    }
    assert (found["kills"], found["marks_lost"]) == (4, 2)
    told = table(found).splitlines()
    assert "| view | 0.40, 0.50 s (2 rounds) | 6.00, 7.00 s (2 rounds) | 1.50 s |" in told
    assert "| said | 0.10, 0.10 s (4 rounds) | – | 0.00 s |" in told
    assert told[-1].endswith("1 recorded and lost, 0 ended by a fault. Marks lost: 2.")


def test_a_run_passes_where_nothing_was_lost_and_some_round_can_tell() -> None:
    whole, starved, lost = _round(0.3), _round(13.5, waited=0.97), _round(0.3, marks=1)
    assert passed([whole, starved])
    for wrong in ([starved, starved], [whole, lost], [whole, Round({}, 0, "AssertionError: no console")], []):
        assert not passed(wrong)


def test_a_round_that_ended_by_a_fault_is_one_of_the_table_and_its_fault_stands_below() -> None:
    broken = Round({}, 0, "AssertionError: no console")
    found = summary([_round(0.3), broken])
    assert (found["kills"], found["verdicts"]["ended by a fault"]) == (2, 1)
    assert table(found).splitlines()[-1] == "A round ended by a fault: AssertionError: no console"


def test_a_run_goes_on_after_a_round_that_ended_by_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left = [_round(0.3), _round(0.4)]

    def one_round(*_: object) -> Round:
        if len(left) == 1:
            left.append(left[0])
            raise AssertionError("no console")
        return left.pop()

    monkeypatch.setattr(soak, "one_round", one_round)
    monkeypatch.setattr("sys.argv", ["soak", "--kills", "3", "--json"])
    assert soak.main() == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["kills"], told["faults"]) == (3, ["AssertionError: no console"])


def test_what_a_thread_did_that_has_ended_is_not_taken_off_what_the_others_did() -> None:
    before = Turns({1: (10, 10), 2: (5_000, 5_000)})
    assert Turns({1: (20, 100), 3: (7_000, 0)}).waited_since(before) == 0.9


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these accounts")
def test_the_threads_of_a_process_are_told_apart() -> None:
    assert threading.get_native_id() in turns_of(os.getpid()).threads
