"""Keeps Python 3.11 alive under PySide6 6.12, whose calls give back references that they never took.

After some ten thousand painted lines `None` would be freed, or `True` or `False`, and the interpreter aborts. From
3.12 on they can't be freed (PEP 683); here their reference counts are raised to where no session reaches the end.
"""

from __future__ import annotations

import ctypes
import sys

REFERENCES = 1 << 48


def keep_constants() -> None:
    """Do it once for this process; nothing where Python does it by itself."""
    if sys.implementation.name != "cpython" or sys.version_info >= (3, 12):
        return
    for constant in (None, True, False):
        count = ctypes.c_ssize_t.from_address(id(constant))
        if count.value < REFERENCES // 2:
            count.value += REFERENCES
