"""How an item came to be: by whom, when, and from what."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.item import ItemRef
from woz.model.origin import Origin

PROGRAM = "woz"
"""The maker of what the program made by itself."""


@dataclass(frozen=True, slots=True)
class Source:
    """An item that another was made from, as it was after an edit; None where it was as first kept."""

    item: ItemRef
    edit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """`by` is an annotator's id or a program's name, `run` the batch or model run, empty where there was none.

    `stale` says that one of the `sources` has changed since.
    """

    origin: Origin
    by: str = ""
    utc_ns: int = 0
    run: str = ""
    sources: tuple[Source, ...] = ()
    stale: bool = False
