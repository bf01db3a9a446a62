"""Files that go while somebody is taken out of them, as what a window waits with does once it is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from woz.lab.withdrawn_bytes import search_files
from woz.lab.withdrawn_folders import Traces, clean_folders, plan_folders

SAID = "Stir the Zwetschgenkompott"
TRACES = Traces.of([SAID], [], [])
LINES = f'{{"said": "{SAID}"}}\n{{"said": "nothing of the kind"}}\n'


@pytest.fixture
def goes(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str, int], None]:
    """Has a file go in the moment in which it is read, opened or deleted for the nth time."""

    def goes_at(path: Path, name: str, nth: int) -> None:
        real, left = getattr(Path, name), [nth]

        def gone(self: Path, *args: Any, **named: Any) -> Any:
            if self == path:
                left[0] -= 1
                if not left[0]:
                    path.unlink()
            return real(self, *args, **named)

        monkeypatch.setattr(Path, name, gone)

    return goes_at


def _written(folder: Path, ending: str) -> tuple[Path, Path]:
    """One that goes, and one behind it that stays."""
    first, second = folder / f"a{ending}", folder / f"b{ending}"
    for each in (first, second):
        each.write_text(LINES, encoding="utf-8")
    return first, second


def test_one_that_goes_as_it_is_read_is_no_part_of_the_plan(
    tmp_path: Path, goes: Callable[[Path, str, int], None]
) -> None:
    first, second = _written(tmp_path, ".jsonl")
    goes(first, "read_bytes", 1)
    (plan,) = plan_folders([tmp_path], TRACES)
    assert [each.path for each in plan.files] == [second.name]


@pytest.mark.parametrize(
    ("ending", "name", "nth"), [(".jsonl", "read_bytes", 1), (".jsonl", "read_bytes", 2), (".json", "unlink", 1)]
)
def test_one_that_goes_as_it_is_cleaned_is_clean_and_the_others_are_cleaned(
    tmp_path: Path, goes: Callable[[Path, str, int], None], ending: str, name: str, nth: int
) -> None:
    first, second = _written(tmp_path, ending)
    goes(first, name, nth)
    clean_folders([tmp_path], TRACES)
    assert not first.exists()
    assert not second.exists() or SAID not in second.read_text(encoding="utf-8")


def test_of_what_a_window_keeps_all_lines_of_their_sessions_go(tmp_path: Path) -> None:
    """What is typed mends what was said, so that no search for that finds it."""
    kept, named, run = tmp_path / "judge-ada.jsonl", tmp_path / "scores.jsonl", tmp_path / "run"
    lines = [f'{{"session_id": "{name}", "comment": "Zwetschgen?"}}\n' for name in ("s1", "s1-b")]
    run.mkdir()
    others = (named, run / "a.jsonl")
    for each in (kept, *others):
        each.write_text("".join(lines), encoding="utf-8")
    traces = Traces.of([SAID], ["s1"], ["s1", "s1-b"])
    (planned,) = plan_folders([kept, named, run], traces, [kept])
    assert planned.path == str(kept)
    clean_folders([kept, named, run], traces, [kept])
    assert kept.read_text(encoding="utf-8") == lines[1]
    assert {each.read_text(encoding="utf-8") for each in others} == {"".join(lines)}, "which tell of no words"


def test_one_that_goes_as_it_is_searched_holds_nothing(
    tmp_path: Path, goes: Callable[[Path, str, int], None]
) -> None:
    first, second = _written(tmp_path, ".json")
    goes(first, "open", 1)
    assert search_files([tmp_path], [SAID]).found == (str(second),)
