"""Weights out of a file of torch's, read without torch, which takes seconds and half a gigabyte to load."""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError

TYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2", "LongStorage": "<i8"}
"""By torch's names of what holds a tensor's numbers."""
FAULTS = (
    OSError,
    StopIteration,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    EOFError,
    zipfile.BadZipFile,
    pickle.UnpicklingError,
)


def read_state(path: Path, key: str) -> dict[str, NDArray[Any]]:
    """The arrays that a checkpoint keeps under a key, by name.

    Nothing that the file names is run: what is no array becomes an empty stand-in. Raises WozError for a file that
    is missing, or no such checkpoint.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            pickled = next(name for name in archive.namelist() if name.endswith("data.pkl"))
            folder = pickled.removesuffix("data.pkl")
            with archive.open(pickled) as file:
                kept = _Reader(file).load()[key]
            tensors = {name: value for name, value in kept.items() if isinstance(value, _Tensor)}
            return {name: t.read(archive.read(f"{folder}data/{t.file}")) for name, t in tensors.items()}
    except FAULTS as error:
        raise WozError(f"{path} holds no weights of torch's ({type(error).__name__}); copy it again.") from error


@dataclass(frozen=True)
class _Tensor:
    """Where its numbers lie; `steps` leads from number to number along each axis, in numbers."""

    file: str
    kind: str
    first: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]

    def read(self, data: bytes) -> NDArray[Any]:
        size = np.dtype(self.kind).itemsize
        strides = [size * step for step in self.steps]
        return np.ndarray(self.shape, self.kind, data, self.first * size, strides).copy()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuilt
        return TYPES.get(name, "") if module == "torch" else _StandIn

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        _, kind, file, *_ = pid
        return str(file), kind if isinstance(kind, str) else ""


def _rebuilt(storage: tuple[str, str], first: int, shape: Any, steps: Any, *_: Any) -> _Tensor | None:
    file, kind = storage
    return _Tensor(file, kind, first, shape, steps) if kind else None


class _StandIn:
    """In the place of whatever else a checkpoint names."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __setstate__(self, _: Any) -> None:
        pass
