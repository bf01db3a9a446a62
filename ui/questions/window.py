"""The window in which people judge question sets: their words, then their clips."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from storage.repositories.reviews import Waiting
from ui.questions.card import QuestionCard, Writing
from ui.questions.clip_pane import ClipPane
from ui.questions.desk import Desk
from ui.questions.evidence import EvidencePanel
from ui.questions.leaving import may_leave
from ui.questions.suggestions import KEYS as SUGGESTION_KEYS
from ui.questions.suggestions import Suggesting, SuggestionsPanel
from ui.questions.turns import TurnsAround
from ui.questions.verdict_bar import NO_REMARK, Remark, VerdictBar
from ui.questions.words import (
    ASKED,
    FULL,
    IS_ENGLISH,
    KEYS,
    NAMES,
    NOTHING_RESTS,
    STALE,
    SUGGESTING,
    TASKS,
    UNSEEN,
    WRITING,
    WRITING_ENGLISH,
    hint,
    waiting_elsewhere,
)
from ui.theme import GRID, icon
from ui.widgets.digit_row import DigitActions
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, help_action, label
from ui.widgets.push import Push
from woz.annotation.patience import BACK
from woz.dataset.questions.proposing import CLIPS_S
from woz.dataset.review.texts import texts_of
from woz.lab.suggesting import Suggested
from woz.model.ids import QuestionId, SessionId
from woz.model.review import VERDICTS, WRONG_ANSWERS, ReviewTask, Texts, Verdict

EMPTY, JUDGING = range(2)
NOTHING = {
    ReviewTask.TEXT: "There is no question set to judge. woz questions propose makes some from the transcripts.",
    ReviewTask.GROUNDING: "No clip waits for you: a question set comes here once its words have passed.",
}
ALL_JUDGED = "All is judged that waited for you. ← goes back to what you decided."
GIVEN = "Nothing waits that was given to you to judge. O shows what else lacks people."


class QuestionsWindow(QMainWindow):
    """Shows what is on a desk; every decision is by key, and the next question set is there at once."""

    def __init__(
        self,
        desk: Desk,
        sessions: Sequence[tuple[SessionId, str]] = (),
        suggesting: Suggesting | None = None,
        wrong_answers: int = WRONG_ANSWERS,
    ) -> None:
        """`sessions` are those to choose from, each with its title; `suggesting` finds wrong answers, of which each
        question set is to have so many.
        """
        super().__init__()
        self.desk, self._suggesting, self._wrong_answers = desk, suggesting, wrong_answers
        self._drafts: dict[QuestionId, Texts] = {}
        self._remarks: dict[tuple[ReviewTask, QuestionId], Remark] = {}
        self._shown: tuple[QuestionId | None, bool] = (None, False)
        self._standing = ""
        self._task = desk.task
        self.setWindowTitle("Questions – woz")
        self.setWindowIcon(icon("woz"))
        fit(self, 1240, 820)
        self._banner, self._stale = Banner(), Banner()
        self.card, self._turns = QuestionCard(wrong_answers), TurnsAround()
        self.clips, self.bar = ClipPane(), VerdictBar()
        self.suggestions, self.evidence = SuggestionsPanel(), EvidencePanel()
        self._build(sessions)
        self._actions()
        desk.writing = self._writes
        desk.changed.connect(self._show)
        desk.told.connect(self.tell)
        desk.away.connect(self._tell_away)
        self.bar.decided.connect(self.decide)
        if suggesting:
            suggesting.found.connect(self._show_suggested)
        for leaving in (self.bar.comment.left, self.bar.comment.returnPressed):
            leaving.connect(self._to_window)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def told(self) -> str:
        return self._banner.text

    def tell(self, text: str) -> None:
        """Empty: nothing but that the database is away, where it is."""
        self._banner.tell(text or self._standing)

    def _tell_away(self, text: str) -> None:
        self._standing = text
        self._banner.tell(text or BACK)

    def choose_session(self, session: str) -> None:
        """Only its question sets from the next `begin` on; empty for all."""
        self._sessions.setCurrentIndex(max(0, self._sessions.findData(session or None)))

    def begin(self, task: ReviewTask) -> None:
        self._stop_writing()
        self._keep_remark()
        self.bar.show_task(task, ASKED[task])
        self._shown = (None, False)
        self.clips.show_item(None)
        self.clips.setVisible(task == ReviewTask.GROUNDING)
        for each, choice in self._tasks.items():
            choice.setChecked(each == task)
        for each, key in self._keys:
            key.setEnabled(each == task)
        self.desk.begin(task, self._sessions.currentData(), self._others.isChecked())
        self.setFocus()

    def decide(self, verdict: Verdict) -> None:
        """Keep it and go on; to revise begins, and then ends, with writing."""
        self.tell("")
        if verdict == Verdict.REVISE and self.card.writing != Writing.TEXTS:
            self._write(Writing.TEXTS)
            return
        if self.desk.item is None:
            return
        if self.desk.task == ReviewTask.GROUNDING and self.clips.fault:
            self.tell(UNSEEN)
            return
        texts = self.card.texts if verdict == Verdict.REVISE else None
        if texts:
            self._drafts[self.desk.item.question.id] = texts
        grounding, remark = self.desk.task == ReviewTask.GROUNDING, self.bar.remark
        self._end_writing()
        self.desk.decide(verdict, remark.doubt, remark.comment, texts, self.clips.clip_ns if grounding else None)
        self.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not may_leave(self, bool(self._standing), self.desk.at_risk):
            event.ignore()
            return
        self.clips.close_pane()
        super().closeEvent(event)

    # what is shown

    def _show(self) -> None:
        desk, item = self.desk, self.desk.item
        count = len(desk.waiting)
        self._others.setVisible(desk.given)
        self._count.setText(f"{count - desk.left} of {count} judged" if desk.loaded else "Reading …")
        self._done.setRange(0, max(1, count))
        self._done.setValue(count - desk.left)
        if item is None or item.question.id != self._shown[0]:
            self._keep_remark()
        if desk.now is None:
            self._keep_draft()
            self._pages.setCurrentIndex(EMPTY)
            self._empty.setText(self._nothing())
            self.clips.show_item(None)
            self._shown = (None, False)
            return
        self._pages.setCurrentIndex(JUDGING)
        if item is None:
            return
        new = (item.question.id, desk.now.mine is not None)
        if self._shown[0] != item.question.id:
            self._keep_draft()
        if self._shown != new:
            self._show_mine(desk.now, item.question.id)
        self._shown, self._task = new, desk.task
        self._where.setText(f"{item.title}, {desk.at + 1} of {count}")
        self.bar.hint.setText(hint(item.question, desk.task, self._wrong_answers))
        self._stale.tell(STALE if item.question.made.stale else "")
        if self._drafts.get(item.question.id) == texts_of(item.question):
            del self._drafts[item.question.id]
        if self.card.writing == Writing.NOTHING:
            self.card.show_question(item.question)
            self.bar.asked.setText(ASKED[desk.task])
        self._turns.show_item(item)
        self.evidence.show_item(item, desk.task == ReviewTask.GROUNDING)
        if desk.task == ReviewTask.GROUNDING:
            self.clips.show_item(item, desk.coming)

    def _show_mine(self, now: Waiting, key: QuestionId) -> None:
        """What was begun is there again, until a decision with it is kept."""
        if now.mine is not None:
            self._drafts.pop(key, None)
        self.bar.show_mine(now.mine, self._said(), self._remarks.get((self.desk.task, key), NO_REMARK))

    def _keep_remark(self) -> None:
        """Of the question set that is left."""
        key, remark = self._shown[0], self.bar.remark
        if key is not None:
            self._remarks[self._task, key] = remark

    def _keep_draft(self) -> None:
        """What is being typed of the question set that is left."""
        key = self._shown[0]
        if key is not None and self.card.writing != Writing.NOTHING:
            self._drafts[key] = self.card.texts
        self._end_writing()

    def _nothing(self) -> str:
        desk = self.desk
        if not desk.loaded:
            return "Reading …"
        if desk.given and not desk.others:
            nothing = f"{GIVEN} ← goes back to what you decided." if desk.waiting else GIVEN
        else:
            nothing = ALL_JUDGED if desk.waiting else NOTHING[desk.task]
        return f"{nothing}\n{waiting_elsewhere(desk.task, desk.elsewhere)}".strip()

    def _show_others(self) -> None:
        """Also what wasn't given to them, or no longer; where nothing was, all is shown already."""
        if self.desk.given:
            self._others.click()

    def _said(self) -> str:
        """Their own decision; what gates hold against it is told only once they have decided."""
        now, item = self.desk.now, self.desk.item
        if now is None or item is None or now.mine is None:
            return ""
        flags = "".join(f"\nA gate ({flag.gate}) says: {flag.reason}" for flag in item.question.flags)
        return f"You decided: {NAMES[now.mine.verdict]}. Another key decides anew, Ctrl+Z takes back.{flags}"

    # writing

    def _write(self, writing: Writing) -> None:
        item = self.desk.item
        if item is None:
            return
        self.card.show_question(item.question, writing, self._drafts.get(item.question.id))
        self.card.begin_typing()
        self.bar.asked.setText(WRITING if writing == Writing.TEXTS else WRITING_ENGLISH)

    def write_english(self) -> None:
        """Of a question set that is in another language, or whose language isn't known."""
        item = self.desk.item
        if item is not None and item.question.in_english:
            self.tell(IS_ENGLISH)
        elif item is not None:
            self._write(Writing.ENGLISH)

    def suggest(self) -> None:
        """Show wrong answers to choose among, while the texts are written."""
        item = self.desk.item
        if item is None or self._suggesting is None or self.desk.task != ReviewTask.TEXT:
            return
        if self.card.writing != Writing.TEXTS:
            self._write(Writing.TEXTS)
        self.bar.asked.setText(SUGGESTING)
        self.suggestions.show_suggested(Suggested())
        self._suggesting.want(item.question)

    def take(self, number: int) -> None:
        """A suggestion by its place, from 0, into the first empty field; nothing is kept by it yet."""
        each = self.suggestions.of_key(number)
        if each is not None:
            self.tell("" if self.card.take(each.text, each.well) else FULL)

    def _show_suggested(self, question_id: str, suggested: Suggested) -> None:
        item = self.desk.item
        if self.suggestions.isVisible() and item is not None and item.question.id == question_id:
            self.suggestions.show_suggested(suggested)

    def _store(self) -> None:
        if self.card.writing == Writing.TEXTS:
            self.decide(Verdict.REVISE)
        elif self.card.writing == Writing.ENGLISH:
            texts = self.card.texts
            self._stop_writing()
            self.desk.write_english(texts)

    def _stop_writing(self) -> None:
        """Leave the fields; what was begun in them is there when one writes again."""
        item = self.desk.item
        if self.card.writing != Writing.NOTHING and item is not None:
            self._drafts[item.question.id] = self.card.texts
            self._end_writing()
            self.card.show_question(item.question)
            self.bar.asked.setText(ASKED[self.desk.task])
        self._to_window()

    def _end_writing(self) -> None:
        self.card.writing = Writing.NOTHING
        self.suggestions.hide()

    def _writes(self) -> bool:
        return self.card.writing != Writing.NOTHING or self.focusWidget() is self.bar.comment

    def _to_window(self) -> None:
        self.setFocus()

    # building

    def _build(self, sessions: Sequence[tuple[SessionId, str]]) -> None:
        self._empty = label("", "heading", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._judging())
        layout = QVBoxLayout()
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID)
        layout.addLayout(self._top(sessions))
        layout.addWidget(self._banner)
        layout.addWidget(self._pages, 1)
        centre = QWidget()
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _top(self, sessions: Sequence[tuple[SessionId, str]]) -> QHBoxLayout:
        self._sessions = QComboBox()
        self._sessions.setAccessibleName("Session")
        self._sessions.addItem("All sessions", None)
        for key, title in sessions:
            self._sessions.addItem(f"{title}  {key}", key)
        self._sessions.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sessions.activated.connect(lambda _: self.begin(self.desk.task))
        self._others = QCheckBox("Others, too (O)")
        self._others.setToolTip("Also question sets that were not given to you, where people lack")
        self._others.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._others.clicked.connect(lambda _=False: self.begin(self.desk.task))
        self._others.hide()
        self._count, self._done = label("", "muted"), QProgressBar()
        self._done.setTextVisible(False)
        self._done.setMaximumWidth(160)
        self._done.setAccessibleName("Part that is judged")
        top = QHBoxLayout()
        top.setSpacing(GRID)
        self._tasks = {}
        for task, name in TASKS.items():
            made = Push(name)
            made.setCheckable(True)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(lambda _=False, task=task: self.begin(task))
            top.addWidget(made)
            self._tasks[task] = made
        top.addWidget(self._sessions)
        top.addWidget(self._others)
        top.addStretch(1)
        for widget in (self._count, self._done, label(self.desk.person.pseudonym, "heading")):
            top.addWidget(widget)
        return top

    def _judging(self) -> QWidget:
        self._where = label("", "muted")
        texts = QWidget()
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        beside_fields = QHBoxLayout()
        beside_fields.setSpacing(GRID)
        beside_fields.addWidget(self.card, 3, Qt.AlignmentFlag.AlignTop)
        beside_fields.addWidget(self.suggestions, 2, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._where)
        column.addWidget(self._stale)
        column.addLayout(beside_fields)
        for widget in (self._turns, self.evidence):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(texts)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.clips)
        beside.addWidget(scroll)
        beside.setSizes([640, 560])
        beside.setChildrenCollapsible(False)
        beside.setHandleWidth(GRID * 2)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(beside, 1)
        layout.addWidget(self.bar)
        return whole

    def _actions(self) -> None:
        self._keys: list[tuple[ReviewTask, QAction]] = []
        for task, verdicts in VERDICTS.items():
            for verdict in verdicts:
                name = "Revise: write the texts anew" if verdict == Verdict.REVISE else NAMES[verdict]
                self._keys.append((task, action(self, name, KEYS[verdict], partial(self.decide, verdict))))
        grounding = ReviewTask.GROUNDING
        for number, length in enumerate(CLIPS_S, 1):
            made = action(self, f"The last {length} seconds", str(number), partial(self.clips.set_length, length))
            self._keys.append((grounding, made))
        self._keys += [
            (grounding, action(self, "Another length", "4", self.clips.type_length)),
            (grounding, action(self, "The question's own length", "0", partial(self.clips.set_length, None))),
            (grounding, action(self, "Pause, play", "Space", self.clips.player.toggle)),
            (grounding, action(self, "From the start", "Home", self.clips.player.restart)),
            (grounding, action(self, "Play the next of what it rests on", "P", self._play_rest)),
        ]
        action(self, "Keep what is written", "Ctrl+Return", self._store)
        action(self, "Leave the fields", "Escape", self._stop_writing)
        action(self, "In doubt", "U", self.bar.doubt.toggle)
        action(self, "Comment", "C", self.bar.comment.setFocus)
        for number, key in enumerate(SUGGESTION_KEYS):
            made = action(self, f"Take suggestion {key}", f"Alt+{key}", partial(self.take, number))
            self._keys.append((ReviewTask.TEXT, made))
        self._keys.append((ReviewTask.TEXT, action(self, "Suggest wrong answers", "W", self.suggest)))
        action(self, "The English text was checked", "E", self.desk.check_english)
        action(self, "Write the English text", "Shift+E", self.write_english)
        action(self, "The next one", ["Right", "PgDown"], lambda: self._go(1))
        action(self, "The one before", ["Left", "PgUp"], lambda: self._go(-1))
        action(self, "Take back my last decision", "Ctrl+Z", self.desk.take_back)
        action(self, "Also what was not given to me", "O", self._show_others)
        for number, task in enumerate(ReviewTask, 1):
            action(self, TASKS[task], f"Ctrl+{number}", partial(self.begin, task))
        action(self, "Close", "Ctrl+Q", self.close)
        help_action(self)
        DigitActions(self)

    def _play_rest(self) -> None:
        self.tell("" if self.clips.play_rest() else NOTHING_RESTS)

    def _go(self, steps: int) -> None:
        self._stop_writing()
        self.tell("")
        self.desk.go(steps)
