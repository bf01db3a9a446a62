"""What words stand in a NumPy array's file: its texts, and the names of its fields."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ARRAY = ".npy"
_MAGIC = b"\x93NUMPY"
_DAMAGE = (EOFError, OverflowError, SyntaxError, TypeError, tokenize.TokenError)
"""What NumPy raises for a header that is none, beside ValueError."""


def is_array(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def words_in(path: Path) -> Iterator[str]:
    """Raises ValueError for one whose values are Python's own objects, or that is damaged."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except _DAMAGE as error:
        raise ValueError(f"{path} is damaged") from error
    yield from _words(array)


def _words(array: np.ndarray[Any, Any]) -> Iterator[str]:
    if array.dtype.names:
        for name in array.dtype.names:
            yield name
            yield from _words(array[name])
    elif array.dtype.kind == "U":
        yield from (str(each) for each in array.flat)
    elif array.dtype.kind == "S":
        yield from (bytes(each).decode("utf-8", "replace") for each in array.flat)
