"""What the check of the harnesses holds against a tool that showed less than the release has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.release_room import WRONG, build, bundle, film, question
from tests.rig.harness_rows import evaluated, objections, wanted
from woz.dataset.harness.released import Line, Released
from woz.dataset.harness.vlmevalkit import NO_QUESTION
from woz.dataset.release.recipe import Recipe

FRAMES = 8


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its last session's question sets are in Italian, without an English text."""
    folder = tmp_path_factory.mktemp("release")
    sessions = [bundle(f"s{n}", f"P{n}") for n in range(4)]
    italian = tuple(replace(each, language="it", text="Quale?") for each in sessions[3].questions)
    sessions[3] = replace(sessions[3], questions=italian)
    build(folder / "out", Recipe("lamps", shares={"test": 1.0}, frames=FRAMES), sessions, film(folder))
    return folder / "out"


def _shown(release: Path) -> list[dict[str, Any]]:
    """As each tool shows it."""
    lines = evaluated(Released.open(release))
    bare = [line.prompt_for(text) for line in lines for text in (line.question, NO_QUESTION)]
    english = evaluated(Released.open(release, english=True))
    return [
        *(_request("lmms-eval", FRAMES, line.prompt) for line in lines),
        *(_request("english", FRAMES, line.prompt) for line in english),
        *(_request("vlmevalkit", FRAMES, line.prompt) for line in lines),
        *(_request("vlmevalkit", FRAMES, line.prompt) for line in lines for _ in line.options),
        *(_request("vlmevalkit", 0, text) for text in bare),
        *(_request("inspect", 0, line.prompt) for line in lines),
    ]


def _request(tool: str, pictures: int, text: str) -> dict[str, Any]:
    return {"asked_by": tool, "pictures": pictures, "text": text}


def test_what_all_tools_showed_whole_is_as_wanted(release: Path) -> None:
    assert objections(release, _shown(release)) == []
    lines: list[Line] = evaluated(Released.open(release))
    told = wanted(release)
    assert (told["inspect"].rows, told["english"].rows) == (len(lines), len(lines) - 2) == (8, 6)
    assert told["inspect"].right == sum(line.options[0] == line.answer for line in lines)


@pytest.mark.parametrize("tool", ["lmms-eval", "english", "vlmevalkit", "inspect"])
def test_a_tool_that_leaves_a_row_or_its_pictures_out_is_told(release: Path, tool: str) -> None:
    shown = _shown(release)
    at = next(n for n, each in enumerate(shown) if each["asked_by"] == tool)
    (short,) = objections(release, shown[:at] + shown[at + 1 :])
    assert short.startswith(f"{tool}: requests by pictures are")
    (other,) = objections(release, [*shown[:at], {**shown[at], "pictures": 3}, *shown[at + 1 :]])
    assert "3: 1" in other


def test_a_row_whose_option_was_lost_on_the_way_is_told(tmp_path: Path) -> None:
    only = replace(bundle("s0", "P0"), questions=(question("s0", "a"),))
    build(tmp_path / "out", Recipe("lamps", shares={"test": 1.0}, frames=FRAMES), [only], film(tmp_path))
    shown = _shown(tmp_path / "out")
    lost = [{**each, "text": each["text"].replace(WRONG[1], "nan")} for each in shown]
    assert [each for each in objections(tmp_path / "out", lost) if "s0-a whole" in each] == [
        f"{tool}: nobody was asked s0-a whole" for tool in ("lmms-eval", "english", "vlmevalkit", "inspect")
    ]
