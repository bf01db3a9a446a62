"""How many bytes something is, as people say it."""

from __future__ import annotations

from woz.base.counts import counted


def bytes_text(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            digits = 1 if unit == "GB" or count < 10 * size else 0
            return f"{count / size:.{digits}f} {unit}"
    return counted(count, "byte")
