"""Further views of several parts by their edit lists, as older projects have them: each reader says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Project
from tests.core.cut_film import write_cut_film
from tests.core.face_room import Reds
from tests.core.telephone_film import write_film
from tests.ui.answers import answer_of, refusal_of
from ui.editor.picture.second_view import SecondView
from woz.base.clock import SystemClock
from woz.batch.kinds.views import views
from woz.batch.stored import StoredFiles
from woz.lab.packing import SessionParts, _further
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.recording.check.verification import check
from woz.recording.folder.session_folder import SessionFolder

ID = SessionId("s1")
SAID = "cut.mp4 is put together of 2 parts by its edit list, so that no program finds its frames by their times"


@pytest.fixture
def lab(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session with such a view, taken in before woz refused it, and a whole one."""
    path, film = tmp_path / "lab", write_film(tmp_path / "whole.mp4", ["aac"])
    answer_of(capsys, "import", "media", path, film, "--id", ID)
    cut = write_cut_film(film, tmp_path / "cut.mp4", ((0.1, 0.3, 1.0), (0.6, 0.3, 1.0)))
    with monkeypatch.context() as older:
        older.setattr("woz.importing.further_view.demand_one_part", lambda _: None)
        answer_of(capsys, "import", "view", path, cut, "--session", ID, "--offset", "0")
    return path


@pytest.fixture
def project(lab: Path) -> Iterator[Project]:
    with Project.open(lab, SystemClock()) as opened:
        yield opened


def test_the_editor_says_why_there_is_no_second_view_and_shows_the_next(
    lab: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = SessionFolder(lab / "sessions" / ID)
    none, why = SecondView.of(folder)
    assert none is None
    assert SAID in why
    assert f"ffmpeg -i {folder.path / 'views' / 'cut.mp4'} " in why
    whole = tmp_path / "whole.mp4"
    answer_of(capsys, "import", "view", lab, whole, "--session", ID, "--offset", "0", "--name", "whole")
    view, why = SecondView.of(folder)
    assert view
    view.close()
    assert (view.name, why) == ("whole", "")


def test_a_view_whose_clock_map_can_t_be_read_leaves_the_editor_open(lab: Path) -> None:
    folder = SessionFolder(lab / "sessions" / ID)
    kept = json.loads(folder.manifest_path.read_text(encoding="utf-8"))
    for each in kept["streams"]:
        if each["kind"] == StreamKind.OTHER_VIEW:
            each["clock_map"] = "{}"
    folder.manifest_path.write_text(json.dumps(kept), encoding="utf-8")
    none, why = SecondView.of(folder)
    assert none is None
    assert why.startswith("A clock map can't be read")


def test_faces_are_found_in_the_session_s_own_film_all_the_same(
    lab: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("woz.deidentifying.detectors.known.detector", lambda *_: Reds())
    for verb in ("detect", "review", "burn"):
        told = answer_of(capsys, "blur", verb, lab, "--session", ID, status=1)
        assert [each["film"] for each in told["films"]] == ["ego.mkv"]
        [fault] = told["faults"]
        assert SAID in fault


def test_batches_packages_takes_and_the_check_say_so(
    lab: Path, project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = SessionFolder(project.session_dir(ID))
    own, cut = views(project, folder, StoredFiles(project))
    assert getattr(own, "item", "") == ID
    assert SAID in getattr(cut, "reason", "")
    parts = SessionParts(project.sessions.get(ID), (), None, None, (), ())
    sent = _further(project, parts)
    assert sent.views == {}
    assert SAID in sent.told[0]
    assert any(SAID in each for each in check(folder).reasons)
    answer_of(capsys, "takes", lab, "--session", ID, "--add", "tea", "0", "0.9")
    assert SAID in refusal_of(capsys, "takes", lab, "--session", ID, "--cut", tmp_path / "films", "--json")
    assert not (tmp_path / "films").exists()
