"""Cyclic garbage is found and freed on the window's thread alone: an object of Qt may be in it."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.application import collecting
from ui.application.collecting import _Collector
from woz.base.collecting import collecting_waits, without_collecting


class _Cycle(QObject):
    """Freed by the collector only; tells on which thread."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        super().__init__()
        self._freed, self._own = freed, self

    def __del__(self) -> None:
        self._freed.append(threading.current_thread())


def _allocate(count: int) -> None:
    kept = [[number] for number in range(count)]
    assert len(kept) == count


def _beside(work: Any, *given: Any) -> None:
    thread = threading.Thread(target=work, args=given)
    thread.start()
    thread.join()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which generations are looked at, without looking."""
    found = list[int]()

    def collect(generation: int = 2) -> int:
        found.append(generation)
        return 0

    monkeypatch.setattr(gc, "collect", collect)
    return found


def _made(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(gc, "get_count", lambda: (count, 0, 0))


@pytest.fixture
def collector(qtbot: QtBot, qapp: Any) -> _Collector:
    begun = _Collector()
    begun.begin(qapp)
    assert begun._timer
    begun._timer.stop()
    begun._since_second = begun._since_third = begun._stayed = 0
    return begun


def test_what_a_thread_makes_frees_no_object_of_qt(qtbot: QtBot) -> None:
    freed = list[threading.Thread]()
    _Cycle(freed)
    _beside(_allocate, 300_000)
    assert freed == []
    _allocate(300_000)
    kept = [[number] for number in range(300_000)]
    qtbot.waitUntil(lambda: freed == [threading.main_thread()])
    assert kept


def test_the_young_are_looked_at_often_and_all_seldom(
    collector: _Collector, looked_at: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    _made(monkeypatch, 700)
    collector.collect()
    assert looked_at == []
    _made(monkeypatch, 3_000)
    for _ in range(24):
        collector.collect()
    assert looked_at == [0, 0, 1] * 7 + [0, 0, 2]


def test_all_is_looked_at_once_a_quarter_is_new(
    collector: _Collector, looked_at: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 1_000_000)
    _made(monkeypatch, 100_000)
    for _ in range(4):
        collector.collect()
    assert looked_at == [2, 1, 1, 2]


def test_what_other_threads_are_about_to_make_is_left_alone(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tuple that is filled and made shorter must be nobody else's meanwhile."""
    counted, made = threading.Event(), list[tuple[int, ...]]()
    faults = list[BaseException]()

    def make() -> None:
        try:
            while not counted.is_set():
                made[:] = [tuple(number for number in range(30))]
        except SystemError as error:
            faults.append(error)

    was = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread = threading.Thread(target=make)
    thread.start()
    try:
        for _ in range(30):
            assert collecting._tracked() > 1_000
    finally:
        counted.set()
        thread.join()
        sys.setswitchinterval(was)
    assert faults == []
    assert made == [tuple(range(30))]


def test_nobody_looks_while_many_are_made(
    collector: _Collector, looked_at: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _made(monkeypatch, 1_000_000)
    with without_collecting():
        with without_collecting():
            pass
        assert collecting_waits()
        collector.collect()
    assert looked_at == []
    collector.collect()
    assert looked_at == [2]


def test_a_process_without_windows_goes_on_as_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_COLLECTOR", _Collector())
    was = gc.isenabled()
    gc.enable()
    collecting.collect_due()
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()
    if not was:
        gc.disable()
