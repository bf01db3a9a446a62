"""Models come from a pinned commit, or from a package whose hash is known."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from woz.base.errors import WozError
from woz.transcription.catalogue import CATALOGUE, Entry, entry
from woz.transcription.fetching import fetch
from woz.transcription.revision import NOTE


class Hub:
    """In huggingface_hub's place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.away = False
        hub: Any = ModuleType("huggingface_hub")
        hub.snapshot_download = self._download
        monkeypatch.setitem(sys.modules, "huggingface_hub", hub)

    def _download(self, name: str, revision: str, local_dir: Path, **more: object) -> str:
        """Without a network the folder that is there is the answer, as huggingface_hub has it."""
        self.asked.append(revision)
        if not self.away:
            (local_dir / "config.json").write_text("{}")
        return str(local_dir)


@pytest.mark.parametrize("known", CATALOGUE, ids=lambda known: known.name)
def test_all_that_can_be_fetched_is_pinned(known: Entry) -> None:
    if known.package:
        assert re.fullmatch("[0-9a-f]{64}", known.package.wheel_sha256)
    else:
        assert re.fullmatch("[0-9a-f]{40}", known.revision)


def test_a_model_is_fetched_at_its_commit_which_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)
    pinned = [known for known in CATALOGUE if not known.package]
    assert len(pinned) >= 12
    for known in pinned:
        told = json.loads((fetch(known, tmp_path) / NOTE).read_text())
        assert told == {"repository": known.repository, "revision": known.revision}
    assert hub.asked == [known.revision for known in pinned]


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
