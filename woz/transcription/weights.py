"""What a model's file of CTranslate2 holds, by its own list of weights; none of them is loaded."""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from woz.base.errors import WozError

WHISPER = "WhisperSpec"
NEWEST_FORM = 6
FORM_WITH_ALIASES = 3
"""From this one on the file ends with other names of the same weights."""
TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
"""By CTranslate2's numbers."""
LONGEST_NAME, MOST_DIMENSIONS = 1000, 8
_LAYER = re.compile(r"decoder/layer_(\d+)/")


@dataclass(frozen=True, slots=True)
class Weights:
    """`kind` is CTranslate2's name of the architecture, `precision` the type that most of the bytes have."""

    kind: str
    precision: str
    decoder_layers: int


def read_weights(path: Path) -> Weights:
    """Raises WozError for a file that is cut, is no model's, or has weights of an unknown type."""
    try:
        with path.open("rb") as file:
            return _read(file, path)
    except OSError as error:
        raise WozError(f"{path} can't be read ({error.strerror}); copy it again.") from error
    except (struct.error, UnicodeDecodeError) as error:
        raise _cut(path) from error


def _read(file: BinaryIO, path: Path) -> Weights:
    size = path.stat().st_size
    form = _number(file, "<I")
    if not 2 <= form <= NEWEST_FORM:
        raise WozError(
            f"{path} is no model of CTranslate2, or of a newer form ({form}); convert or fetch it again."
        )
    kind = _name(file, path)
    _number(file, "<I")
    bytes_of, layers = Counter[str](), 0
    for _ in range(_number(file, "<I")):
        name = _name(file, path)
        rank = _number(file, "<B")
        if rank > MOST_DIMENSIONS:
            raise _cut(path)
        file.seek(4 * rank, 1)
        number = _number(file, "<B")
        if number >= len(TYPES):
            raise WozError(
                f"{path} has weights of an unknown type ({number}); take the model in int8, float16 or float32."
            )
        length = _number(file, "<I")
        if file.tell() + length > size:
            raise _cut(path)
        file.seek(length, 1)
        bytes_of[TYPES[number]] += length
        layers = max([layers, *(int(layer) + 1 for layer in _LAYER.findall(name))])
    if form >= FORM_WITH_ALIASES:
        for _ in range(2 * _number(file, "<I")):
            _name(file, path)
    return Weights(kind, bytes_of.most_common(1)[0][0] if bytes_of else "", layers)


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _name(file: BinaryIO, path: Path) -> str:
    length = _number(file, "<H")
    if not 0 < length <= LONGEST_NAME:
        raise _cut(path)
    data = file.read(length)
    if len(data) < length:
        raise _cut(path)
    return data.rstrip(b"\0").decode()


def _cut(path: Path) -> WozError:
    return WozError(f"{path} is cut short or damaged: not all weights that it names are in it; copy it again.")
