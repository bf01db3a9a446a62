"""Hears from the X server when windows come to its screen, without asking it again and again."""

from __future__ import annotations

import ctypes
import ctypes.util

_MAP_NOTIFY = 19
_SUBSTRUCTURE = 1 << 19
"""The mask of events about a window's own windows; of the root's, about all that have no window manager above."""
_LONGS_OF_AN_EVENT = 24


class Mapping:
    """Whether a window has come since the last look. Raises SystemExit where there is no X server."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        if not self._display:
            raise SystemExit("There is no X server; run it by xvfb-run -a.")
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, root, ctypes.c_long(_SUBSTRUCTURE))
        self._x.XSync(self._display, 0)

    def fileno(self) -> int:
        """What can be waited for with `select`."""
        return int(self._x.XConnectionNumber(self._display))

    def come(self) -> bool:
        """Takes all that the server has told."""
        event = (ctypes.c_long * _LONGS_OF_AN_EVENT)()
        found = False
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, event)
            found |= event[0] & 0xFFFFFFFF == _MAP_NOTIFY
        return found
