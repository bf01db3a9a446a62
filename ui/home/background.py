"""Does one thing in a thread, so that its window doesn't wait, and tells the window how it ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from woz.base.errors import WozError

log = logging.getLogger(__name__)


class Background(QObject):
    """`done` carries the answer, `failed` the sentence; both come in the window's own thread."""

    done = Signal(object)
    failed = Signal(str)

    def begin(self, name: str, call: Callable[[], object]) -> None:
        threading.Thread(target=self._run, args=(name, call), name=name, daemon=True).start()

    def _run(self, name: str, call: Callable[[], object]) -> None:
        try:
            self.done.emit(call())
        except WozError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.exception("%s ended", name)
            self.failed.emit(f"The {name} ended by a fault of the program ({error}).")
