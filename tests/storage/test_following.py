"""Whoever has a project open hears what others commit, and reads again after a connection that was lost."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Project
from storage.backends import following, guard
from storage.backends.port import Change
from tests.rig.postgresql import Server
from tests.storage.examples import CLOCK, SESSION, SID
from woz.base.supervision import Supervisor
from woz.model.events import Event, EventKind

PATIENCE_S = 180

OTHER = """
import sys
from pathlib import Path
from storage import Project
from tests.storage.examples import CLOCK, SID
from woz.model.events import Event, EventKind
with Project.open(Path(sys.argv[1]), CLOCK) as project:
    project.events.append(SID, [Event(1, EventKind.NOTE, "console", {"text": "hm"})])
"""


@contextlib.contextmanager
def _heard(project: Project, supervisor: Supervisor | None = None) -> Iterator[queue.Queue[Change]]:
    """What a follower is told, from when it hears all on."""
    heard: queue.Queue[Change] = queue.Queue()
    follower = project.database.follow(heard.put, supervisor)
    try:
        assert heard.get(timeout=PATIENCE_S) == Change()
        yield heard
    finally:
        follower.close()


def test_a_commit_of_another_process_is_heard(project: Project) -> None:
    with _heard(project) as heard:
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", OTHER, str(project.path)], cwd=root, check=True)
        change = heard.get(timeout=PATIENCE_S)
        assert change in (Change(), Change("event"))
        assert [event.data["text"] for event in project.events.of_session(SID)] == ["hm"]


def test_reading_and_what_is_taken_back_are_not_heard(project: Project) -> None:
    with _heard(project) as heard:
        project.sessions.all()
        with contextlib.suppress(ZeroDivisionError), project.database.transaction() as rows:
            rows.connection().exec_driver_sql("UPDATE session SET title = 'Pie'")
            raise ZeroDivisionError
        project.sessions.save(SESSION)
        project.events.append(SID, [Event(1, EventKind.NOTE, "console")])
        assert heard.get(timeout=PATIENCE_S) in (Change(), Change("event"))
        assert project.sessions.get(SID) == SESSION


def test_after_a_lost_connection_all_is_to_be_read_again(
    server: Server, server_project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "AGAIN_S", 0.01)
    supervisor = Supervisor()
    with _heard(server_project, supervisor) as heard:
        name = server_project.place.url.database if server_project.place.url else ""
        with server.connect("postgres") as administrator:
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        assert heard.get(timeout=PATIENCE_S) == Change()
        server_project.events.append(SID, [Event(1, EventKind.NOTE, "console")])
        assert heard.get(timeout=PATIENCE_S) == Change("event")
    assert "was lost" in caplog.text


def test_a_follower_that_fails_hears_the_next(project: Project, caplog: pytest.LogCaptureFixture) -> None:
    calls: queue.Queue[Change] = queue.Queue()

    def tell(change: Change) -> None:
        calls.put(change)
        raise ValueError("no window")

    follower = project.database.follow(tell)
    calls.get(timeout=PATIENCE_S)
    project.events.append(SID, [Event(1, EventKind.NOTE, "console")])
    calls.get(timeout=PATIENCE_S)
    follower.close()
    assert "no window" in caplog.text


def test_the_windows_thread_may_not_wait_for_a_database(project: Project) -> None:
    with guard.armed():
        with pytest.raises(guard.WindowThreadError):
            project.sessions.all()
        with pytest.raises(guard.WindowThreadError):
            project.sessions.save(SESSION)
        found: queue.Queue[int] = queue.Queue()
        worker = threading.Thread(target=lambda: found.put(len(project.sessions.all())))
        worker.start()
        worker.join()
        assert found.get() == 1
    assert project.sessions.all() == [SESSION]
    with Project.open(project.path, CLOCK) as again:
        assert again.sessions.all() == [SESSION]
