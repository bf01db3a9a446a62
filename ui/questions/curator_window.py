"""The window in which a curator settles what people disagree on, with all decisions and texts beside each other."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from storage.repositories.reviews import Disputed
from ui.questions.apart_dialog import ApartDialog
from ui.questions.card import QuestionCard
from ui.questions.clip_pane import ClipPane
from ui.questions.curating import Asked, CuratorDesk
from ui.questions.evidence import EvidencePanel
from ui.questions.leaving import may_leave
from ui.questions.turns import TurnsAround
from ui.questions.verdict_bar import CommentField
from ui.questions.words import NAMES, NOTHING_RESTS, TASKS
from ui.theme import GRID, colours, icon
from ui.widgets.digit_row import DigitActions
from ui.widgets.fitting import fit
from ui.widgets.parts import Banner, action, button, help_action, label, panel, row
from ui.widgets.push import Push
from woz.annotation.patience import BACK
from woz.dataset.review.agreement import Agreement
from woz.model.ids import QuestionId
from woz.model.review import Decision, ReviewTask, Texts
from woz.procedures.words import counted

MOST = 9
REFRESH_MS = 3000
"""How often it is asked whether somebody decided something."""
EMPTY = "People agree on all that enough of them judged: there is nothing to settle."
EXPLAINED = "1 to 9 take that person's texts, 0 those that stand. A accepts, D discards; then say why, and Enter."


class CuratorWindow(QMainWindow):
    def __init__(self, desk: CuratorDesk) -> None:
        super().__init__()
        self.desk = desk
        self._choice = 0
        self._standing = ""
        self._accepting: bool | None = None
        self._on: Disputed | None = None
        self.setWindowTitle("Disagreements – woz")
        self.setWindowIcon(icon("woz"))
        fit(self, 1240, 860)
        self._banner, self._card, self._turns, self.clips = Banner(), QuestionCard(), TurnsAround(), ClipPane()
        self._evidence = EvidencePanel()
        self.reason = CommentField()
        self.reason.setPlaceholderText("Why? Enter settles it, Escape leaves")
        self.reason.setAccessibleName("Reason")
        self._build()
        self._actions()
        desk.changed.connect(self._show)
        desk.counted.connect(self._show_figures)
        self._looking = QTimer(self, interval=REFRESH_MS)
        self._looking.timeout.connect(desk.refresh)
        self._looking.start()
        desk.told.connect(self.tell)
        desk.away.connect(self._tell_away)
        desk.asked.connect(self._list_apart)
        self.reason.returnPressed.connect(self._settle)
        self.reason.left.connect(self._leave)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    @property
    def told(self) -> str:
        return self._banner.text

    def tell(self, text: str) -> None:
        """Empty: nothing but that the database is away, where it is."""
        self._banner.tell(text or self._standing)

    def _tell_away(self, text: str) -> None:
        self._standing = text
        self._banner.tell(text or BACK)

    @property
    def figures(self) -> str:
        """The agreement, as it is shown."""
        return self._figures.text()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not may_leave(self, bool(self._standing), self.desk.at_risk):
            event.ignore()
            return
        self._looking.stop()
        self.clips.close_pane()
        super().closeEvent(event)

    def _show(self) -> None:
        seen, now = self.desk.seen, self.desk.now
        if seen is None:
            return
        self._show_figures()
        self._pages.setCurrentIndex(0 if now is None else 1)
        if now is None:
            self.clips.show_item(None)
            return
        self._turns.show_item(self.desk.item)
        self._evidence.show_item(self.desk.item, now.task == ReviewTask.GROUNDING)
        self.clips.setVisible(now.task == ReviewTask.GROUNDING)
        self.clips.show_item(self.desk.item if now.task == ReviewTask.GROUNDING else None)
        if now is not self._on:
            self._show_another(now, seen.names)

    def _show_another(self, now: Disputed, names: dict[str, str]) -> None:
        """What was chosen of the one before, and a reason that was begun there, settle nothing of it."""
        self._on = now
        self._show_decisions(now.decisions, names)
        self._choose(0)
        self._accept(None)

    def _show_figures(self) -> None:
        seen, now = self.desk.seen, self.desk.now
        if seen is None:
            return
        words = [f"{TASKS[task]}: {agreement_words(seen.agreement[task])}" for task in ReviewTask]
        self._figures.setText("\n".join(words))
        if now is not None:
            of = f"{self.desk.at + 1} of {len(seen.disputed)}"
            self._where.setText(f"{of} to settle: {TASKS[now.task].lower()}")

    def _list_apart(self, asked: dict[QuestionId, Asked]) -> None:
        if self.desk.seen is None:
            return
        shown = ApartDialog(self.desk.seen.agreement, asked, self.desk.seen.names, self)
        shown.asked_for.connect(self._go_to)
        shown.open()

    def _go_to(self, question_id: str) -> None:
        self.tell("" if self.desk.show(question_id) else "That one isn't to be settled (any more).")

    def _show_decisions(self, decisions: tuple[Decision, ...], names: dict[str, str]) -> None:
        while entry := self._beside.takeAt(0):
            if widget := entry.widget():
                widget.deleteLater()
        for number, each in enumerate(decisions, 1):
            self._beside.addWidget(_decision(number, each, names.get(each.by, "?")), 1)

    def _choose(self, number: int) -> None:
        """Whose texts are to stand: 0 for those that do."""
        now = self.desk.now
        texts = now.decisions[number - 1].revised if now and 0 < number <= len(now.decisions) else None
        self._choice = number if texts else 0
        self._taken.setText(
            f"The texts of number {number} are taken." if texts else "The texts stay as they stand."
        )
        if now:
            self._card.show_question(now.question, draft=texts)

    def _begin(self, accept: bool) -> None:
        self._accept(accept)
        self.reason.setFocus()

    def _accept(self, accept: bool | None) -> None:
        self._accepting = accept
        self._what.setText({True: "Accept, because", False: "Discard, because", None: ""}[accept])

    def _settle(self) -> None:
        if self._accepting is None:
            self.tell("Leave this line by Escape and press A to accept or D to discard; then say why.")
            return
        if not self.reason.text().strip():
            self.tell("Say why: whoever disagreed will want to know.")
            return
        self.tell("")
        self.desk.resolve(self._accepting, self.reason.text().strip(), self._texts(), self.clips.clip_ns)
        self.reason.clear()
        self._leave()

    def _texts(self) -> Texts | None:
        now = self.desk.now
        return now.decisions[self._choice - 1].revised if now and self._choice else None

    def _play_rest(self) -> None:
        self.tell("" if self.clips.play_rest() else NOTHING_RESTS)

    def _leave(self) -> None:
        self._accept(None)
        self.setFocus()

    # building

    def _build(self) -> None:
        self._figures, self._where = label("", "muted"), label("", "heading")
        self._what, self._taken = label(""), label("", "muted")
        self._beside = QHBoxLayout()
        self._beside.setSpacing(GRID)
        beside = QWidget()
        beside.setLayout(self._beside)
        texts = QWidget()
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._where, self._card, beside, self._turns, self._evidence):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(texts)
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.clips, 1)
        layout.addWidget(scroll, 1)
        self._pages = QStackedWidget()
        empty = label(EMPTY, "heading", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(empty)
        self._pages.addWidget(whole)
        outer = QVBoxLayout()
        outer.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        self._apart = button("What they judged otherwise (L)", "annotate")
        self._apart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._apart.clicked.connect(self.desk.read_asked)
        for widget in (panel(self._figures, row(self._apart)), self._banner):
            outer.addWidget(widget)
        outer.addWidget(self._pages, 1)
        outer.addWidget(self._bottom())
        centre = QWidget()
        centre.setLayout(outer)
        self.setCentralWidget(centre)

    def _bottom(self) -> QWidget:
        buttons = []
        for name, accept in (("Accept (A)", True), ("Discard (D)", False)):
            made = Push(name)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.clicked.connect(partial(self._begin, accept))
            buttons.append(made)
        return panel(label(EXPLAINED, "muted", wrap=True), self._taken, row(*buttons, self._what, self.reason))

    def _actions(self) -> None:
        action(self, "Accept", "A", partial(self._begin, True))
        action(self, "Discard", "D", partial(self._begin, False))
        for number in range(MOST + 1):
            name = f"Take the texts of number {number}" if number else "Leave the texts as they stand"
            action(self, name, str(number), partial(self._choose, number))
        action(self, "The next one", ["Right", "PgDown"], partial(self.desk.go, 1))
        action(self, "The one before", ["Left", "PgUp"], partial(self.desk.go, -1))
        action(self, "Take back what I settled last", "Ctrl+Z", self.desk.take_back)
        action(self, "Pause, play", "Space", self.clips.player.toggle)
        action(self, "Play the next of what it rests on", "P", self._play_rest)
        action(self, "The question sets that people judged otherwise", "L", self.desk.read_asked)
        action(self, "Read anew", "F5", self.desk.begin)
        action(self, "Close", "Ctrl+Q", self.close)
        help_action(self)
        DigitActions(self)


def agreement_words(found: Agreement) -> str:
    """In figures; what isn't defined is said."""
    if not found.items:
        return "no question set was judged by two people yet"
    figures = [("raw agreement", found.raw), ("Fleiss' kappa", found.kappa), ("Gwet's AC1", found.ac1)]
    told = [f"{name} {'not defined' if value is None else f'{value:.3f}'}" for name, value in figures]
    return f"{', '.join(told)}; {counted(found.decisions, 'decision')} on {counted(found.items, 'question set')}"


def _decision(number: int, decision: Decision, name: str) -> QWidget:
    verdict = label(NAMES[decision.verdict])
    colour = colours().success if decision.passes else colours().danger
    verdict.setStyleSheet(f"color: {colour}; font-weight: 600;")
    parts = [label(f"{number}  {name}", "heading"), verdict]
    parts += [label("in doubt", "warning")] if decision.doubt else []
    parts += [label(f"“{decision.comment}”", wrap=True)] if decision.comment else []
    if decision.revised:
        new = decision.revised
        lines = [f"Q  {new.question}", f"A  {new.answer}", *(f"–  {text}" for text in new.distractors)]
        parts.append(label("\n".join(lines), "muted", wrap=True))
    rest = QWidget()
    rest.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
    return panel(*parts, rest)
