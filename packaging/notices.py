"""Writes THIRD_PARTY_NOTICES.md: what the pinned sets install, by set, with versions and licences.

`python packaging/notices.py`, in an environment with all of them (`make notices`).
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # as it is run from a folder of its own

from ui.reports.licences import WITHIN, licence_of  # noqa: E402

SETS = {
    "base": "The program itself",
    "postgres": "Projects on a PostgreSQL server",
    "batch": "Batches",
    "store": "Recordings on a store",
    "names": "Names in words",
    "vectors": "Sentence vectors",
    "transcribe": "Recognition",
    "aria": "Live Aria glasses",
}
HEAD = """# Third-party notices

woz is licensed under the Apache License 2.0. It installs and runs with the packages below, each under its own
licence, whose text is in the package: `woz licences PACKAGE` shows it. Made by `packaging/notices.py`.

PyAV's and PySide6's wheels carry libraries under the LGPL, which may be replaced by others of the same interface:
they are files of their own beside the program. PyAV's carry x264 and x265 too, under the GPL, version 2 or later.
The Debian package and the tarball leave x265 out and hold x264: who passes them on passes x264 on under the GPL,
with the offer of its source. The sources are where their makers publish them (ffmpeg.org, videolan.org, qt.io).
"""


def main() -> None:
    parts = [HEAD, *(_part(name, title) for name, title in SETS.items())]
    (ROOT / "THIRD_PARTY_NOTICES.md").write_text("\n".join(parts), encoding="utf-8")


def _part(name: str, title: str) -> str:
    pins = (ROOT / "packaging" / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = sorted({_row(*line.split(";")[0].strip().split("==")) for line in pins if "==" in line})
    return "\n".join([f"## {title}\n", "| package | version | licence | |", "|---|---|---|---|", *rows, ""])


def _row(package: str, version: str) -> str:
    plain = re.sub(r"\[.*\]", "", package)
    try:
        licence = licence_of(distribution(plain))
    except PackageNotFoundError:
        licence = "see its package: it isn't installed on Linux"
    return f"| {plain} | {version} | {licence} | {WITHIN.get(plain, '')} |"


if __name__ == "__main__":
    main()
