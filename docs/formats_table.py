"""Puts the table of formats, as the registry has it, into formats.md: `.venv/bin/python docs/formats_table.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from woz.formats.table import with_table


def main() -> None:
    document = Path(__file__).parent / "formats.md"
    document.write_text(with_table(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
