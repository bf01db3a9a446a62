"""Judges question sets by pressed keys alone, at the real windows: two validators, then a curator.

What is decided is drawn from the question set's id, so that two people mostly agree; it says nothing of quality.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import cast

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from storage import Project
from ui.questions.curating import CuratorDesk
from ui.questions.curator_window import CuratorWindow
from ui.questions.desk import Desk
from ui.questions.suggestions import Suggesting
from ui.questions.window import QuestionsWindow
from woz.dataset.distractors.sentence_vectors import sentence_vectors
from woz.lab.suggesting import Suggester
from woz.model.annotator import Annotator
from woz.model.question import Question
from woz.model.review import ReviewTask, Verdict

PATIENCE_S = 600.0
OF_TEXT = (("A", 0.78), ("R", 0.08), ("D", 0.10), ("T", 0.04))
OF_CLIP = (("G", 0.85), ("N", 0.10), ("V", 0.05))
STRAYS = 0.12
"""How often one decides on one's own, not as most would."""
WANTED = 4
Ctrl, Alt, Plain = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier(0)


class KeysValidator:
    """One person, at one window; `taken` counts suggestions that were taken into wrong answers."""

    def __init__(self, project: Project, person: Annotator) -> None:
        self._project, self._person = project, person
        settings = QSettings(str(project.path / f"{person.id}.ini"), QSettings.Format.IniFormat)
        self._desk = Desk(project, person, settings)
        self._suggesting = Suggesting(Suggester(project, sentence_vectors))
        self._window = QuestionsWindow(self._desk, suggesting=self._suggesting)
        self._window.show()
        self.pressed: Counter[str] = Counter()
        self.taken = 0
        self.slowest_ms = 0.0

    def judge(self, task: ReviewTask) -> int:
        """All that waits; how many that were."""
        self._window.begin(task)
        wait(lambda: self._desk.loaded)
        count = 0
        while self._desk.now is not None:
            wait(lambda: self._desk.item is not None)
            assert self._desk.item
            self._decide(self._desk.item.question, task)
            count += 1
        wait(lambda: self._kept(task))
        return count

    def close(self) -> None:
        self._window.close()
        self._suggesting.close()
        self._desk.close()

    def _decide(self, question: Question, task: ReviewTask) -> None:
        key = verdict_key(question.id, self._person.pseudonym, task)
        if task == ReviewTask.GROUNDING:
            wait(lambda: bool((clip := self._window.clips.player.clip) and clip.pictures))
        if task == ReviewTask.TEXT and key in "AR" and len(question.distractors) < WANTED:
            key = "W" if self._complete(question) else "A"
        elif key == "R":
            self._press("R")
            self._press(Qt.Key.Key_End)
            QTest.keyClicks(_focus(self._window), " ?" if question.text.endswith(".") else ".")
            self._press("Return", Ctrl)
        began, was = time.perf_counter(), self._desk.now
        if key not in "RW":
            self._press(key)
            wait(lambda: self._desk.now != was and (self._desk.now is None or self._desk.item is not None))
            self.slowest_ms = max(self.slowest_ms, 1000 * (time.perf_counter() - began))
        self.pressed[key] += 1

    def _complete(self, question: Question) -> bool:
        """Take suggestions without flags into the empty fields and keep them; False where there are none."""
        self._press("W")
        panel = self._window.suggestions
        wait(lambda: panel.suggested.whole)
        fit = [n for n, each in enumerate(panel.suggested.suggestions) if not each.flags]
        fit = fit[: WANTED - len(question.distractors)]
        for n in fit:
            self._press("1234567890"[n], Alt)
        self._press("Return" if fit else "Escape", Ctrl if fit else Plain)
        self.taken += len(fit)
        return bool(fit)

    def _press(self, key: str | Qt.Key, held: Qt.KeyboardModifier = Plain) -> None:
        press(self._window, key, held)

    def _kept(self, task: ReviewTask) -> bool:
        own = {each.question_id for each in self._project.reviews.own(self._person.id) if each.task == task}
        return all(each.question_id in own for each in self._desk.waiting)


def curate(project: Project, person: Annotator) -> Counter[str]:
    """Settle all that is disputed, by key: what most would take, with the texts of who wrote some."""
    desk = CuratorDesk(project, person)
    window = CuratorWindow(desk)
    window.show()
    try:
        return _settle_all(desk, window)
    finally:
        window.close()
        desk.close()


def _settle_all(desk: CuratorDesk, window: CuratorWindow) -> Counter[str]:
    desk.begin()
    wait(lambda: desk.seen is not None)
    pressed: Counter[str] = Counter()
    while desk.now is not None:
        wait(lambda: desk.item is not None)
        was = desk.now
        wrote = [n for n, each in enumerate(was.decisions, 1) if each.verdict == Verdict.REVISE]
        if wrote:
            press(window, str(wrote[0]))
        key = "A" if verdict_key(was.question.id, "", was.task) in "ARG" else "D"
        press(window, key)
        QTest.keyClicks(window.reason, "as most would")
        QTest.keyClick(window.reason, Qt.Key.Key_Return)
        wait(partial(_is_past, desk, was.question.id))
        pressed[key] += 1
    return pressed


def _is_past(desk: CuratorDesk, settled: str) -> bool:
    return desk.now is None or desk.now.question.id != settled


def verdict_key(question_id: str, who: str, task: ReviewTask) -> str:
    own = random.Random(f"{question_id}/{who}/{task}")
    drawn = own if who and own.random() < STRAYS else random.Random(f"{question_id}/{task}")
    keys = OF_TEXT if task == ReviewTask.TEXT else OF_CLIP
    return drawn.choices([key for key, _ in keys], [share for _, share in keys])[0]


def press(window: QWidget, key: str | Qt.Key, held: Qt.KeyboardModifier = Plain) -> None:
    code = key if isinstance(key, Qt.Key) else cast(Qt.Key, getattr(Qt.Key, f"Key_{key}"))
    QTest.keyClick(_focus(window), code, held)


def wait(until: Callable[[], bool]) -> None:
    """Raises TimeoutError after ten minutes."""
    end = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not come")
        QApplication.processEvents()
        time.sleep(0.002)


def _focus(window: QWidget) -> QWidget:
    return window.focusWidget() or window
