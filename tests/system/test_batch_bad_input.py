"""What a batch does where something around it is wrong: one sentence, and nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import av
import msgspec
import pytest

from storage import Project
from tests.rig.batch_room import SMALL, recorded_project
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.outside import Unsound
from woz.batch import bringing, running, work
from woz.batch.cluster import worker
from woz.batch.cluster.places import Where, Workers
from woz.batch.cluster.submitting import Sliding
from woz.batch.items import Item
from woz.batch.kind import SESSIONS
from woz.batch.ledger import PATHS, Ledger
from woz.batch.lock import claimed, holder
from woz.batch.planning import plan
from woz.batch.work import Outcome, What, execute

CLOCK = SystemClock()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    for cached in (work._seen, work._demand_seen, work._tools_here):
        cached.cache_clear()
    with recorded_project(tmp_path / "project", 1) as made:
        yield made


@pytest.fixture
def ledger(project: Project, tmp_path: Path) -> Ledger:
    """Its run lies apart from its recordings."""
    return plan(project, SMALL, {"count": 2}, [], CLOCK, tmp_path / "shared" / "run")


def worked(ledger: Ledger, number: int = 0) -> Outcome:
    item = list(ledger.items())[number]
    return execute(str(ledger.path), ledger.about().token, msgspec.json.encode(item))


def test_a_place_for_fetched_films_that_takes_none_is_told(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "has_store", lambda _: True)
    ledger.cache.mkdir(parents=True, exist_ok=True)
    (ledger.cache / bringing.FILMS).touch()
    with pytest.raises(WozError, match=r"can't be written .*; make room there, or see who may write\.$"):
        bringing.brought(ledger, ledger.about(), next(iter(ledger.items())), {SESSIONS: tmp_path / "none"})


def test_a_disk_that_is_gone_for_a_moment_is_waited_for(ledger: Ledger, project: Project, tmp_path: Path) -> None:
    assert worked(ledger).what == What.DONE
    sessions, away = project.sessions_dir, tmp_path / "away"
    item, token = list(ledger.items())[1], ledger.about().token
    sessions.rename(away)
    found = list[Outcome]()
    thread = threading.Thread(
        target=lambda: found.append(execute(str(ledger.path), token, msgspec.json.encode(item))), daemon=True
    )
    thread.start()
    time.sleep(0.5)
    assert not found
    away.rename(sessions)
    thread.join(120)
    assert [one.what for one in found] == [What.DONE]
    assert ledger.failures() == {}


def test_a_disk_that_breaks_off_within_an_item_has_it_done_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, calls = work._made, list[int]()

    def stale(*given: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return made(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "_made", stale)
    assert worked(ledger).what == What.DONE
    assert len(calls) == 2
    assert ledger.failures() == {}


def test_a_file_on_a_bad_block_fails_alone(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def bad(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(work, "_made", bad)
    outcome = worked(ledger)
    assert outcome.what == What.FAILED
    assert outcome.words == (
        f"A disk doesn't do its work ({os.strerror(errno.EIO)}); see to it, then have it tried again with woz batch"
        f" retry {quoted(ledger.path)}."
    )
    assert [each.error for each in ledger.failures().values()] == [outcome.words]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            PermissionError(errno.EACCES, "Denied", "ego.mkv"),
            "ego.mkv can't be read or written (Denied); see to it",
        ),
        (TimeoutError(errno.ETIMEDOUT, "Timed out"), "The system or FFmpeg couldn't go on (Timed out); see to it"),
        (av.InvalidDataError(1, "Invalid data"), "The system or FFmpeg couldn't go on (Invalid data); see to it"),
    ],
)
def test_only_a_disk_s_fault_is_laid_on_a_disk(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    def bad(*_: object) -> None:
        raise error

    monkeypatch.setattr(work, "_made", bad)
    assert worked(ledger).words.startswith(words)


def test_a_fault_of_the_program_is_told_as_one(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(work, "_made", wrong)
    assert worked(ledger).words == (
        f"A fault of the program ended it (KeyError: 'x'); its trace is in {ledger.path / 'failed'}."
    )


def test_a_disk_that_was_never_seen_is_told_at_once(
    ledger: Ledger, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PATHS, f"{project.sessions_dir}=/nowhere/sessions")
    outcome = worked(ledger)
    assert outcome.what == What.STOP
    assert "doesn't see /nowhere/sessions" in outcome.words
    assert PATHS in outcome.words
    assert ledger.failures() == {}


@pytest.mark.parametrize(("models", "what"), [("models", What.FAILED), ("sessions", What.STOP)])
def test_another_model_than_planned_stops_the_run_and_another_film_fails_alone(
    ledger: Ledger, project: Project, monkeypatch: pytest.MonkeyPatch, models: str, what: What
) -> None:
    """Once as if its input were a model."""
    monkeypatch.setattr(work, "MODELS", models)
    (given,) = next(iter(ledger.items())).inputs
    with (project.sessions_dir / given.path).open("ab") as file:
        file.write(b" ")
    outcome = worked(ledger)
    assert outcome.what == what
    assert outcome.words.endswith("is another file than when the run was planned; plan it again.")
    assert len(ledger.failures()) == (what == What.FAILED)


def test_a_run_that_a_node_doesnt_see_is_told_in_a_sentence(ledger: Ledger, tmp_path: Path) -> None:
    line = msgspec.json.encode(next(iter(ledger.items())))
    (tmp_path / "empty").mkdir()
    for run in (tmp_path / "nowhere", tmp_path / "empty"):
        outcome = execute(str(run), ledger.about().token, line)
        assert outcome.what == What.STOP
        assert f"doesn't see the run at {run}" in outcome.words
        assert outcome.words.endswith("=THERE for its workers.")


def test_a_disk_that_is_seen_elsewhere_serves(
    ledger: Ledger, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "mnt"
    elsewhere.symlink_to(project.sessions_dir.parent)
    monkeypatch.setenv(PATHS, f"{project.sessions_dir.parent}={elsewhere}")
    assert worked(ledger).what == What.DONE


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_stops_the_run_and_fails_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(*_: object) -> None:
        try:
            raise OSError(number, os.strerror(number))
        except OSError as error:
            raise ValueError("in a kind's own words") from error

    monkeypatch.setattr(work, "_made", full)
    outcome = worked(ledger)
    assert outcome.what == What.STOP
    assert "takes no more" in outcome.words
    assert ledger.failures() == {}
    assert list((ledger.path / "out").iterdir()) == []


def test_a_disk_that_lets_nothing_be_written_or_deleted_is_told(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that the system made read-only after a fault."""

    def refuse(*_: object, **more: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(WozError, match=r"takes no more .* make room"), claimed(ledger, "retrying", CLOCK):
        pytest.fail("nobody can work on it")


def test_who_asks_is_told_how_long_a_run_still_takes(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left_s, words = list[float | None](), list[str]()

    def began(_: Sliding, items: Iterator[Item]) -> Iterator[Outcome]:
        for item in items:
            claim = holder(ledger)
            assert claim
            left_s.append(claim.left_s(CLOCK.utc_ns()))
            assert main(["batch", "status", str(ledger.path)]) == 0
            words.append(capsys.readouterr().out)
            yield Outcome(item.id, What.DONE)

    @contextlib.contextmanager
    def nobody(*_: object) -> Iterator[Workers]:
        yield Workers(SimpleNamespace(dashboard_link="http://here"))

    monkeypatch.setattr(running, "workers_at", nobody)
    monkeypatch.setattr(Sliding, "run", began)
    assert running.run(ledger, Where(), CLOCK, lambda _: None).done == 2
    first, second = left_s
    assert first is None
    assert second is not None
    assert [" left\n" in each for each in words] == [False, True]
    assert f"running on {socket.gethostname()}, process {os.getpid()} http://here; about " in words[1]


PAST, FUTURE = 1.0, 1e12


@pytest.mark.parametrize(
    ("lives", "what"),
    [((), What.DONE), ((PAST,), What.DONE), ((PAST, FUTURE, FUTURE), What.DONE), ((PAST, PAST), What.FAILED)],
)
def test_an_item_that_is_longer_than_workers_live_is_not_tried_without_end(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, lives: tuple[float, ...], what: What
) -> None:
    """Workers that were taken away before their time don't count."""
    monkeypatch.setenv(worker.UNTIL, str(FUTURE))
    monkeypatch.setattr(worker, "_begun", 0)
    item, during = next(iter(ledger.items())), list[tuple[float, ...]]()
    ledger.write_lives(item, lives)

    def watched(run: str, token: str, line: bytes) -> Outcome:
        during.append(ledger.lives(item))
        return execute(run, token, line)

    monkeypatch.setattr(worker, "execute", watched)
    outcome = worker.attempt(str(ledger.path), ledger.about().token, msgspec.json.encode(item), 0.0)
    assert outcome.what == what
    assert ledger.lives(item) == ()
    if what == What.DONE:
        assert during == [(*lives, FUTURE)]
        assert ledger.failures() == {}
    else:
        assert during == []
        assert "2 workers came to the end of their time over it" in ledger.failures()[item.id].error


def test_an_item_that_began_late_in_a_worker_s_life_says_nothing_of_its_length(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(worker.UNTIL, str(FUTURE))
    monkeypatch.setattr(worker, "_begun", 1)
    item = next(iter(ledger.items()))
    ledger.write_lives(item, (PAST, PAST))
    outcome = worker.attempt(str(ledger.path), ledger.about().token, msgspec.json.encode(item), 0.0)
    assert outcome.what == What.DONE


def test_what_items_a_run_before_began_counts_for_nothing(ledger: Ledger) -> None:
    item = next(iter(ledger.items()))
    ledger.write_lives(item, (PAST, PAST))
    ledger.sweep()
    assert ledger.lives(item) == ()


def test_a_worker_of_another_version_stops_the_run(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WOZ_TEST_SMALL", "2")
    outcome = worked(ledger)
    assert outcome.what == What.STOP
    assert "has small 2, the plan was made with 1; install the same there, or plan again" in outcome.words


def test_a_slow_disk_only_takes_longer(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[[Ledger, Path, object], None] = Ledger._write

    def slow(self: Ledger, path: Path, record: object) -> None:
        time.sleep(0.3)
        write(self, path, record)

    monkeypatch.setattr(Ledger, "_write", slow)
    assert worked(ledger).what == What.DONE


def test_a_scheduler_that_is_away_is_told(ledger: Ledger) -> None:
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--on", "tcp://127.0.0.1:9"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in ran.stderr
    assert not (ledger.path / "running.json").exists()


@dataclass
class Future:
    """As Dask's, of an item."""

    status: str
    answer: Outcome | None = None
    error: Exception = field(default_factory=TimeoutError)

    def result(self, timeout: float) -> Outcome:
        if self.answer is None:
            raise self.error
        return self.answer


def test_a_worker_that_dies_with_answers_ends_no_run(ledger: Ledger) -> None:
    sliding = Sliding(Workers(None), ledger, CLOCK, False, lambda: 2, lambda _: None)
    first, second = list(ledger.items())
    worked(ledger)
    known = sliding._outcome(Future("lost"), first)
    assert known
    assert (known.id, known.what) == (first.id, What.DONE)
    assert sliding._outcome(Future("lost"), second) is None
    anew = Outcome(second.id, What.FAILED, "It was told to fail.")
    assert sliding._outcome(Future("lost", anew), second) == anew
    with pytest.raises(WozError, match="scheduler went away"):
        sliding._outcome(Future("cancelled"), second)


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'woz'"),
        AttributeError("module 'woz.batch.work' has no attribute 'Outcome'"),
        TypeError("attempt() takes 3 positional arguments but 4 were given"),
        Unsound("Object missing required field `tools`"),
    ],
)
def test_a_worker_that_has_no_woz_or_another_one_stops_the_run(ledger: Ledger, error: Exception) -> None:
    """What is said where it doesn't come as far as comparing versions."""
    sliding = Sliding(Workers(None), ledger, CLOCK, False, lambda: 2, lambda _: None)
    found = sliding._outcome(Future("error", None, error), next(iter(ledger.items())))
    assert found
    assert found.what == What.STOP
    assert found.words == f"A worker has no woz, or another one than this ({error}); install the same there."
    assert ledger.failures() == {}
