"""Faults of the world, as opposed to faults of the program."""


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
    """Why a text file can't be read, without its name."""
    return "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)
