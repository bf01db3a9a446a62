"""Work beside a window tells its end; where the window is gone by then, it ends in silence."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import shiboken6
from pytestqt.qtbot import QtBot

from ui.application.background import Background
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
