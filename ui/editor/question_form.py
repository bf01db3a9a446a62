"""A question set written by hand, from the moment that the editor shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from ui.editor.keys import Keys, Place
from ui.editor.question_evidence import EvidenceList, Offered, offered, steps_of
from ui.theme import GRID
from ui.widgets.parts import Banner, button, clock_text, label, row
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.dataset.distractors.option_checks import option_problems
from woz.dataset.questions.proposing import CLIP_NS
from woz.dataset.questions.types import question_types, type_of
from woz.dataset.review.writing import Moment, written_question
from woz.model.ids import AnnotationId
from woz.model.question import Question
from woz.model.review import WRONG_ANSWERS, Texts

BY_WORDS = "by its words"
Keep = Callable[[Texts, str | None, Sequence[AnnotationId | None]], object]
"""Of the texts, the type, and what it rests on: segments by their ids, and None for the frame."""


class QuestionForm(QDialog):
    """Asks for texts, type and what it rests on. `keep` makes the question set of them, or raises WozError; there
    are fields for so many wrong answers.
    """

    def __init__(
        self,
        parent: QWidget,
        at_ns: int,
        keep: Keep,
        rests: Sequence[Offered] = (),
        wrong_answers: int = WRONG_ANSWERS,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New question set")
        self._keep = keep
        self.question, self.answer = QLineEdit(), QLineEdit()
        self.wrong = [QLineEdit() for _ in range(wrong_answers)]
        self.type, self.trouble, self.rests = QComboBox(), Banner(), EvidenceList(rests)
        self.hint = label("", "muted", wrap=True)
        self._build(at_ns)
        self.question.setFocus()

    def _build(self, at_ns: int) -> None:
        form = QFormLayout()
        named = {"Question": self.question, "Answer": self.answer}
        named |= {f"Wrong answer {n}": field for n, field in enumerate(self.wrong, 1)}
        for name, field in named.items():
            field.setAccessibleName(name)
            field.textChanged.connect(self._check)
            form.addRow(name, field)
        self.type.setAccessibleName("Type")
        self.type.addItem(BY_WORDS, None)
        for each in question_types():
            self.type.addItem(each, each)
        form.addRow("Type", self.type)
        form.addRow("Rests on", self.rests)
        leave, self.keep = button("Cancel", "stop"), button("Keep", "check", "primary")
        leave.clicked.connect(self.reject)
        self.keep.clicked.connect(self.accept)
        about = (
            f"Asked at {clock_text(at_ns)}; its clip is the {CLIP_NS // 10**9} s before. Nothing later is shown."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("A question set from here", "title"))
        layout.addWidget(label(about, "muted", wrap=True))
        layout.addLayout(form)
        for widget in (self.hint, self.trouble, row(leave, self.keep)):
            layout.addWidget(widget)
        self.setMinimumWidth(560)
        self.keep.setDefault(True)

    @property
    def texts(self) -> Texts:
        return Texts(self.question.text(), self.answer.text(), tuple(field.text() for field in self.wrong))

    def accept(self) -> None:
        """Keep it; where that can't be, say why, and nothing that was written is lost."""
        try:
            self._keep(self.texts, self.type.currentData(), self.rests.taken)
        except WozError as error:
            self.trouble.tell(str(error))
        else:
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)

    def _check(self) -> None:
        """What a gate would hold against the options, while one writes."""
        self.trouble.tell("")
        wrong = [text for text in map(str.strip, self.texts.distractors) if text]
        answer = self.texts.answer.strip()
        self.hint.setText(" ".join(option_problems(answer, wrong)) if answer and wrong else "")


class QuestionWriting(QObject):
    """`here` is the session time that is shown, `language` that of the transcript, `wrong_answers` how many each
    question set is to have.

    `said` tells what came of it.
    """

    said = Signal(str)

    def __init__(
        self,
        document: Document,
        here: Callable[[], int],
        language: Callable[[], str],
        duration_ns: int,
        window: QWidget,
        wrong_answers: int = WRONG_ANSWERS,
    ) -> None:
        super().__init__(window)
        self._wrong_answers = wrong_answers
        self._document, self._here, self._language, self._window = document, here, language, window
        self._duration_ns = duration_ns

    def add_keys(self, keys: Keys) -> None:
        keys.add("Write a question set from here", ["Shift+Q", "?"], self.write, Place.TIME_LINE)

    def write(self) -> None:
        at_ns = self._here()

        def keep(texts: Texts, type_: str | None, taken: Sequence[AnnotationId | None]) -> None:
            rests, frame = tuple(each for each in taken if each is not None), None in taken
            known = self._document.session_id, at_ns, self._duration_ns, steps_of(self._document)
            moment = Moment(*known, self._language(), rests, frame)
            made = written_question(moment, texts, type_ or type_of(texts.question), self._document.made())
            self._document.apply(Edit("Write a question", (), (made,)))
            self.said.emit(_kept(made))

        rests = offered(self._document, at_ns, CLIP_NS)
        form = QuestionForm(self._window, at_ns, keep, rests, self._wrong_answers)
        form.exec()
        form.deleteLater()


def _kept(question: Question) -> str:
    fewer = "" if question.distractors else " It has no wrong answer yet; woz questions propose looks for some."
    at = clock_text(question.at_ns)
    return f"The question set at {at} is kept; people judge it in the window of questions.{fewer}"
