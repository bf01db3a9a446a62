"""Faults of the world, as opposed to faults of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class WozError(Exception):
    """Something outside the program is wrong; the message is one plain sentence that says what to do.

    The command line prints it and exits with status 1; windows show it as it is. Any other exception is a
    fault of the program.
    """


class UnreachableError(WozError):
    """What holds the data doesn't answer, and was asked for nothing: it may be asked again."""


class InDoubtError(WozError):
    """The connection was lost as something was being kept: it may be there or not."""


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Why a file can't be read, without its name."""
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)


def unread(what: object, error: OSError | UnicodeDecodeError) -> str:
    """That a file can't be read, why, and what to do, in one sentence; `what` names it."""
    return f"{what} can't be read ({reason_of(error)}); {_what_to_do(error)}."


@contextmanager
def permitted() -> Iterator[None]:
    """Says in a sentence that a file may not be read or written, or a folder not be entered. Raises WozError; what
    the system, or FFmpeg, refuses without naming a file is something else, and goes on.
    """
    try:
        yield
    except PermissionError as error:
        if not error.filename:
            raise
        why = error.strerror or "Permission denied"
        raise WozError(
            f"{error.filename} can't be read or written ({why}); see who may do so, and enter its folder."
        ) from error


def _what_to_do(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "save it in that encoding, and try again"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "check its name and its folder"
    if isinstance(error, IsADirectoryError):
        return "name a file in it"
    return "see who may read it" if isinstance(error, PermissionError) else "see to its disk"
