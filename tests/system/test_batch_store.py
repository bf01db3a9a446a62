"""Batches over recordings that are in the store alone: what an item needs comes to its worker, and goes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from storage import Project
from tests.rig.batch_room import recorded_project
from tests.rig.refusing_s3 import refusing
from tests.rig.s3 import BUCKET, KEYS
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.batch import bringing, hashes
from woz.batch.bringing import FILMS, clear_fetched
from woz.batch.collecting import collect
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.batch.work import Outcome, What, execute
from woz.lab.releasing import film_of_session
from woz.lab.storing import Media, Whereabouts
from woz.model.ids import SessionId
from woz.playback.stand_in import film_at_hand, small_path
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import load_wave
from woz.store.listing import file_key, wanted_listing
from woz.store.place import StorePlace, set_place
from woz.store.remote import Remote
from woz.store.sending import send

pytestmark = pytest.mark.usefixtures("store_loop")

CLOCK = SystemClock()


@pytest.fixture(params=["s3", "folder"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Two sessions that were sent, and whose films are here no more."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "nas").mkdir()
    with recorded_project(tmp_path / "project", 2) as made:
        if request.param == "s3":
            store = request.getfixturevalue("server")
            _send(made, StorePlace(f"s3://{BUCKET}/{tmp_path.name}", store.endpoint))
        else:
            _send(made, StorePlace(str(tmp_path / "nas")))
        yield made


def _send(project: Project, place: StorePlace) -> None:
    set_place(project.path, place)
    media = Media(project)
    for session in project.sessions.all():
        send(media.local, media.remote, session.id, CLOCK)
        film_of(project, session.id).unlink()


def film_of(project: Project, session: SessionId) -> Path:
    return SessionFolder(project.session_dir(session)).ego


def worked(ledger: Ledger) -> list[Outcome]:
    token = ledger.about().token
    return [execute(str(ledger.path), token, msgspec.json.encode(item)) for item in ledger.items()]


@pytest.mark.parametrize("kind", ["check", "waveforms", "frames"])
def test_what_the_store_has_is_worked_on(project: Project, kind: str) -> None:
    films = {session.id: film_of(project, session.id) for session in project.sessions.all()}
    hashes = {one: wanted_listing(Media(project).remote, one).files["ego.mkv"].sha256 for one in films}
    ledger = plan(project, kind, {}, [], CLOCK)
    for item in ledger.items():
        given = next(one for one in item.inputs if one.path.endswith("ego.mkv"))
        assert given.sha256 == hashes[SessionId(item.id)]
    assert [outcome.what for outcome in worked(ledger)] == [What.DONE, What.DONE]
    (own,) = (ledger.cache / FILMS).iterdir()
    assert [path.name for path in own.iterdir()] == [list(ledger.items())[-1].id]
    assert collect(project, ledger, CLOCK).taken == 2
    assert not any(film.exists() for film in films.values())
    clear_fetched(ledger)
    assert not (ledger.cache / FILMS).exists()
    media = Media(project)
    for session in films:
        media.fetch(session, films=True, theirs=False)
    again = plan(project, kind, {}, [], CLOCK)
    assert all(again.done(item) for item in again.items())
    if kind == "waveforms":
        assert all(load_wave(film, 0) for film in films.values())


def test_what_was_compared_as_it_came_is_not_read_again_for_each_item(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session has many clips, and a long film."""

    def read(path: Path) -> str:
        pytest.fail(f"{path} is read again")

    ledger = plan(project, "waveforms", {}, [], CLOCK)
    monkeypatch.setattr(hashes, "sha256_of", read)
    assert [outcome.what for outcome in worked(ledger)] == [What.DONE, What.DONE]


def test_a_film_that_is_damaged_in_the_store_fails_alone(project: Project) -> None:
    ledger, media = plan(project, "waveforms", {}, [], CLOCK), Media(project)
    first = next(iter(ledger.items())).id
    stored = wanted_listing(media.remote, first).files["ego.mkv"]
    media.remote.write(file_key(first, "ego.mkv", stored), b"x" * stored.size)
    one, other = worked(ledger)
    assert (one.what, other.what) == (What.FAILED, What.DONE)
    assert "is damaged in the store" in one.words


def test_a_store_that_refuses_stops_the_run(project: Project) -> None:
    ledger = plan(project, "waveforms", {}, [], CLOCK)
    (project.path / "store.json").write_text('{"url": "s3:/nowhere"}')
    one, _ = worked(ledger)
    assert one.what == What.STOP
    assert "is no store" in one.words
    assert not ledger.failures()


@pytest.mark.parametrize("midway", [False, True])
def test_keys_that_expire_stop_the_run_and_fail_no_item(
    project: Project, monkeypatch: pytest.MonkeyPatch, midway: bool
) -> None:
    """Before a worker's first question, and once it has listed what there is; a release is told of it, too."""
    ledger, (one, *_) = plan(project, "waveforms", {}, [], CLOCK), project.sessions.all()
    with refusing("ExpiredToken") as address:
        place = StorePlace(f"s3://{BUCKET}/project", address)
        set_place(project.path, place)
        if midway:
            monkeypatch.setattr(bringing, "_remote", lambda _: Remote(place))
        outcomes = worked(ledger)
        with pytest.raises(WozError, match="have expired; get new ones"):
            film_of_session(project, one.id)
    assert {outcome.what for outcome in outcomes} == {What.STOP}
    assert all("have expired; get new ones" in outcome.words for outcome in outcomes)
    assert ledger.failures() == {}


def test_a_small_copy_and_the_film_of_a_release_come_from_the_store(project: Project) -> None:
    ledger, media = plan(project, "small", {}, [], CLOCK), Media(project)
    assert [outcome.what for outcome in worked(ledger)] == [What.DONE, What.DONE]
    assert collect(project, ledger, CLOCK).words == "2 sessions have a small copy."
    one, *_ = (session.id for session in project.sessions.all())
    small = small_path(film_of(project, one))
    send(media.local, media.remote, one, CLOCK)
    small.unlink()
    assert Whereabouts(project).words(one) == "in the store"
    media.fetch(one, films=False, theirs=False)
    assert film_at_hand(film_of(project, one)) == small
    assert Whereabouts(project).words(one) == "in the store; a small copy here"
    film = film_of_session(project, one)
    assert film
    assert film.path == film_of(project, one)
    assert film.path.is_file()
    assert Whereabouts(project).words(one) == "here"
    set_place(project.path, None)
    assert Whereabouts(project).words(one) == ""
