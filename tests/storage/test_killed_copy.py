"""A copy of a session that ended on its way: killed, refused, or with a mark that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import Project
from storage.copies import session_copy
from tests.storage.examples import MADE
from tests.storage.test_session_copy import NAME, copied, elsewhere, pair
from woz.base.errors import WozError
from woz.lab.recovering import recover_project, recover_session
from woz.model.session import SessionState

__all__ = ["elsewhere", "pair"]


def test_files_that_a_killed_import_left_are_taken(pair: tuple[Project, Project]) -> None:
    """The folder is there, and the rows are not: the same files are used, others refused."""
    source, target = pair
    left = target.session_dir(NAME)
    for path in ("ego.mkv", "manifest.json", "sensors/gaze.csv"):
        (left / path).parent.mkdir(parents=True, exist_ok=True)
        (left / path).write_bytes((source.session_dir(NAME) / path).read_bytes())
    (left / "more.txt").touch()
    with pytest.raises(WozError, match="something else"):
        copied(source, target)
    (left / "more.txt").unlink()
    assert copied(source, target).files == 3
    assert MADE.by == "ada"


def test_a_copy_that_was_killed_before_its_rows_were_kept_is_left_to_the_same_import(
    pair: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`woz recover` would make rows of its own, which bar the import's."""
    source, target = pair
    put = session_copy._put

    def put_and_die(made: Path, place: Path, adopted: bool) -> None:
        put(made, place, adopted)
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(session_copy, "_put", put_and_die)
        killed.setattr(session_copy, "take_back", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            copied(source, target)
    assert target.session_dir(NAME).is_dir()
    assert not any(NAME in line for line in recover_project(target))
    with pytest.raises(WozError, match="import it again"):
        recover_session(target, NAME)
    assert copied(source, target).files == 3
    assert list(target.sessions_dir.glob(".coming-*")) == []
    assert NAME in [session.id for session in target.sessions.all()]


def test_a_copy_whose_mark_stays_is_there_all_the_same(
    pair: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that goes away just then."""
    source, target = pair
    put = session_copy._put

    def put_for_good(made: Path, place: Path, adopted: bool) -> None:
        put(made, place, adopted)
        (mark,) = target.sessions_dir.glob(".coming-*")
        mark.unlink()
        (mark / "stays").mkdir(parents=True)

    monkeypatch.setattr(session_copy, "_put", put_for_good)
    assert copied(source, target).files == 3
    assert target.sessions.get(NAME).state == SessionState.CLOSED


def test_a_copy_that_failed_leaves_no_mark(pair: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = pair
    put = session_copy._put

    def put_and_fail(made: Path, place: Path, adopted: bool) -> None:
        put(made, place, adopted)
        raise WozError("The database is full.")

    monkeypatch.setattr(session_copy, "_put", put_and_fail)
    with pytest.raises(WozError, match="full"):
        copied(source, target)
    assert not target.session_dir(NAME).exists()
    assert list(target.sessions_dir.glob(".coming-*")) == []
