"""SQLite's faults in plain sentences."""

from __future__ import annotations

import sqlite3

_SENTENCES = {
    "FULL": "The disk of {name} is full, so the change was not kept; make room and try again.",
    "IOERR": "The disk of {name} failed, so the change was not kept; check that disk and make room on it.",
    "READONLY": "{name} can't be written; check the permissions of its folder.",
    "CANTOPEN": "{name} can't be opened; check that its folder is there and may be written.",
    "PERM": "{name} can't be opened; check the permissions of its folder.",
    "NOTADB": "{name} is damaged or no database; restore it from a backup copy.",
    "CORRUPT": "{name} is damaged; restore it from a backup copy.",
    "BUSY": "{name} is in use by another program; close that and try again.",
    "LOCKED": "{name} is in use by another program; close that and try again.",
}


def sqlite_sentence(name: str, fault: BaseException) -> str | None:
    """None for what is no fault of the file.

    Its name is one of https://www.sqlite.org/rescode.html, of which the first part says enough.
    """
    code = getattr(fault, "sqlite_errorname", None)
    if not isinstance(fault, sqlite3.Error) or code is None:
        return None
    known = _SENTENCES.get(code.split("_")[1])
    return known.format(name=name) if known else f"{name} can't be used ({fault}); restore it from a backup copy."
