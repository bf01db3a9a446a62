"""A search by bytes for what somebody said, through all files of a project and its copies."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FEWEST = 12
"""Bytes; shorter sentences are said by everybody."""
MOST = 400
"""So many are searched for, the longest first."""
MEDIA = frozenset({".mkv", ".mka", ".vrs", ".ts", ".wave", ".mp4", ".jpg", ".png"})
"""What holds no text."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How many sentences were searched for, through how many files, and which files still hold one."""

    texts: int
    files: int
    found: tuple[str, ...]


def needles(texts: Iterable[str], said_by_others: Iterable[str]) -> tuple[str, ...]:
    """Those sentences that nobody else says."""
    long = {text for text in texts if len(text.encode()) >= FEWEST}
    rest = "\n".join(said_by_others)
    return tuple(sorted((text for text in long if text not in rest), key=len, reverse=True)[:MOST])


def search_files(roots: Iterable[Path], texts: Sequence[str]) -> Searched:
    forms = tuple({form.encode() for text in texts for form in forms_of(text)})
    files = sorted({path for root in roots for path in _files(root)})
    return Searched(len(texts), len(files), tuple(str(path) for path in files if _holds(path, forms)))


def forms_of(text: str) -> Iterator[str]:
    """As plain text, and as JSON writes it, with and without its escapes."""
    yield text
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]


def _files(root: Path) -> Iterator[Path]:
    for path in root.rglob("*") if root.is_dir() else [root]:
        if path.is_file() and not path.is_symlink() and path.suffix not in MEDIA and _size(path):
            yield path


def _size(path: Path) -> int:
    """0 for one that is gone meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _holds(path: Path, forms: Sequence[bytes]) -> bool:
    """One that is gone meanwhile holds nothing."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(form) >= 0 for form in forms)
    except FileNotFoundError:
        return False
