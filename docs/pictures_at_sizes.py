"""Takes the pictures of the windows, light and dark, on screens of usual sizes, and tells what doesn't fit on them.

`python docs/pictures_at_sizes.py FOLDER [--screen NAME] [--program NAME]`, from the repository's root (`make
pictures`), with Xvfb; FOLDER lies outside the repository and gets a folder a screen. Main windows fill the screen.
It takes half an hour and more; the windows of faces and of a real call need models, and are left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from picture_size import VARIABLE
from PySide6.QtGui import QImageReader

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = (
    "pictures",
    "desk_pictures",
    "formats_pictures",
    "library_pictures",
    "people_pictures",
    "questions_pictures",
    "team_pictures",
    "weeks_picture",
)
PAGES = ("release-card", "release-card-dark")
"""No windows: they are as long as they are."""


@dataclass(frozen=True, slots=True)
class Screen:
    """In its own pixels, `scale` of which make a logical one."""

    width: int
    height: int
    scale: int = 1

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}" + (f"-scale-{self.scale}" if self.scale > 1 else "")


SCREENS = {screen.name: screen for screen in (Screen(1280, 720), Screen(1920, 1080), Screen(3840, 2160, 2))}


def take(screen: Screen, program: str, theme: str, folder: Path) -> bool:
    """Whether the program took its pictures."""
    display = ["xvfb-run", "-a", "-s", f"-screen 0 {screen.width}x{screen.height}x24"]
    command = [sys.executable, "docs/picture_size.py", f"docs/{program}.py", str(folder), theme]
    logical = f"{screen.width // screen.scale}x{screen.height // screen.scale}"
    environment = {**os.environ, VARIABLE: logical, "QT_SCALE_FACTOR": str(screen.scale), "QT_QPA_PLATFORM": "xcb"}
    return subprocess.run([*display, *command], cwd=ROOT, env=environment, check=False).returncode == 0


def too_large(screen: Screen, folder: Path) -> Iterator[str]:
    """A sentence for each window that is larger than the screen."""
    for path in sorted(folder.glob("*.png")):
        size = QImageReader(str(path)).size()
        if path.stem not in PAGES and (size.width() > screen.width or size.height() > screen.height):
            yield f"{path.parent.name}/{path.name}: {size.width()}x{size.height()} does not fit on the screen."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="outside the repository")
    parser.add_argument("--screen", choices=tuple(SCREENS), action="append", help="all where it is left out")
    parser.add_argument("--program", choices=PROGRAMS, action="append", help="all where it is left out")
    parser.add_argument("--theme", choices=("light", "dark"), action="append", help="both where it is left out")
    given = parser.parse_args()
    out = given.folder.resolve()
    if out.is_relative_to(ROOT):
        parser.error(f"{given.folder} is in the repository; give a folder outside it")
    told = list[str]()
    for screen in (SCREENS[name] for name in given.screen or SCREENS):
        folder = out / screen.name
        folder.mkdir(parents=True, exist_ok=True)
        for program in given.program or PROGRAMS:
            for theme in given.theme or ("light", "dark"):
                if not take(screen, program, theme, folder):
                    told.append(f"{screen.name}: {program} took no pictures in {theme}.")
        told += too_large(screen, folder)
    sys.stdout.write(("\n".join(told) or f"Every window fits; the pictures are in {out}.") + "\n")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
