"""A picture's number as black and white squares along its bottom edge, readable after coding and scaling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS = 32
CHECK_BITS = 8
CELLS = BITS + CHECK_BITS + 2
"""The first cell is always white and the last always black, so that a dark or bright picture is no number."""
HEIGHT_PART = 48
"""The squares are 1/48 of the picture high."""
_DARK, _BRIGHT = 16, 235


def draw_number(luma: NDArray[np.uint8], number: int) -> None:
    """Draw into the luma plane (or any grey picture), shape (height, width). `number` is 0 to 2**32 - 1."""
    height, width = luma.shape
    top = height - height // HEIGHT_PART
    edges = np.linspace(0, width, CELLS + 1).astype(int)
    for i, bit in enumerate(_cells(number)):
        luma[top:, edges[i] : edges[i + 1]] = _BRIGHT if bit else _DARK


def read_number(luma: NDArray[np.uint8]) -> int | None:
    """The number drawn in a grey picture of any size; None where there is none that can be read."""
    height, width = luma.shape
    top = height - height // HEIGHT_PART
    edges = np.linspace(0, width, CELLS + 1)
    row = luma[(top + height) // 2 - 1 : (top + height) // 2 + 2].mean(axis=0)
    middles = ((edges[:-1] + edges[1:]) / 2).astype(int)
    bits = [bool(row[x] > 128) for x in middles]
    if not bits[0] or bits[-1]:
        return None
    number = _number(bits[1 : 1 + BITS])
    return number if _number(bits[1 + BITS : -1]) == _check(number) else None


def _cells(number: int) -> list[bool]:
    value = (number << CHECK_BITS) | _check(number)
    total = BITS + CHECK_BITS
    return [True, *(bool(value >> (total - 1 - i) & 1) for i in range(total)), False]


def _number(bits: list[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _check(number: int) -> int:
    """CRC-8 with polynomial 0x07 (ITU-T I.432.1) over the number's four bytes."""
    crc = 0
    for byte in number.to_bytes(4, "big"):
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
