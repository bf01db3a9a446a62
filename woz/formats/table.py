"""The table of all formats, for documents."""

from __future__ import annotations

import re

from woz.formats.format import Format
from woz.formats.registry import all_formats

BEGIN, END = "<!-- formats: begin -->", "<!-- formats: end -->"


def format_table() -> str:
    """In Markdown, a line a format, by name."""
    rows = [
        "| format | what it is | file | in | out | holds | can't hold | described in |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(each) for each in all_formats().values()),
    ]
    return "\n".join(rows) + "\n"


def _row(each: Format) -> str:
    cells = (
        f"`{each.name}`",
        each.title,
        f"`{each.ending}`",
        "yes" if each.read else "",
        ("always" if each.by_default else "yes") if each.write else "",
        ", ".join(each.carries),
        ", ".join(each.loses),
        each.source,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def with_table(document: str) -> str:
    """A document with the table as it is now between its marks. Raises ValueError for one without marks."""
    marked = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
    if not marked.search(document):
        raise ValueError(f"the document has no {BEGIN} and {END}")
    return marked.sub(lambda _: f"{BEGIN}\n{format_table()}{END}", document)
