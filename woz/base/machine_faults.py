"""Why a file wasn't read: for what it is, or for want of the machine, whatever the file holds."""

from __future__ import annotations

import errno

_AWAY = ("ESTALE", "EIO", "ENOTCONN", "EHOSTDOWN", "EREMOTEIO")
"""Not every system has all of them."""
AWAY = frozenset(getattr(errno, name) for name in _AWAY if hasattr(errno, name))
"""What a disk of the network answers when its server doesn't; a bad block of a local one says EIO, too."""
SHORT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
"""No more open files, memory or threads are to be had."""


def answered(error: BaseException, among: frozenset[int]) -> bool:
    """Whether the system answered one of these, to the fault itself or to what caused it; FFmpeg's faults count."""
    cause: BaseException | None = error
    while cause is not None:
        if getattr(cause, "errno", None) in among:
            return True
        cause = cause.__cause__
    return False
