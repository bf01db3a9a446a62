"""Writes the program's icon into a folder of an icon theme: `python packaging/icon.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from ui.application.application import application
from ui.theme import icon

SIZES = (32, 48, 64, 128, 256)


def main(folder: Path) -> None:
    application("light")
    for size in SIZES:
        target = folder / f"{size}x{size}" / "apps" / "woz.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        icon("woz").pixmap(size, size).save(str(target))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
