"""A folder that gets its name once all that belongs in it is there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from woz.base.errors import WozError

MANIFEST = "manifest.json"
_BUILDING = ".building"


class BuildingFolder:
    """Files are written below a hidden folder beside the one that is wanted; `finish` renames it.

    Raises WozError where the wanted one exists, and where anything can't be written: a disk that is full.
    """

    def __init__(self, wanted: Path) -> None:
        self.wanted = wanted.absolute()
        self.path = hidden_folder(wanted)
        if self.wanted.exists() and (not self.wanted.is_dir() or any(self.wanted.iterdir())):
            raise WozError(f"{wanted} exists already, and a release is never written over; choose another folder.")

    def begin(self, keep: Iterable[str] = ()) -> None:
        """Make the hidden folder, without what an earlier try left but for these names."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for path in self.path.iterdir():
                if path.name not in keep:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            raise self.trouble(error) from error

    def text(self, name: str, parts: Iterable[str]) -> Path:
        """A text file (UTF-8, as it is) of pieces."""
        path = self.place(name)
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(parts)
        except OSError as error:
            raise self.trouble(error) from error
        return path

    def place(self, name: str) -> Path:
        """Where a file of this name goes; its folder is made."""
        path = self.path / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self.trouble(error) from error
        return path

    def files(self, below: str = "") -> dict[str, dict[str, object]]:
        """By name, what each file is: its SHA-256 and length in bytes."""
        found = {}
        for path in sorted((self.path / below).rglob("*")):
            if path.is_file():
                name = path.relative_to(self.path).as_posix()
                found[name] = {"sha256": sha256(path), "bytes": path.stat().st_size}
        return dict(sorted(found.items()))

    def finish(self, manifest: dict[str, object]) -> None:
        """Write the manifest last, and give the folder its name."""
        self.text(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True), "\n"])
        try:
            if self.wanted.exists():
                self.wanted.rmdir()
            self.path.rename(self.wanted)
        except OSError as error:
            raise self.trouble(error) from error

    def trouble(self, error: OSError) -> WozError:
        why = error.strerror or str(error)
        return WozError(f"The release can't be written to {self.wanted.parent} ({why}); nothing was released.")


def hidden_folder(wanted: Path) -> Path:
    """Where a release is built that is wanted there."""
    wanted = wanted.absolute()
    return wanted.parent / f".{wanted.name}{_BUILDING}"


def is_hidden_folder(path: Path) -> bool:
    name = path.name
    return name.startswith(".") and name.endswith(_BUILDING) and len(name) > len(_BUILDING) + 1


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
