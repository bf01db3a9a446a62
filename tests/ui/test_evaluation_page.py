"""A run's commands and its page: figures, plots, and every question with its clip and what was replied."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.core.model_server import model_server
from tests.core.release_room import build, bundle, film
from tests.core.task_room import published
from tests.core.task_room import release as task_release
from tests.core.test_windows_asked import with_states
from ui.cli import main
from woz.dataset.release.recipe import Recipe


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.count: dict[str, int] = {}
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1
        self.links += [value for name, value in attrs if name in ("src", "href", "poster") and value]
        if tag not in ("meta", "line", "circle", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "circle"):
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    sessions = [bundle(f"s{n}", f"P{n}") for n in range(3)]
    build(folder / "my lamps", Recipe("lamps", frames=2, shares={"test": 1.0}), sessions, film(folder))
    return folder / "my lamps"


def test_a_run_is_scored_printed_and_shown(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, page = tmp_path / "run", tmp_path / "pages" / "a.html"
    page.parent.mkdir()
    with model_server("A", "A & <b>B</b>", "I think it's A.") as server:
        command = ["evaluate", "run", str(release), "--endpoint", server.url, "--model", "stub", "--out", str(run)]
        assert main([*command, "--at-once", "1", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
    assert found["conditions"].keys() == {"video", "blind"}
    assert found["conditions"]["video"]["answers"]["outcomes"]["unparsed"] == 1
    assert main(["evaluate", "report", str(run), "--html", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    parsed = Page()
    parsed.feed(text)
    assert parsed.open == []
    assert parsed.count["video"] == 6
    assert parsed.count["svg"] >= 1
    assert len(parsed.links) == 18
    assert all((page.parent / unquote(each)).is_file() for each in parsed.links)
    assert not any(each.startswith(("http", "/")) for each in parsed.links)
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in text
    assert main(["evaluate", "report", str(run), "--html", str(page)]) == 1
    assert "exists already" in capsys.readouterr().err
    answers = ["evaluate", "answers", str(release), str(run / "predictions" / "blind.jsonl"), "--json"]
    assert main(answers) == 0
    capsys_found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert capsys_found["answers"]["outcomes"] == found["conditions"]["blind"]["answers"]["outcomes"]


def test_a_stopped_run_says_so_and_another_computer_is_not_sent_to(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with model_server("A") as server:
        command = ["evaluate", "run", str(release), "--endpoint", server.url, "--model", "stub"]
        command += ["--out", str(tmp_path / "run"), "--condition", "blind"]
        assert main([*command, "--most-requests", "2"]) == 1
        told = capsys.readouterr()
        assert "budget is spent" in told.err
        assert "Figures of blind rest on 2 of 6 questions (4 were not asked)." in told.out
    assert main(["evaluate", "run", str(release), "--endpoint", "https://example.org/v1", "--model", "x"]) == 1
    assert "--send" in capsys.readouterr().err
    assert main(["evaluate", "report", str(release), "--html", str(tmp_path / "x.html")]) == 1
    assert "no run" in capsys.readouterr().err


def test_the_command_asks_tasks_alone_and_makes_a_page(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared_data / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    sessions = published("captaincook4d", [path])[:3]
    cooked = task_release(tmp_path / "r", sessions, "mistakes", shares={"test": 1.0})
    run_folder, page = tmp_path / "run", tmp_path / "page.html"
    with model_server("No") as server:
        words = [
            "evaluate",
            "run",
            str(cooked),
            "--endpoint",
            server.url,
            "--model",
            "stub",
            "--condition",
            "blind",
        ]
        assert main([*words, "--task", "mistakes", "--out", str(run_folder)]) == 0
        said = capsys.readouterr().out
        assert main([*words, "--task", "steps", "--out", str(tmp_path / "no")]) == 1
        assert "has no task steps in test; build a release with --task steps." in capsys.readouterr().err
        assert main(words) == 1
        assert "holds nothing in the split test" in capsys.readouterr().err
    assert "mistakes/blind" in said
    assert "calibrated AP" in said
    assert main(["evaluate", "report", str(run_folder), "--html", str(page)]) == 0
    assert "Is there a mistake in how it is done?" in page.read_text(encoding="utf-8")


def test_windows_stand_on_the_page_with_pictures_and_replies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = [with_states(bundle(f"s{n}", f"P{n}", questions=())) for n in range(2)]
    recipe = Recipe("lamps", clips=False, shares={"test": 1.0}, tasks=("states",), task_pictures=2.0)
    build(tmp_path / "r", recipe, sessions, film(tmp_path))
    page = tmp_path / "page.html"
    with model_server("B", "B", "A & so on", "A") as server:
        words = ["evaluate", "run", str(tmp_path / "r"), "--endpoint", server.url, "--model", "stub"]
        words += ["--task", "states", "--condition", "video", "--window", "3", "--at-once", "1"]
        assert main([*words, "--out", str(tmp_path / "run")]) == 0
    assert main(["evaluate", "report", str(tmp_path / "run"), "--html", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    parsed = Page()
    parsed.feed(text)
    assert parsed.open == []
    assert parsed.count["img"] == 2 * 4 * 6, "two pictures a second in windows of 3 s"
    assert all((page.parent / unquote(each)).is_file() for each in parsed.links)
    assert "s1, 3 to 6 s: " in text
    assert "A &amp; so on" in text
    assert 'states/video: <span class="right">right</span>: B' in text
    capsys.readouterr()
