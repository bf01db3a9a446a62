"""How late somebody presses is learnt from their own corrections, and what runs outlives its program."""

from __future__ import annotations

from pathlib import Path

from woz.annotation.presses import MOST, Press, Presses
from woz.annotation.running import Running, RunningFile
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

LAG = 300_000_000


def _corrected(speeds: list[float], lag_ns: int = LAG) -> Presses:
    """Presses that were late by a lag at the wall's clock, and then put right."""
    presses = Presses()
    for i, speed in enumerate(speeds):
        true_ns = (i + 1) * 10 * NS_PER_S
        presses.add(str(i), True, true_ns + round(lag_ns * speed), speed)
        assert presses.settle(str(i), True, true_ns)
    return presses


def test_the_lag_is_a_persons_whatever_the_speed() -> None:
    presses = _corrected([0.5, 1.0, 2.0, 3.0, 4.0])
    assert presses.lag_ns == LAG
    assert presses.corrected_ns(20 * NS_PER_S, 2.0) == 20 * NS_PER_S - 2 * LAG
    assert presses.corrected_ns(100, 1.0) == 0


def test_from_few_corrections_nothing_is_learnt() -> None:
    presses = _corrected([1.0] * 4)
    assert (presses.lag_ns, presses.settled) == (None, 4)
    assert presses.corrected_ns(NS_PER_S, 1.0) == NS_PER_S


def test_who_presses_early_is_not_moved_on() -> None:
    assert _corrected([1.0] * 5, -LAG).lag_ns == 0


def test_what_was_moved_far_or_never_pressed_teaches_nothing() -> None:
    presses = Presses()
    presses.add("a", True, 30 * NS_PER_S, 1.0)
    assert not presses.settle("a", True, 20 * NS_PER_S)
    assert not presses.settle("a", False, 30 * NS_PER_S)
    assert not presses.settle("b", True, 30 * NS_PER_S)
    assert presses.settled == 0


def test_an_edge_counts_once_where_it_was_put_last() -> None:
    presses = Presses()
    presses.add("a", True, NS_PER_S, 1.0)
    presses.settle("a", True, NS_PER_S // 2)
    presses.settle("a", True, 3 * NS_PER_S // 4)
    assert presses.settled == 1
    assert Press("a", True, NS_PER_S, 1.0, NS_PER_S // 4) in Presses.from_json(presses.to_json())._presses.values()


def test_presses_are_kept_as_text_and_no_more_than_many() -> None:
    presses = _corrected([1.0] * (MOST + 20))
    again = Presses.from_json(presses.to_json())
    assert (again.settled, again.lag_ns) == (MOST, LAG)
    for nonsense in ("", "[", "[1]", '[{"item":3}]'):
        assert Presses.from_json(nonsense).settled == 0


def test_what_runs_is_read_again(tmp_path: Path) -> None:
    made = Made(Origin.MANUAL, "ada", 5)
    begun = Annotation(AnnotationId("a"), TierId("t"), 10, None, "cut", made)
    file = RunningFile(tmp_path / "new" / "running.json")
    assert file.read() == ()
    file.keep([Running(begun, 2000)])
    assert RunningFile(tmp_path / "new" / "running.json").read() == (Running(begun, 2000),)
    file.keep([])
    assert file.read() == ()
    assert not list((tmp_path / "new").iterdir())


def test_a_broken_file_is_nothing_and_one_that_can_not_be_written_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "running.json"
    path.write_text('[{"begun": ')
    assert RunningFile(path).read() == ()
    made = Made(Origin.MANUAL, "ada", 5)
    begun = Annotation(AnnotationId("a"), TierId("t"), 10, None, "cut", made)
    RunningFile(path / "under a file").keep([Running(begun, 20)])
