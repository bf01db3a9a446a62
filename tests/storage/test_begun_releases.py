"""A release whose build was interrupted: a withdrawal finds what it had cut, and takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.core.media_files import write_video
from tests.core.release_room import LENGTH_S, RATE, bundle, question, sound
from tests.storage.examples import CLOCK
from tests.storage.withdrawal_room import withdraw
from woz.annotation.edits import Edit
from woz.dataset.release.building_folder import hidden_folder, is_hidden_folder
from woz.dataset.release.recipe import Recipe
from woz.lab.begun_releases import KEPT, begun_releases
from woz.lab.releasing import build_release
from woz.lab.withdrawing import plan_withdrawal
from woz.lab.withdrawn_folders import Traces, clean_folders, plan_folders
from woz.model.people import Participant
from woz.privacy.withdrawal import Fate

RECIPE = Recipe("lamps", frames=1)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    """Two sessions of a person each, with a film and a question set."""
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        for n in range(2):
            made = bundle(f"s{n}", f"P{n}")
            project.participants.save(made.participants[0])
            project.sessions.save(made.session)
            folder = project.session_dir(made.session.id)
            folder.mkdir(parents=True)
            write_video(folder / "ego.mkv", sound(), RATE, LENGTH_S)
            asked = question(made.session.id, "q")
            project.annotations.record(made.session.id, Edit("Ask", (), (asked,)), "woz")
        yield project


class Stopped(Exception):
    """As Ctrl+C does it, in the middle of cutting."""


def _stopped(done: int, of: int) -> None:
    raise Stopped


def _interrupted(project: Project, out: Path) -> Path:
    with pytest.raises(Stopped):
        build_release(project, RECIPE, out, _stopped, CLOCK.utc_ns())
    hidden = hidden_folder(out)
    assert list(hidden.rglob("*.mp4")), "clips that were cut stay for the next try"
    return hidden


def _person(project: Project) -> Participant:
    return next(each for each in project.participants.all() if each.pseudonym == "P0")


def test_what_an_interrupted_build_left_goes_when_somebody_withdraws(lab: Project, tmp_path: Path) -> None:
    hidden = _interrupted(lab, tmp_path / "out" / "lamps-1.0.0")
    assert begun_releases(lab.path) == [hidden]
    (found,) = [each for each in plan_withdrawal(lab, "P0").folders if each.path == str(hidden)]
    assert {each.fate for each in found.files} == {Fate.DELETED}
    assert {each.path for each in found.files} == {
        path.relative_to(hidden).as_posix() for path in hidden.rglob("*") if path.is_file()
    }
    done = withdraw(lab, _person(lab))
    assert not hidden.exists()
    assert str(hidden) in {each.path for each in done.plan.folders}, "the certificate names it"
    assert begun_releases(lab.path) == []


def test_a_build_that_ends_is_not_remembered_and_one_that_never_began_neither(lab: Project, tmp_path: Path) -> None:
    out = tmp_path / "out" / "lamps-1.0.0"
    _interrupted(lab, out)
    build_release(lab, RECIPE, out, lambda *_: None, CLOCK.utc_ns())
    assert list((lab.path / KEPT).iterdir()) == []
    with pytest.raises(Exception, match="exists already"):
        build_release(lab, replace(RECIPE, version="2"), out, lambda *_: None, CLOCK.utc_ns())
    assert list((lab.path / KEPT).iterdir()) == []


def test_one_that_is_named_by_hand_goes_whole_and_no_other_folder_does(tmp_path: Path) -> None:
    """Of a build by an older program nobody keeps where it stands."""
    traces = Traces.of([], ["s0"], ["s0", "s1"])
    hidden, run = tmp_path / ".lamps.building", tmp_path / "run"
    for folder in (hidden, run):
        (folder / "clips").mkdir(parents=True)
        (folder / "clips" / "q7.mp4").write_bytes(b"a film")
    (plan,) = plan_folders([hidden, run], traces)
    assert plan.path == str(hidden)
    clean_folders([hidden, run], traces)
    assert not hidden.exists()
    assert (run / "clips" / "q7.mp4").is_file()
    assert [is_hidden_folder(each) for each in (hidden, run, tmp_path / ".building")] == [True, False, False]
