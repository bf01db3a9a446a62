"""Work beside a window tells its end; where the window is gone by then, it ends in silence."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from ui.application import background as background_module
from ui.application.background import Background, waited
from ui.application.holding import start_with
from woz.base.errors import WozError


def _refuse() -> object:
    raise WozError("Not now.")


def _break() -> object:
    raise RuntimeError("odd")


@pytest.mark.usefixtures("caplog")  # a fault is logged
@pytest.mark.parametrize("end", [lambda: 1, _refuse, _break])
def test_what_ends_after_its_window_is_gone_says_nothing(end: Callable[[], object]) -> None:
    """A sentence to nobody would end the thread by a fault, which fails the test."""
    goes_on, work = threading.Event(), Background()

    def call() -> object:
        goes_on.wait()
        return end()

    thread = work.begin("look", call)
    shiboken6.delete(work)
    goes_on.set()
    thread.join()
    assert not shiboken6.isValid(work)


@pytest.mark.usefixtures("caplog")
def test_an_answer_a_refusal_and_a_fault_are_told(qtbot: QtBot) -> None:
    answers, sentences = list[object](), list[str]()
    work = Background()
    work.done.connect(answers.append)
    work.failed.connect(sentences.append)
    for call in (lambda: 1, _refuse, _break):
        work.begin("look", call).join()
    qtbot.waitUntil(lambda: len(answers) + len(sentences) == 3)
    assert answers == [1]
    assert sentences == ["Not now.", "The look ended by a fault of the program (odd)."]


class _Sender(QObject):
    sent = Signal()

    def __init__(self, goes_on: threading.Event, gone: list[int]) -> None:
        super().__init__()
        self._goes_on, self._gone = goes_on, gone

    def run(self) -> None:
        self._goes_on.wait()

    def __del__(self) -> None:
        self._gone.append(threading.get_ident())


def test_what_sends_from_a_thread_is_let_go_of_on_the_windows(qtbot: QtBot) -> None:
    """PySide6 may end the program otherwise."""
    goes_on, gone = threading.Event(), list[int]()
    sender = _Sender(goes_on, gone)
    thread = start_with(threading.Thread(target=sender.run), sender)
    del sender
    goes_on.set()
    thread.join()
    assert gone == []
    qtbot.waitUntil(lambda: gone == [threading.get_ident()])


def test_work_that_took_too_long_is_let_go_of_on_the_windows_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, gone = threading.Event(), list[int]()
    made = background_module._Call
    monkeypatch.setattr(made, "__del__", lambda call: gone.append(threading.get_ident()), raising=False)
    with pytest.raises(TimeoutError):
        waited(goes_on.wait, 0.01)
    assert gone == []
    goes_on.set()
    qtbot.waitUntil(lambda: gone == [threading.get_ident()])
