"""What a closed or killed editor couldn't store, since the database was away, is stored at the next opening."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QTimer

from ui.application.own_file import own_file
from woz.annotation.document import Document
from woz.annotation.unstored import Unstored
from woz.base.counts import counted
from woz.base.errors import WozError

LOOK_MS = 500
"""How often it is looked whether the store takes long to answer."""
RESUMED = "What you did here, and the database hadn't taken yet, is stored now ({}): look at it once."


@contextlib.contextmanager
def kept_deeds(path: Path) -> Iterator[Unstored]:
    """One window alone keeps them in a file; a second one of the same annotator keeps none."""
    look = QTimer()
    with own_file(path) as own:
        unstored = Unstored(own)
        look.timeout.connect(unstored.keep_late)
        look.start(LOOK_MS)
        try:
            yield unstored
        finally:
            look.stop()


class Resuming(Protocol):
    """A window of a document."""

    @property
    def document(self) -> Document: ...

    def tell(self, text: str) -> None: ...


def resume(window: Resuming, unstored: Unstored, before: str = "") -> None:
    """Have stored what the file holds; the window says so, or why it can't be read, and what is to be said `before`
    that.
    """
    try:
        deeds = unstored.read()
    except WozError as error:
        window.tell(" ".join(filter(None, (before, str(error)))))
        return
    window.document.resume(deeds)
    resumed = RESUMED.format(counted(len(deeds), "edit")) if deeds else ""
    if before or resumed:
        window.tell(" ".join(filter(None, (before, resumed))))
