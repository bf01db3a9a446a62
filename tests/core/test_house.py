"""The house is in order: rooms only, files that can be read in one go, small functions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("woz", "storage", "ui", "tests", "docs", "packaging")
MOST_LINES = 500
SMALL_LINES, SMALL_PART = 30, 0.9


def _files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def _lengths(path: Path) -> list[int]:
    """Lines of each function of a file, its signature included."""
    functions = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    return [(function.end_lineno or 0) - function.lineno + 1 for function in functions]


def test_no_file_is_too_long_to_be_read() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _files(*FOLDERS)}
    assert len(lengths) > 500
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_most_functions_are_small() -> None:
    lengths = [length for path in _files(*FOLDERS) for length in _lengths(path)]
    assert len(lengths) > 3000
    assert sum(length <= SMALL_LINES for length in lengths) >= SMALL_PART * len(lengths)


def test_nothing_lies_loose_beside_the_rooms() -> None:
    for folder in ("woz", "ui"):
        assert [path.name for path in (ROOT / folder).glob("*.py")] == ["__init__.py"]


def test_a_room_says_what_it_is_for() -> None:
    rooms = [path for path in _files("woz", "storage", "ui") if path.name == "__init__.py"]
    silent = [room for room in rooms if not ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))]
    assert [str(room.relative_to(ROOT)) for room in silent] == []


def test_what_the_documents_name_is_there() -> None:
    path = re.compile(r"`((?:woz|storage|ui|tests|packaging)/[\w/.]*)`")
    named = {
        (document.name, name)
        for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        for name in path.findall(document.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert sorted((document, name) for document, name in named if not (ROOT / name).exists()) == []


def test_no_property_keeps_to_a_number_of_examples_whatever_the_profile_says() -> None:
    fixed = re.compile(r"max_examples=\d")
    profiles = ROOT / "tests" / "conftest.py"
    wrong = [p.name for p in _files("tests") if p != profiles and fixed.search(p.read_text(encoding="utf-8"))]
    assert wrong == []
