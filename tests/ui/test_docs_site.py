"""The documentation is a site that builds without a warning, with every command's help in it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ui.cli.helping import command_helps
from ui.cli.program import VERBS

BUILD = Path(__file__).parents[2] / "docs" / "site" / "build.py"


@pytest.fixture
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_site_build", BUILD)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_has_its_help() -> None:
    helps = dict(command_helps())
    assert {f"woz {verb}" for verb in VERBS} <= set(helps)
    assert "woz blur review" in helps
    assert "--least SCORE" in helps["woz blur detect"]


def test_the_site_builds_and_all_its_links_lead_somewhere(build: ModuleType, tmp_path: Path) -> None:
    assert build.main(tmp_path) == 0
    page = (tmp_path / "html" / "commands.html").read_text(encoding="utf-8")
    assert "woz scheme export" in page
    for role in ("operator", "expert", "annotator", "curator", "manager", "developer"):
        assert (tmp_path / "html" / "roles" / f"{role}.html").is_file()


@pytest.mark.parametrize(
    "broken", ["[there](nowhere.md)", "![a picture](images/nowhere.png)", "[a part](#nowhere)"]
)
def test_a_link_to_nowhere_ends_it(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(
        f"# Here\n\n{broken}\n\n```{{toctree}}\ncommands\nchangelog\n```\n", encoding="utf-8"
    )
    monkeypatch.setattr(build, "DOCS", docs)
    monkeypatch.setattr(build, "commands_page", lambda: "# Commands\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    assert build.main(tmp_path / "site") == 1
