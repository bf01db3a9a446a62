"""How what isn't here is added: by the means that woz was installed with; otherwise where there is no Python."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shlex
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from woz.base import extras
from woz.base.extras import PIPX_NOTE, UV_NOTE, how_to_add

WHEEL = "woz-0.1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def _with_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen", raising=False)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of an installed woz, which is no clone."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(extras, "REQUIREMENTS", Path("nowhere"))
    return tmp_path


def comes_from(monkeypatch: pytest.MonkeyPatch, origin: dict[str, object] | None) -> None:
    text = None if origin is None else json.dumps(origin)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))


def uv_installed(room: Path, had: str = "") -> None:
    """The receipt as uv 0.9 writes it."""
    required = f'{{ name = "woz", {had}path = "/lab/{WHEEL}" }}, {{ name = "rich" }}'
    (room / UV_NOTE).write_text(f'[tool]\nrequirements = [{required}]\nentrypoints = [{{ name = "woz" }}]\n')


def pipx_installed(room: Path, package: str) -> None:
    about = {"main_package": {"package": "woz", "package_or_url": package}, "pipx_metadata_version": "0.5"}
    (room / PIPX_NOTE).write_text(json.dumps(about))


def words(sentence_end: str) -> list[str]:
    return shlex.split(sentence_end.removeprefix("run: "))


def test_uv_installs_the_same_file_again_with_the_extras_that_it_had(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes_from(monkeypatch, {"url": f"file:///the%20lab/{WHEEL}", "archive_info": {}})
    install = ["uv", "tool", "install", "--force"]
    uv_installed(room)
    assert words(how_to_add("aria")) == [*install, f"/the lab/{WHEEL}[aria]"]
    uv_installed(room, 'extras = ["vrs", "batch"], ')
    assert words(how_to_add("aria")) == [*install, f"/the lab/{WHEEL}[aria,batch,vrs]"]
    (room / UV_NOTE).write_text("[tool]\nrequirements = 3\n")
    assert words(how_to_add("aria")) == [*install, f"/the lab/{WHEEL}[aria]"]


@pytest.mark.parametrize(
    ("package", "had"),
    [
        (f"/lab [2]/{WHEEL}", []),
        (f"/lab [2]/{WHEEL}[vrs]", ["vrs"]),
        (f"woz[batch, vrs] @ file:///lab/{WHEEL}", ["batch", "vrs"]),
    ],
)
def test_pipx_installs_the_same_file_again_with_the_extras_that_it_had(
    room: Path, monkeypatch: pytest.MonkeyPatch, package: str, had: list[str]
) -> None:
    comes_from(monkeypatch, {"url": f"file:///lab%20%5B2%5D/{WHEEL}", "archive_info": {}})
    pipx_installed(room, package)
    wanted = ",".join(["aria", *had])
    assert words(how_to_add("aria")) == ["pipx", "install", "--force", f"/lab [2]/{WHEEL}[{wanted}]"]


def test_a_tool_that_follows_a_clone_goes_on_following_it(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comes_from(monkeypatch, {"url": "file:///src/woz", "dir_info": {"editable": True}})
    uv_installed(room)
    assert words(how_to_add("aria")) == ["uv", "tool", "install", "--force", "--editable", "/src/woz[aria]"]


def test_what_came_from_an_address_comes_from_there_again(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comes_from(monkeypatch, {"url": f"https://lab.example/{WHEEL}", "archive_info": {"hashes": {}}})
    uv_installed(room)
    assert words(how_to_add("aria"))[-1] == f"woz[aria] @ https://lab.example/{WHEEL}"


@pytest.mark.parametrize("pip", [True, False])
def test_an_environment_takes_it_by_its_own_python(room: Path, monkeypatch: pytest.MonkeyPatch, pip: bool) -> None:
    comes_from(monkeypatch, {"url": f"file:///lab/{WHEEL}", "archive_info": {}})
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if pip else None)
    installer = (
        [sys.executable, "-m", "pip", "install"] if pip else ["uv", "pip", "install", "--python", sys.executable]
    )
    assert words(how_to_add("batch")) == [*installer, f"/lab/{WHEEL}[batch]"]


def test_a_clone_takes_the_versions_that_it_was_tried_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    here = Path(__file__).parents[2] / "packaging" / "requirements"
    for extra in ("aria", "batch", "names", "postgres", "store", "transcribe", "vectors"):
        *command, pins = words(how_to_add(extra))
        assert (command[-1], Path(pins)) == ("-r", here / f"{extra}.txt")


def test_the_program_without_python_names_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    told = how_to_add("batch")
    assert "pip" not in told
    assert "by uv, with its extra batch" in told
