"""A detector in a process of its own that several threads share, as a batch's worker may have them."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from woz.deidentifying.detectors import apart
from woz.deidentifying.detectors.port import Found

THREADS, PICTURES = 4, 50


def test_each_thread_has_the_answer_about_its_own_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "command", lambda *_: [sys.executable, "-m", "tests.core.stub_detector"])
    shared = apart.Apart(Path("model.jit"))

    def found(thread: int) -> list[list[Found]]:
        picture = np.full((8, 10 + thread, 3), thread, np.uint8)
        return [shared.find(picture, 0.5) for _ in range(PICTURES)]

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(found, range(THREADS)))
    finally:
        shared.close()
    assert answers == [[[Found(0.0, 0.0, 10.0 + n, 8.0, float(n))]] * PICTURES for n in range(THREADS)]
