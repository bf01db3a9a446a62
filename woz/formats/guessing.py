"""Which format a file is: by its name's ending, and where several end so, by its beginning."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from woz.base.errors import WozError
from woz.formats.parts import Begin
from woz.formats.reading import Reading
from woz.formats.registry import readers

LOOKED_AT = 20
"""Parts of a file; what a reader doesn't take is refused before that, at the file's outermost form."""
ANY_RATE = 25.0
ANYTHING = ("csv", "spreadsheet", "proassist")
"""They take other programs' tables, or any list: what another takes, too, is that one's."""


def formats_of(path: Path) -> tuple[str, ...]:
    """The names of the formats whose files may end so; those whose whole ending it is, where there are any."""
    name = path.name.lower()
    whole = tuple(key for key, each in readers().items() if name.endswith("." + each.ending.lower()))
    return whole or tuple(key for key, each in readers().items() if name.endswith("." + _last(each.ending)))


def formats_in(path: Path) -> tuple[str, ...]:
    """Of those by the ending the ones whose readers take the file's beginning, which is read where it has to be."""
    found = formats_of(path)
    if len(found) < 2 or not path.exists():
        return found
    fitting = tuple(name for name in found if _fits(name, path))
    return tuple(name for name in fitting if name not in ANYTHING) or fitting[:1]


def format_of(path: Path) -> str:
    """The only one that it may be. Raises WozError where it may be none, or several."""
    by_ending, found = formats_of(path), formats_in(path)
    if not by_ending:
        raise WozError(f"{path.name} has the ending of no format that is read; name it with --format.")
    if not found:
        raise WozError(
            f"{path.name} ends as {', '.join(by_ending)} do, and is none of them; name the format with --format to"
            " hear what is wrong with the file."
        )
    if len(found) > 1:
        raise WozError(f"{path.name} may be {', '.join(found)}; name the format with --format.")
    return found[0]


def _fits(name: str, path: Path) -> bool:
    read = readers()[name].read
    assert read is not None
    try:
        parts = list(islice(read(Reading(path, frame_rate=ANY_RATE)), LOOKED_AT))
    except WozError:
        return False
    return any(isinstance(part, Begin) for part in parts)


def _last(ending: str) -> str:
    return ending.rsplit(".", 1)[-1].lower()
