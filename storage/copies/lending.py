"""A project that is only read, and left as it is: not even its schema is brought up to date."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from storage.backends.copying import demand_whole
from storage.backends.schema import known_revisions
from storage.backends.sqlite import copy_untouched
from storage.media_root import media_root
from storage.place import FILE, Place
from storage.project import Project
from woz.base.clock import Clock
from woz.base.errors import WozError


@contextlib.contextmanager
def lent(path: Path, clock: Clock) -> Iterator[Project]:
    """A copy of its rows, of this program's version, beside its own recordings; the copy goes at the end.

    A server's database of this version is read itself. Raises WozError as `Project.open` does, and for a file that
    can't be read.
    """
    place = Place.read(path)
    if place is None or place.moved_to or _is_current(place):
        with Project.open(path, clock) as project:
            yield project
        return
    with tempfile.TemporaryDirectory(prefix="woz-") as folder:
        copy = Path(folder)
        if place.url is None:
            copy_untouched(path / FILE, copy / FILE)
            demand_whole(copy / FILE)
            _demand_not_newer(copy, path)
        else:
            with contextlib.closing(place.database()) as database:
                database.back_up(copy / FILE)
        with Project.at(Place(copy), clock) as project:
            project.media_root = media_root(path)
            yield project


def _demand_not_newer(copy: Path, path: Path) -> None:
    """As `Project.open` does, by the name of what was copied."""
    with contextlib.closing(Place(copy).database()) as database:
        revision = database.revision()
    if revision is not None and revision not in known_revisions():
        raise WozError(f"{path} was made by a newer woz; update the program.")


def _is_current(place: Place) -> bool:
    """Of a server's database, or one that can't be read from at all: a newer one, or none of woz's."""
    if place.url is None:
        return False
    with contextlib.closing(place.database()) as database:
        revision = database.revision()
    return revision == known_revisions()[0] or revision not in known_revisions()
