"""Models come from a pinned commit, or from the one that they were begun with."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from woz.base.errors import WozError
from woz.transcription.catalogue import CATALOGUE, entry
from woz.transcription.fetching import fetch
from woz.transcription.revision import NOTE, keep_revision, kept_revision

OLD, NEW = "1" * 40, "2" * 40


class Hub:
    """huggingface_hub, of which the newest commit is `newest`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.newest = OLD
        self.asked: list[str | None] = []
        self.away = False
        hub: Any = ModuleType("huggingface_hub")
        hub.HfApi = lambda token: SimpleNamespace(model_info=lambda name: SimpleNamespace(sha=self.newest))
        hub.snapshot_download = self._download
        monkeypatch.setitem(sys.modules, "huggingface_hub", hub)

    def _download(self, name: str, revision: str, local_dir: Path, **more: object) -> str:
        """Without a network the folder that is there is the answer, as huggingface_hub has it."""
        self.asked.append(revision)
        if not self.away:
            (local_dir / "config.json").write_text("{}")
        return str(local_dir)


def test_what_is_pinned_is_fetched_at_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(monkeypatch)
    pinned = [known for known in CATALOGUE if known.revision]
    assert len(pinned) >= 7
    for known in pinned:
        folder = fetch(known, tmp_path)
        assert kept_revision(known, folder) == known.revision
    assert hub.asked == [known.revision for known in pinned]


def test_what_is_not_pinned_stays_at_the_commit_it_was_begun_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, italian = Hub(monkeypatch), entry("aligner-it")
    assert italian.revision is None
    fetch(italian, tmp_path)
    hub.newest = NEW
    folder = fetch(italian, tmp_path)
    assert hub.asked == [OLD, OLD]
    assert kept_revision(italian, folder) == OLD


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"repository": "x", "revision": "main"}'])
def test_a_note_that_is_none_is_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / NOTE).write_text(text)
    assert kept_revision(entry("aligner-it"), tmp_path) is None


def test_a_note_of_another_repository_is_not_believed(tmp_path: Path) -> None:
    italian = entry("aligner-it")
    keep_revision(replace(italian, repository="other/one"), tmp_path, OLD)
    assert kept_revision(italian, tmp_path) is None
    with pytest.raises(ValueError, match="no commit"):
        keep_revision(italian, tmp_path, "main")


def test_a_fetch_without_a_network_leaves_no_folder_that_looks_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)
    hub.away = True
    with pytest.raises(WozError, match="does not answer"):
        fetch(entry("aligner-it"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fetch_without_a_network_says_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-m", "woz.transcription.fetching", "small", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "huggingface.co does not answer" in done.stdout
    assert len(done.stdout.splitlines()) == 1
