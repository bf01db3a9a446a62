"""The document's table of formats is the registry's."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.formats.registry import all_formats
from woz.formats.table import BEGIN, END, format_table, with_table

DOCUMENT = Path(__file__).parents[2] / "docs" / "formats.md"


def test_the_document_tells_of_each_format_what_the_registry_says() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_table(text) == text, "run .venv/bin/python docs/formats_table.py"


def test_each_format_has_a_line_with_what_it_holds() -> None:
    lines = format_table().splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == list(all_formats())
    assert all(line.count(" | ") == 7 for line in lines)
    for each, line in zip(all_formats().values(), lines, strict=True):
        assert ", ".join(each.carries) in line
        assert ", ".join(each.loses) in line


def test_a_table_takes_the_place_of_an_old_one_between_its_marks() -> None:
    document = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(document) == f"before\n{BEGIN}\n{format_table()}{END}\nafter\n"
    with pytest.raises(ValueError, match="has no"):
        with_table("nothing")
