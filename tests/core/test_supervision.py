"""What lives long goes on after a fault or ends in order, and the person hears of it; nothing runs beside that."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

import woz
from woz.base.errors import WozError
from woz.base.runtime import LiveLoop
from woz.base.supervision import SHOWN_S, Supervisor


class Now:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_a_turn_that_fails_ends_alone_and_is_told_as_seldom_as_it_is_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[WozError] = []
    now = Now()
    supervisor = Supervisor(told.append, now)
    done = 0
    for n in range(50):
        with supervisor.turn("lamp"):
            if n < 40:
                raise ZeroDivisionError("no light")
            done += 1
    assert done == 10
    assert [str(fault) for fault in told] == ["The lamp failed (no light); it goes on."]
    assert supervisor.problem == str(told[0])
    now.s += SHOWN_S
    assert supervisor.problem == ""
    with supervisor.turn("lamp"):
        raise ZeroDivisionError("no light")
    assert len(told) == 2
    assert "(41 times)" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_faults_of_the_world_are_told_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor()
    with supervisor.turn("lamp"):
        raise WozError("The bulb is broken; put in another.")
    assert supervisor.problem == "The bulb is broken; put in another."


def test_a_thread_that_ends_by_a_fault_ends_in_order_and_is_shown_for_good(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now, ended = Now(), list[WozError]()
    supervisor = Supervisor(now_s=now)

    def work() -> None:
        raise OSError(5, "Input/output error")

    thread = supervisor.thread("disk watch", work, ended.append)
    thread.start()
    thread.join()
    now.s += 10 * SHOWN_S
    with supervisor.turn("lamp"):
        raise ZeroDivisionError
    assert [str(fault) for fault in ended] == [supervisor.problem]
    assert supervisor.problem.startswith("The disk watch failed (Input/output error) and has ended")


def test_tasks_and_calls_on_a_live_loop_are_watched(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    live = LiveLoop("test", Supervisor(lambda fault: told.append(str(fault))))
    turns: list[int] = []

    def step() -> None:
        turns.append(1)
        raise KeyError("step")

    async def fails() -> None:
        raise ValueError("task")

    async def run() -> None:
        loop = asyncio.get_running_loop()
        supervisor = Supervisor.of(loop)
        assert supervisor is live.supervisor
        steps = supervisor.task("steps", supervisor.every(0, "steps", step))
        one = supervisor.task("one", fails())
        loop.call_soon(lambda: [][0])
        while len(turns) < 5 or not one.done():
            await asyncio.sleep(0)
        steps.cancel()
        await asyncio.gather(steps, return_exceptions=True)

    live.call(run(), timeout_s=120)
    live.close()
    assert sorted(told) == [
        "The live loop failed (list index out of range); it goes on.",
        "The one failed (task); it goes on.",
        "The steps failed ('step'); it goes on.",
    ]


UNWATCHED = {"Thread", "Timer", "ensure_future", "create_task"}


def test_nothing_in_the_domain_runs_beside_the_supervisor() -> None:
    found = [
        f"{path.name}:{line}" for path in sorted(Path(woz.__path__[0]).rglob("*.py")) for line in started(path)
    ]
    assert [place.split(":")[0] for place in found] == ["supervision.py", "supervision.py"], found


def started(path: Path) -> Iterator[int]:
    """The lines on which a thread or a task is started by the means of Python alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in UNWATCHED:
                yield node.lineno
