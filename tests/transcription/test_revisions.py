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
from woz.transcription.catalogue import CATALOGUE, Entry, default_model, entry
from woz.transcription.fetching import fetch
from woz.transcription.revision import NOTE


class Hub:
    """In huggingface_hub's place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.away = False
        self.fault: OSError | None = None
        self.begun = b""
        """Of a file that is not finished when the network goes away."""
        hub: Any = ModuleType("huggingface_hub")
        hub.snapshot_download = self._download
        monkeypatch.setitem(sys.modules, "huggingface_hub", hub)

    def _download(self, name: str, revision: str, local_dir: Path, **more: object) -> str:
        """Without a network the folder that is there is the answer, as huggingface_hub has it."""
        self.asked.append(revision)
        if self.fault:
            unfinished = local_dir / ".cache" / "huggingface" / "download" / "model.bin.incomplete"
            unfinished.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(self.begun)
            (unfinished.parents[1] / ".gitignore").write_text("*")
            raise self.fault
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


class ProxyError(OSError):
    """As huggingface_hub's HTTP client has it, where a proxy is set that isn't there."""


def test_a_fetch_that_a_dead_proxy_ends_leaves_no_folder_that_looks_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)
    hub.fault = ProxyError()
    with pytest.raises(WozError, match="does not answer"):
        fetch(entry("small"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_came_before_the_network_went_away_is_kept_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(monkeypatch)
    hub.fault, hub.begun = ProxyError(), b"half"
    with pytest.raises(WozError, match="does not answer"):
        fetch(entry("small"), tmp_path)
    assert [path.read_bytes() for path in tmp_path.rglob("*.incomplete")] == [b"half"]
    with pytest.raises(WozError, match=r"small is not whole on this machine.*woz transcribe PROJECT --fetch"):
        default_model(tmp_path, "cpu")
    hub.fault = None
    assert (fetch(entry("small"), tmp_path) / "config.json").is_file()


@pytest.mark.parametrize("name", [known.name for known in CATALOGUE if known.package])
def test_a_package_that_can_t_be_had_leaves_no_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise WozError("The package can't be fetched.")

    monkeypatch.setattr("woz.transcription.packages.download", away)
    with pytest.raises(WozError, match="can't be fetched"):
        fetch(entry(name), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fetch_without_a_network_says_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"}
    command = [sys.executable, "-m", "woz.transcription.fetching", "small", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "huggingface.co does not answer" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
