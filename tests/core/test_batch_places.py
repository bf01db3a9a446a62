"""Where a batch is worked on, and what is told of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from woz.batch.cluster import places
from woz.batch.cluster.local import threads_of
from woz.batch.cluster.places import NO_GPU, Where, workers_at
from woz.batch.items import About
from woz.batch.kinds.beside_films import Nothing
from woz.batch.registry import uses_gpu


@pytest.mark.parametrize(("cards", "gpu", "told"), [([], True, [NO_GPU]), ([], False, []), (["0"], True, [])])
def test_who_asks_for_gpus_where_there_are_none_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cards: list[str], gpu: bool, told: list[str]
) -> None:
    """Work that uses one where there is one is done without it in silence, as ever."""
    given, said = list[list[str]](), list[str]()
    monkeypatch.setattr(places, "gpus", lambda: cards)
    monkeypatch.setattr(places, "local_cluster", lambda stack, workers, found, memory: given.append(found))
    with workers_at(Where(gpu=gpu), tmp_path, True, said.append):
        assert given == [cards]
    assert said == told


class Own:
    """A lab's own kind, which says nothing of GPUs."""

    parameters = Nothing


@pytest.mark.parametrize(
    ("kind", "parameters", "on_gpu"),
    [
        ("faces", {"detector": "centerface"}, False),
        ("faces", {"detector": "centerface,ego_blur_lp_gen2.jit"}, True),
        ("transcribe", {}, True),
        ("transcribe", {"device": "cpu"}, False),
        ("check", {}, False),
        (f"{__name__}:Own", {}, False),
    ],
)
def test_only_work_that_runs_on_a_gpu_is_bound_to_one(kind: str, parameters: dict[str, str], on_gpu: bool) -> None:
    """Else a machine of many cores and one GPU would look for faces with one of its cores."""
    assert uses_gpu(About("run", kind, "", "", {}, parameters, {}, 1, 0)) == on_gpu


@pytest.mark.parametrize(("cores", "workers", "threads"), [(8, 2, "4"), (8, 8, "1"), (2, 8, "1"), (None, 1, "1")])
def test_workers_share_the_cores_among_the_threads_of_opencv(
    monkeypatch: pytest.MonkeyPatch, cores: int | None, workers: int, threads: str
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert threads_of(workers)["OPENCV_FOR_THREADS_NUM"] == threads


def test_opencv_takes_as_many_threads_as_it_is_told() -> None:
    """By its own name for that, which its manual hides."""
    told = "import cv2; print(cv2.getNumThreads())"
    environment = {**os.environ, **threads_of(10**6)}
    ran = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout == "1\n"
