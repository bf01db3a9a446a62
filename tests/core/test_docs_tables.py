"""Tables of the pages that list what there is list all of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from woz.batch.registry import KINDS
from woz.dataset.tasks.registry import tasks
from woz.schemes.shipped import shipped_names

DOCS = Path(__file__).parents[2] / "docs"


def _listed(page: str, heading: str) -> list[str]:
    """The names in the first column of all tables below a heading, up to the next one."""
    text = "\n" + (DOCS / page).read_text(encoding="utf-8")
    below = text.split(f"\n{heading}\n", 1)[1]
    section = re.split(r"\n#+ ", below, maxsplit=1)[0]
    return re.findall(r"^\| `([a-z0-9-]+)`", section, re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "heading", "known"),
    [
        ("schemes.md", "## Shipped", shipped_names()),
        ("batch.md", "# Batches: work over many sessions", KINDS),
    ],
)
def test_all_that_there_is_is_listed_once(page: str, heading: str, known: Iterable[str]) -> None:
    assert sorted(_listed(page, heading)) == sorted(known)


def test_every_task_has_its_row_or_its_line() -> None:
    text = (DOCS / "tasks.md").read_text(encoding="utf-8")
    assert [name for name in tasks() if f"`{name}`" not in text] == []
