"""The table of tasks: the truth told again is right, and others' functions are taken as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench_tasks import Row, apart, made, perfect, table
from tests.rig.reference_code import loaded, method


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Row]:
    room = tmp_path_factory.mktemp("tasks")
    sets = {"made": made(room / "files")}
    wanted = ("states", "proficiency", "demonstrator", "when-to-speak", "clip-text")
    rows = [row for task in wanted for row in table(sets, room / "out", None, task)]
    return {(row.task, row.measure): row for row in rows}


def test_the_truth_is_right_and_the_simple_prediction_as_far_off_as_it_says(
    found: dict[tuple[str, str], Row],
) -> None:
    assert all(perfect(row) for row in found.values())
    late = found["proficiency", "mAP at L1 distance"].changed
    assert late["at 0.5"] is not None
    assert (late["at 1"], late["at 0.5"] > 0.9) == (1, True)
    assert found["states", "frames"].changed["edit"] == 1
    talk = found["when-to-speak", "ProAssist's F1"]
    assert (talk.truth["published f1"], talk.truth["mended f1"]) == (0, 1)


def test_clip_text_pairs_are_the_formulas(found: dict[tuple[str, str], Row]) -> None:
    row = found["clip-text", ""]
    assert set(row.oracle) == {"alpha (s)", "descriptions"}
    assert apart(row) < 1e-9


OTHERS = """import nowhere

def twice(x):
    return np.float(x) * of(2)


def of(x):
    return x

class Thing(object):
    def half(
        self, x
    ):
        return x / 2

def main():
    print "Python 2"
"""


def test_functions_are_taken_out_of_a_file_that_would_not_run(tmp_path: Path) -> None:
    path = tmp_path / "others.py"
    path.write_text(OTHERS)
    assert loaded(path, "twice", "of").twice(3) == 6
    assert method(path, "half", {})(None, 3) == 1.5
    with pytest.raises(LookupError, match="no thrice"):
        loaded(path, "thrice")
