"""A file of text that is written only where there is none yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from woz.base.errors import WozError


@contextmanager
def new_file(path: Path, encoding: str = "utf-8", newline: str | None = None) -> Iterator[TextIO]:
    """Open to be written; `encoding` and `newline` as `open` takes them.

    Raises WozError where the file exists or can't be written.
    """
    try:
        with path.open("x", encoding=encoding, newline=newline) as file:
            yield file
    except FileExistsError:
        raise WozError(f"{path} exists already; nothing was overwritten. Give another name.") from None
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}); choose another place.") from error
