"""Does one thing in a thread, so that its window doesn't stand still, and tells the window how it ended."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal

from ui.application.holding import start_with
from woz.base.errors import WozError

log = logging.getLogger(__name__)
T = TypeVar("T")


class Background(QObject):
    """`done` carries the answer, `failed` the sentence; both come in the window's own thread."""

    done = Signal(object)
    failed = Signal(str)

    def begin(self, name: str, call: Callable[[], object]) -> threading.Thread:
        return start_with(threading.Thread(target=self._run, args=(name, call), name=name, daemon=True), self)

    def _run(self, name: str, call: Callable[[], object]) -> None:
        try:
            answer = call()
        except WozError as error:
            self._tell("failed", str(error))
        except Exception as error:
            log.exception("%s ended", name)
            self._tell("failed", f"The {name} ended by a fault of the program ({error}).")
        else:
            self._tell("done", answer)

    def _tell(self, signal: str, value: object) -> None:
        with contextlib.suppress(RuntimeError):  # Qt has taken the sender away: nobody is left to hear it
            getattr(self, signal).emit(value)


def waited(call: Callable[[], T], within_s: float | None = None) -> T:
    """What a call answers that is made in a thread; meanwhile the window is painted, and takes no keys.

    For what is short, and must be known before a dialog can go on. Raises what the call raises, and TimeoutError
    where it takes longer than is given; it is left behind then.
    """
    call_made = _Call(call)
    loop = QEventLoop()
    call_made.ended.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    thread = start_with(threading.Thread(target=call_made.run, name="short work", daemon=True), call_made, loop)
    if within_s is not None:
        QTimer.singleShot(round(within_s * 1000), loop, loop.quit)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if not call_made.over and within_s is not None:
        raise TimeoutError
    thread.join()
    if call_made.error is not None:
        raise call_made.error
    answer: T = call_made.answer  # type: ignore[assignment]
    return answer


class _Call(QObject):
    ended = Signal()

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self._call = call
        self.answer: object = None
        self.error: BaseException | None = None
        self.over = False

    def run(self) -> None:
        try:
            self.answer = self._call()
        except BaseException as error:
            self.error = error
        self.over = True
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            self.ended.emit()
