"""What a plan keeps for its workers: whole, once, and readable by whom it may."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.batch.kinds.keeping import kept


def test_a_plan_that_broke_off_leaves_no_half_file_that_passes_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            kept(tmp_path / "asks", "s1", b"all of it")
    assert list((tmp_path / "asks").glob("*.json")) == []
    path = kept(tmp_path / "asks", "s1", b"all of it", 0o600)
    assert path.read_bytes() == b"all of it"
    assert kept(tmp_path / "asks", "s1", b"all of it") == path
    assert kept(tmp_path / "asks", "s1", b"other") != path


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    assert kept(tmp_path, "k", b"1", 0o600).stat().st_mode & 0o077 == 0
    (tmp_path / "file").touch()
    with pytest.raises(WozError, match="make room, then plan again"):
        kept(tmp_path / "file", "k", b"1")
