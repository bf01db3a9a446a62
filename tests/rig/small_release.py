"""Builds a small release with clips, for tools to load: `python -m tests.rig.small_release FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.core.release_room import build, bundle, film
from woz.dataset.release.recipe import Recipe


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sessions = [bundle(f"s{n:02d}", f"P{n:02d}") for n in range(10)]
    build(folder / "lamps-1.0.0", Recipe("lamps", licence="cc-by-4.0"), sessions, film(folder))


if __name__ == "__main__":
    main()
