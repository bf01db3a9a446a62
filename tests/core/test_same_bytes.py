"""Copies of films are the same byte for byte, whatever lay in the memory that the encoder is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.face_room import found_in, index_of, write_film
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release.clips import Cut, Film, cut_clip
from woz.deidentifying.burning import burn
from woz.playback.small_film import write_small_film
from woz.recording.folder.session_folder import sha256_of

ROOT = Path(__file__).parents[2]
FILLS = (0, 1, 170)
"""Of new memory, by GNU's C library; 0 leaves what lay there. With its macroblock tree x264 made other copies by
1."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The hashes of what is made, for each filling of memory."""
    film = write_film(tmp_path_factory.mktemp("session") / "ego.mkv", 30)
    return [_made_with(fill, film, tmp_path_factory.mktemp(f"fill{fill}")) for fill in FILLS]


@pytest.mark.parametrize("name", ["ego.blurred.mkv", "small.mkv", "clip.mp4"])
def test_a_copy_does_not_depend_on_what_lay_in_memory(made: list[dict[str, str]], name: str) -> None:
    assert len({hashes[name] for hashes in made}) == 1


def make_copies(film: Path, out: Path) -> None:
    burn(film, index_of(film), found_in(film), folder=out)
    write_small_film(film, film, (0, 1), out / "small.mkv")
    cut_clip(Film(film), Cut(Interval(0, NS_PER_S), NS_PER_S, 0), out / "clip.mp4", ())


def _made_with(fill: int, film: Path, out: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "tests.core.test_same_bytes", str(film), str(out)]
    surroundings = {**os.environ, "MALLOC_PERTURB_": str(fill), "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=surroundings, cwd=ROOT, check=True)
    return {path.name: sha256_of(path) for path in out.iterdir()}


if __name__ == "__main__":
    make_copies(Path(sys.argv[1]), Path(sys.argv[2]))
