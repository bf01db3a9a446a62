"""Keeps Python 3.11 alive under PySide6 6.12, whose calls give back a reference to `None` that they never took.

After some ten thousand painted lines `None` would be freed, and the interpreter aborts. From 3.12 on `None` can't be
freed (PEP 683); here its reference count is raised to where no session reaches the end of it.
"""

from __future__ import annotations

import ctypes
import sys

REFERENCES = 1 << 48


def keep_none() -> None:
    """Do it once for this process; nothing where Python does it by itself."""
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
        count = ctypes.c_ssize_t.from_address(id(None))
        if count.value < REFERENCES // 2:
            count.value += REFERENCES
