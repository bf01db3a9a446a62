"""SQLite files on other computers' disks: none is made there; one that is there opens on one computer at a time."""

from __future__ import annotations

import contextlib
import logging
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from storage import Project
from storage.backends import in_use, mounts
from storage.backends.mounts import network_mount
from storage.copies.backup import back_up
from storage.copies.transfer import copy_project
from storage.place import FILE
from tests.storage.examples import CLOCK, SESSION
from woz.base.errors import WozError


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of which the table of mounts says that it is another computer's."""
    folder = tmp_path / "lab share"
    folder.mkdir()
    _mount(tmp_path, monkeypatch, folder, "nfs4")
    return folder


def _mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path, kind: str) -> None:
    table = tmp_path / "mounts"
    named = str(folder).replace(" ", "\\040")
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\nnas:/lab {named} {kind} rw 0 0\n")
    monkeypatch.setattr(mounts, "TABLE", table)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "lustre"])
def test_no_project_with_a_file_is_made_on_a_network_drive(
    share: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mount(tmp_path, monkeypatch, share, kind)
    for path in (share / "new" / "deep", share):
        with pytest.raises(WozError, match=rf"network drive \({kind}\).*--database"):
            Project.create(path, "x", CLOCK)
    assert not list(share.iterdir())
    Project.create(tmp_path / "own", "x", CLOCK).close()
    with pytest.raises(WozError, match="network drive"):
        copy_project(tmp_path / "own", share / "copy", "", False, CLOCK, lambda *_: None)


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "fuse.ntfs-3g", "tmpfs"])
def test_own_disks_are_no_network_drives(
    share: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mount(tmp_path, monkeypatch, share, kind)
    Project.create(share / "new", "x", CLOCK).close()
    assert Project.is_project(share / "new")


def test_the_nearest_mount_counts(share: Path, tmp_path: Path) -> None:
    assert network_mount(share / "not" / "there") == "nfs4"
    (tmp_path / "link").symlink_to(share)
    assert network_mount(tmp_path / "link" / "x") == "nfs4"
    assert network_mount(tmp_path / "lab share 2") == ""
    with mounts.TABLE.open("a") as table:
        table.write(f"/dev/sdb1 {str(share / 'disk').replace(' ', chr(92) + '040')} xfs rw 0 0\n")
    (share / "disk").mkdir()
    assert network_mount(share / "disk" / "x") == ""


@pytest.fixture
def there(tmp_path: Path, share: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was on the share before, with a journal that shares memory."""
    Project.create(tmp_path / "made", "Kitchen", CLOCK).close()
    (tmp_path / "made").rename(share / "project")
    return share / "project"


def _other_computer(monkeypatch: pytest.MonkeyPatch, name: str = "other") -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)


def test_one_that_is_there_opens_on_one_computer_at_a_time(
    there: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Project.open(there, CLOCK) as project:
        assert "only one computer at a time" in project.warnings[0]
        with Project.open(there, CLOCK) as beside:
            beside.sessions.save(SESSION)
        assert project.sessions.all() == [SESSION]
        with monkeypatch.context() as elsewhere:
            _other_computer(elsewhere)
            with pytest.raises(WozError, match=r"is open on .* close woz there first"):
                Project.open(there, CLOCK)
        project.sessions.save(SESSION)
    _other_computer(monkeypatch)
    with Project.open(there, CLOCK) as project:
        assert project.sessions.all() == [SESSION]
    assert sorted(path.name for path in there.iterdir()) == [FILE, "sessions"]


def test_one_that_a_computer_left_open_says_what_to_delete(
    there: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as elsewhere:
        _other_computer(elsewhere, "desk-7.lab")
        in_use.InUse(there / FILE).take()
    with pytest.raises(WozError, match=r"is open on desk-7\.lab.*delete ") as caught:
        Project.open(there, CLOCK)
    Path(str(caught.value).rpartition("delete ")[2].rstrip(".")).unlink()
    Project.open(there, CLOCK).close()


def test_no_memory_is_shared_over_a_network_drive(there: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Project.open(there, CLOCK) as project:
        project.sessions.save(SESSION)
        assert not list(there.glob("*-shm"))
        with contextlib.closing(sqlite3.connect(there / FILE)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_may_lie_on_a_network_drive(
    sqlite_project: Project, share: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = back_up(sqlite_project, share / "away", False, CLOCK, lambda *_: None)
    assert sorted(path.name for path in made.folder.iterdir()) == [FILE, "sessions"]
    with Project.open(made.folder, CLOCK) as copy:
        assert copy.sessions.all() == [SESSION]


def test_the_warning_is_told_to_who_opens_it(there: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    Project.open(there, CLOCK).close()
    assert "network drive" in caplog.text


def test_what_macos_says_of_its_mounts_is_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n"
        "//ada@nas/lab (old) on /Volumes/lab share (smbfs, nodev, nosuid, mounted by ada)\n"
    )
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, said))
    table = mounts._macos_table()
    assert mounts._kind(Path("/Volumes/lab share/kitchen"), table) == "smbfs"
    assert mounts._kind(Path("/Users/ada"), table) == "apfs"
