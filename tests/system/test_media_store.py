"""Recordings on a store: S3 by moto's server, and a folder; sent, fetched, moved, trimmed, away, refused."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import pytest

from storage import Project
from tests.rig.batch_room import recorded_project
from tests.rig.refusing_s3 import refusing
from tests.rig.s3 import BUCKET, KEYS, Store
from ui.cli import main
from woz.base.clock import SystemClock
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S
from woz.lab.storing import Media, Whereabouts
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder
from woz.store.comparing import Compared, compared
from woz.store.faults import FULL, Fault, fault_of
from woz.store.listing import Stored, file_key, wanted_listing
from woz.store.place import StorePlace, place_of, set_place
from woz.store.remote import Remote
from woz.store.sending import send, verify
from woz.store.trimming import move, trim

pytestmark = pytest.mark.usefixtures("store_loop")

CLOCK = SystemClock()


@pytest.fixture
def store(server: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return server


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with recorded_project(tmp_path / "project", 2) as made:
        yield made


@pytest.fixture(params=["s3", "folder"])
def media(request: pytest.FixtureRequest, project: Project, tmp_path: Path) -> Media:
    if request.param == "s3":
        set_place(project.path, s3_place(request.getfixturevalue("store"), tmp_path))
    else:
        (tmp_path / "nas").mkdir()
        set_place(project.path, StorePlace(str(tmp_path / "nas")))
    return Media(project, patience_s=5)


def s3_place(store: Store, tmp_path: Path) -> StorePlace:
    return StorePlace(f"s3://{BUCKET}/{tmp_path.name}", store.endpoint)


def sessions(project: Project) -> list[SessionId]:
    return [session.id for session in project.sessions.all()]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_session_comes_back_as_it_was(project: Project, media: Media) -> None:
    one = sessions(project)[0]
    before = contents(project.session_dir(one))
    sent = send(media.local, media.remote, one, CLOCK)
    assert (sent.files, sent.kept) == (len(before), 0)
    assert send(media.local, media.remote, one, CLOCK).files == 0
    shutil.rmtree(project.session_dir(one))
    fetched = media.fetch(one, films=False, theirs=False)
    assert fetched.files == len(before) - 1
    assert not SessionFolder(project.session_dir(one)).ego.exists()
    media.fetch(one, films=True, theirs=False)
    assert contents(project.session_dir(one)) == before


def test_a_session_that_is_moved_is_read_back_before_it_goes(project: Project, media: Media) -> None:
    one = sessions(project)[0]
    before = contents(project.session_dir(one))
    send(media.local, media.remote, one, CLOCK)
    ego = SessionFolder(project.session_dir(one)).ego
    key = file_key(one, ego.name, wanted_listing(media.remote, one).files[ego.name])
    whole = ego.read_bytes()
    media.remote.write(key, whole[:-1] + b"?")
    with pytest.raises(WozError, match=r"ego\.mkv of .* is damaged in the store"):
        move(media.local, media.remote, one)
    assert contents(project.session_dir(one)) == before
    media.remote.write(key, whole)
    assert move(media.local, media.remote, one) == sum(map(len, before.values()))
    assert contents(project.session_dir(one)) == {}
    media.fetch(one, films=True, theirs=False)
    assert contents(project.session_dir(one)) == before


def test_what_is_damaged_in_the_store_never_becomes_a_file_here(project: Project, media: Media) -> None:
    one = sessions(project)[0]
    send(media.local, media.remote, one, CLOCK)
    name, stored = next(iter(wanted_listing(media.remote, one).files.items()))
    media.remote.write(file_key(one, name, stored), b"x" * stored.size)
    (project.session_dir(one) / name).unlink()
    with pytest.raises(WozError, match="damaged"):
        media.fetch(one, films=True, theirs=False)
    assert not (project.session_dir(one) / name).exists()
    media.remote.delete(file_key(one, name, stored))
    with pytest.raises(WozError, match="missing"):
        verify(media.remote, one)


def test_room_is_made_of_the_oldest_and_never_of_what_is_not_stored(project: Project, media: Media) -> None:
    new, old = sessions(project)
    for one in (new, old):
        send(media.local, media.remote, one, CLOCK)
    notes = project.session_dir(old) / "notes.txt"
    notes.write_text("not stored")
    (project.session_dir(old) / ".hidden").write_text("of this computer alone")
    for path in (media.local._agreed(old), project.session_dir(old), *project.session_dir(old).glob("*")):
        os.utime(path, (1, 1))
    size = sum(path.stat().st_size for path in project.session_dir(new).rglob("*"))
    trimmed = trim(media.local, media.remote, [new, old], size + 4096)
    assert trimmed.freed > 0
    assert notes.exists()
    assert SessionFolder(project.session_dir(new)).ego.exists()
    assert not SessionFolder(project.session_dir(old)).ego.exists()
    assert trim(media.local, media.remote, [new, old], 0).stays == len("not stored")
    assert notes.read_text() == "not stored"


def test_what_changed_in_both_places_is_told_and_decided(project: Project, media: Media, tmp_path: Path) -> None:
    one = sessions(project)[0]
    notes = project.session_dir(one) / "notes.txt"
    notes.write_text("first")
    send(media.local, media.remote, one, CLOCK)
    other = shutil.copytree(project.path, tmp_path / "other")
    with Project.open(other, CLOCK) as second:
        far = Media(second)
        (second.session_dir(one) / "notes.txt").write_text("theirs")
        assert send(far.local, far.remote, one, CLOCK).files == 1
        assert media.fetch(one, films=True, theirs=False).files == 1
        assert notes.read_text() == "theirs"
        (second.session_dir(one) / "notes.txt").write_text("theirs again")
        send(far.local, far.remote, one, CLOCK)
        notes.write_text("ours")
        with pytest.raises(WozError, match=r"notes\.txt changed here and in the store"):
            send(media.local, media.remote, one, CLOCK)
        assert media.fetch(one, films=True, theirs=False).waiting == ("notes.txt",)
        send(media.local, media.remote, one, CLOCK, ours=True)
        assert far.fetch(one, films=True, theirs=False).files == 1
        assert (second.session_dir(one) / "notes.txt").read_text() == "ours"


def test_what_one_store_had_is_not_asked_of_another(
    project: Project, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, one = str(project.path), sessions(project)[0]
    other = tmp_path / "nas"
    other.mkdir()
    assert main(["media", "use", path, f"s3://{BUCKET}/{tmp_path.name}", "--endpoint", store.endpoint]) == 0
    assert main(["media", "push", path]) == 0
    assert Whereabouts(project).words(one) == "here"
    shutil.rmtree(project.session_dir(one))
    assert Whereabouts(project).words(one) == "in the store"
    assert main(["media", "fetch", path]) == 0
    assert main(["media", "use", path, str(other)]) == 0
    assert main(["media", "push", path]) == 0
    assert main(["media", "check", path]) == 0
    assert main(["media", "use", path, "nowhere"]) == 1
    assert Media(project).local.agreed(one).files
    assert main(["media", "use", path, "--none"]) == 0
    assert main(["media", "use", path, str(other)]) == 0
    shutil.rmtree(project.session_dir(one))
    assert Whereabouts(project).words(one) == "not here"
    capsys.readouterr()


def test_a_store_whose_disk_is_not_mounted_is_no_store_that_changed(project: Project, tmp_path: Path) -> None:
    nas, one = tmp_path / "nas", sessions(project)[0]
    nas.mkdir()
    set_place(project.path, StorePlace(str(nas)))
    media = Media(project)
    send(media.local, media.remote, one, CLOCK)
    nas.rename(tmp_path / "away")
    nas.mkdir()
    with pytest.raises(WozError, match=r"is there no more: it was deleted, or the disk .* isn't here"):
        send(media.local, media.remote, one, CLOCK)
    assert trim(media.local, media.remote, [one], 0).freed == 0
    send(media.local, media.remote, one, CLOCK, ours=True)
    assert verify(media.remote, one).files


def test_an_older_version_is_not_left_in_the_store(project: Project, store: Store, tmp_path: Path) -> None:
    set_place(project.path, s3_place(store, tmp_path))
    media, one = Media(project), sessions(project)[0]
    notes = project.session_dir(one) / "notes.txt"
    for text in ("what was withdrawn", "what is left"):
        notes.write_text(text)
        send(media.local, media.remote, one, CLOCK)
    assert sum(key.startswith(f"{tmp_path.name}/") and key.endswith("notes.txt") for key in store.names()) == 1
    media.forget(one)
    assert not [key for key in store.names() if key.startswith(f"{tmp_path.name}/")]
    assert notes.exists()
    with pytest.raises(WozError, match="is not in the store"):
        media.forget(one)


def test_a_picture_is_read_without_the_film(project: Project, store: Store, tmp_path: Path) -> None:
    one = sessions(project)[0]
    ego = SessionFolder(project.session_dir(one)).ego
    with ego.open("ab") as film:
        film.write(b"\xec" + (0x0100000000000000 | 40_000_000).to_bytes(8, "big") + bytes(40_000_000))
    set_place(project.path, s3_place(store, tmp_path))
    media = Media(project)
    send(media.local, media.remote, one, CLOCK)
    before, picture = store.received(), tmp_path / "still.png"
    assert media.still(one, NS_PER_S, picture) == pytest.approx(NS_PER_S, abs=5e7)
    assert cv2.imread(str(picture)) is not None
    assert store.received() - before < ego.stat().st_size / 4


def test_a_store_that_is_away_is_waited_for(project: Project, store: Store, tmp_path: Path) -> None:
    told, opened = list[str](), threading.Event()
    set_place(project.path, s3_place(store, tmp_path))

    def tell(text: str) -> None:
        told.append(text)
        store.open()
        opened.set()

    media, one = Media(project, tell), sessions(project)[0]
    store.shut()
    send(media.local, media.remote, one, CLOCK)
    assert opened.is_set()
    assert len(told) == 1
    assert "doesn't answer" in told[0]
    verify(media.remote, one)


def test_a_store_that_stays_away_is_told(project: Project, store: Store, tmp_path: Path) -> None:
    set_place(project.path, s3_place(store, tmp_path))
    store.shut()
    try:
        media = Media(project, patience_s=0)
        with pytest.raises(UnreachableError, match="run it again when it does"):
            send(media.local, media.remote, sessions(project)[0], CLOCK)
    finally:
        store.open()


def test_a_network_folder_that_is_gone_is_waited_for(project: Project, tmp_path: Path) -> None:
    nas, away = tmp_path / "nas", tmp_path / "away"
    nas.mkdir()
    set_place(project.path, StorePlace(str(nas)))
    media, one = Media(project, lambda _: away.rename(nas)), sessions(project)[0]
    nas.rename(away)
    send(media.local, media.remote, one, CLOCK)
    assert verify(media.remote, one).files


def test_a_download_that_broke_off_is_gone_on_with(project: Project, store: Store, tmp_path: Path) -> None:
    set_place(project.path, s3_place(store, tmp_path))
    media, one = Media(project), sessions(project)[0]
    send(media.local, media.remote, one, CLOCK)
    ego = SessionFolder(project.session_dir(one)).ego
    stored, whole = wanted_listing(media.remote, one).files[ego.name], ego.read_bytes()
    ego.unlink()
    part = ego.with_name(f".{ego.name}.{stored.sha256[:16]}.part")
    for begun in (whole[:1000], b"?" * 1000, whole + b"more"):
        part.write_bytes(begun)
        media.fetch(one, films=True, theirs=False)
        assert ego.read_bytes() == whole
        assert not part.exists()
        ego.unlink()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("ExpiredToken", "have expired; get new ones"),
        ("InvalidAccessKeyId", "refuses the keys"),
        ("AccessDenied", "refuses the keys"),
        ("SignatureDoesNotMatch", "refuses the keys"),
        ("RequestTimeTooSkewed", "clock"),
    ],
)
def test_keys_that_are_wrong_or_expired_are_one_sentence(
    project: Project, store: Store, code: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked over HTTP for files that are to be sent, fetched or looked at."""
    with refusing(code) as address:
        set_place(project.path, StorePlace(f"s3://{BUCKET}/project", address))
        for verb in ("push", "fetch", "check"):
            assert main(["media", verb, str(project.path)]) == 1
            said = capsys.readouterr().err.strip()
            assert told in said
            assert len(said.splitlines()) == 1
        remote = Remote(place_of(project.path))
        asks: list[Callable[[], object]] = [
            lambda: remote.size("a"),
            lambda: remote.write("a", b"b"),
            lambda: remote.delete("a"),
        ]
        for ask in asks:
            with pytest.raises(WozError, match=told) as raised:
                ask()
            assert "\n" not in str(raised.value)


def test_without_keys_it_is_told(
    project: Project, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(WozError, match="refuses the keys"):
        Remote(s3_place(store, tmp_path), patience_s=0).write("a", b"b")


def test_a_bucket_that_is_not_there_is_told(store: Store) -> None:
    remote = Remote(StorePlace("s3://other/kitchen", store.endpoint), patience_s=0)
    asks: list[Callable[[], object]] = [
        lambda: remote.folders(""),
        lambda: remote.read("a"),
        lambda: remote.write("a", b"b"),
    ]
    for ask in asks:
        with pytest.raises(WozError, match="There is no bucket"):
            ask()


@pytest.mark.parametrize("code", sorted(FULL))
def test_a_store_over_its_quota_is_told_at_once(project: Project, store: Store, code: str) -> None:
    with refusing(code) as address:
        remote = Remote(StorePlace(f"s3://{BUCKET}/project", address), patience_s=0)
        with pytest.raises(UnreachableError, match=r"is full .*make room there"):
            remote.write("a", b"b")


def test_a_folder_on_a_full_disk_is_told_at_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's answer, as writing gets it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    nas = tmp_path / "nas"
    nas.mkdir()
    set_place(project.path, StorePlace(str(nas)))
    media, one = Media(project, patience_s=0), sessions(project)[0]
    monkeypatch.setattr(media.remote._fs, "put_file", full)
    with pytest.raises(UnreachableError, match=r"is full .*; make room there"):
        send(media.local, media.remote, one, CLOCK)
    monkeypatch.undo()
    send(media.local, media.remote, one, CLOCK)
    assert verify(media.remote, one).files


def test_a_listing_that_leads_elsewhere_is_refused(project: Project, media: Media) -> None:
    one = sessions(project)[0]
    digest = "0" * 64
    for name in ("../outside", "/etc/passwd", "a/../../b", "a\\b", "C:x"):
        text = json.dumps({"session": one, "files": {name: {"size": 1, "sha256": digest}}})
        media.remote.write(f"sessions/{one}/listing.json", text.encode())
        with pytest.raises(WozError, match="can't be read"):
            wanted_listing(media.remote, one)


@pytest.mark.parametrize("url", ["s3://", "ftp://host/x", "relative/folder", "s3://key:secret@bucket/x", "gs://b"])
def test_what_is_no_store_is_refused_without_telling_keys(project: Project, url: str) -> None:
    with pytest.raises(WozError, match="is no store") as raised:
        set_place(project.path, StorePlace(url))
    assert "secret" not in str(raised.value)
    with pytest.raises(WozError, match="has no store"):
        place_of(project.path)


def test_each_case_of_three_versions() -> None:
    one, two, three = (Stored(1, digit * 64) for digit in "abc")

    def kind(here: Stored | None, there: Stored | None, agreed: Stored | None) -> str:
        files = [{"f": each} if each else {} for each in (here, there, agreed)]
        found: Compared = compared(*files)
        return next(name for name in ("same", "send", "fetch", "both") if getattr(found, name))

    assert kind(one, one, None) == "same"
    assert kind(one, None, None) == "send"
    assert kind(None, one, one) == "fetch"
    assert kind(two, one, one) == "send"
    assert kind(one, two, one) == "fetch"
    assert kind(two, three, one) == "both"
    assert kind(one, None, one) == "both"


def test_faults_are_told_apart() -> None:
    assert fault_of(TimeoutError()) == fault_of(ConnectionResetError()) == fault_of(OSError(5, "io")) == Fault.AWAY
    assert fault_of(PermissionError("the token has expired")) == Fault.EXPIRED
    assert fault_of(OSError(errno.ENOSPC, "full")) == fault_of(OSError(errno.EDQUOT, "full")) == Fault.FULL
    assert fault_of(FileNotFoundError()) == Fault.ABSENT
    assert fault_of(ValueError("x")) == Fault.OTHER


def test_the_commands(project: Project, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, one = str(project.path), sessions(project)[0]
    url = f"s3://{BUCKET}/{tmp_path.name}"
    assert main(["media", "status", path]) == 1
    assert f"run: woz media use {path} URL" in capsys.readouterr().err
    assert main(["media", "use", path, url, "--endpoint", store.endpoint, "--keep", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keep_gb"] == 5
    assert main(["media", "push", path, "--move", "--json"]) == 0
    pushed = json.loads(capsys.readouterr().out)
    assert [each["freed"] > 0 for each in pushed["sessions"]] == [True, True]
    assert main(["media", "status", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["here"] == 0
    assert all(each["to_fetch"] for each in told["sessions"])
    assert main(["media", "fetch", path, "--session", one, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sessions"]) == 1
    assert main(["media", "check", path, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["whole"]) == 2
    assert main(["media", "trim", path, "--keep", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stays"] == 0
    assert main(["media", "still", path, "--session", one, "--at", "1", "--out", str(tmp_path / "s.png")]) == 0
    assert main(["media", "forget", path, "--session", one]) == 0
    assert main(["media", "use", path, "--none"]) == 0
