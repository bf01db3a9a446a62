"""A scheme by what a person names it with: woz's own, a file, or one in a project."""

from __future__ import annotations

from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.new_file import new_file
from woz.model.scheme import Scheme


def named_scheme(name: str, project: str = "") -> Scheme:
    """Raises WozError where there is none."""
    from storage import Project
    from woz.lab.schemes import scheme_named
    from woz.schemes.reading import scheme_from_file
    from woz.schemes.shipped import shipped, shipped_names

    if project:
        with Project.open(Path(project), SystemClock()) as opened:
            return scheme_named(opened, name)
    if Path(name).is_file():
        return scheme_from_file(Path(name))
    if name not in shipped_names():
        names = ", ".join(shipped_names())
        raise WozError(f"{name} is neither a file nor a scheme of woz; those are: {names}.")
    return shipped(name)


def write_new(path: Path, text: str) -> None:
    """Raises WozError where something is there already, or the file can't be written."""
    with new_file(path, newline="\n") as file:
        file.write(text)
