"""A question set as it is read and written: question, answer, wrong answers, English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.questions.text_field import TextField
from ui.questions.words import kind_words, provenance
from ui.theme import GRID, colours
from ui.widgets.parts import label, panel
from woz.dataset.review.texts import TAKEN, texts_of
from woz.model.question import AS_SAID, Question
from woz.model.review import WRONG_ANSWERS, Texts

IN_ENGLISH = " in English"


class Writing(Enum):
    """What can be written in."""

    NOTHING = "nothing"
    TEXTS = "all texts"
    ENGLISH = "the English texts"


class _Row(NamedTuple):
    name: str
    text: str
    from_: str

    def written(self, writing: Writing) -> bool:
        return writing == Writing.TEXTS or (writing == Writing.ENGLISH and self.name.endswith(IN_ENGLISH))


@dataclass(slots=True)
class _Line:
    name: QLabel
    field: TextField
    from_: QLabel


class QuestionCard(QWidget):
    def __init__(self, wrong_answers: int = WRONG_ANSWERS) -> None:
        """While one writes, there are fields for so many wrong answers."""
        super().__init__()
        self._fields = wrong_answers
        self._question: Question | None = None
        self.writing = Writing.NOTHING
        self._taken: dict[str, str] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID)
        for column, share in ((1, 3), (2, 1)):
            self._grid.setColumnStretch(column, share)
        self._kind = label("", "muted")
        holder = QWidget()
        holder.setLayout(self._grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(self._kind, holder))
        self._lines: list[_Line] = []

    def show_question(
        self, question: Question | None, writing: Writing = Writing.NOTHING, draft: Texts | None = None
    ) -> None:
        """`draft` stands in the place of the texts, where somebody has begun to write others."""
        self._question, self.writing = question, writing
        self._taken = dict(draft.taken) if draft else {}
        self._kind.setText(kind_words(question) if question else "")
        rows = _rows(question, draft or texts_of(question), writing, self._fields) if question else []
        while len(self._lines) < len(rows):
            self._lines.append(self._line(len(self._lines)))
        for i, line in enumerate(self._lines):
            row = rows[i] if i < len(rows) else _Row("", "", "")
            for widget in (line.name, line.field, line.from_):
                widget.setVisible(i < len(rows))
            line.name.setText(row.name)
            line.name.setStyleSheet(f"color: {colours().success};" if row.name == "Answer" else "")
            line.field.setAccessibleName(row.name)
            if line.field.toPlainText() != row.text:
                line.field.setPlainText(row.text)
            line.field.set_writing(row.written(writing))
            for beside in (line.name, line.from_):
                beside.setContentsMargins(0, line.field.top, 0, 0)
            line.from_.setText(row.from_)

    @property
    def texts(self) -> Texts:
        """As they are written now."""
        found = {line.name.text(): line.field.toPlainText() for line in self._lines if not line.field.isHidden()}
        wrong = [name for name in found if name.startswith("Wrong") and not name.endswith(IN_ENGLISH)]
        taken = tuple((text, well) for text, well in self._taken.items() if text in {found[name] for name in wrong})
        return Texts(
            found.get("Question", ""),
            found.get("Answer", ""),
            tuple(found[name] for name in wrong),
            found.get(f"Question{IN_ENGLISH}", ""),
            found.get(f"Answer{IN_ENGLISH}", ""),
            tuple(found.get(f"{name}{IN_ENGLISH}", "") for name in wrong),
            taken,
        )

    def take(self, text: str, well: str) -> bool:
        """Put a suggestion into the first empty field of a wrong answer; whether there was one."""
        for line in self._lines:
            name = line.name.text()
            wrong = name.startswith("Wrong") and not name.endswith(IN_ENGLISH) and not line.field.isHidden()
            if wrong and not line.field.isReadOnly() and not line.field.toPlainText().strip():
                line.field.setPlainText(text)
                line.from_.setText(f"{TAKEN}{well}")
                self._taken[text] = well
                return True
        return False

    def begin_typing(self) -> None:
        first = next((line for line in self._lines if not (line.field.isReadOnly() or line.field.isHidden())), None)
        if first:
            first.field.setFocus()
            first.field.selectAll()

    def _line(self, row: int) -> _Line:
        made = _Line(label("", "muted"), TextField(""), label("", "muted", wrap=True))
        for column, widget in enumerate((made.name, made.field, made.from_)):
            self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        return made


def _rows(question: Question, texts: Texts, writing: Writing, fields: int) -> list[_Row]:
    """Each text's name, itself, and where it is from; its English under it where there is some, or is to be."""
    by_text, taken = {each.text: each.wording for each in question.distractors}, dict(texts.taken)
    wanted = writing == Writing.ENGLISH or (question.foreign and writing == Writing.TEXTS)
    english = question.english is not None or wanted
    beside = _english_words(question)
    wrong = list(texts.distractors)
    wrong += [""] * (fields - len(wrong)) if writing == Writing.TEXTS else []
    named = [
        ("Question", texts.question, texts.english_question, provenance(question.wording)),
        ("Answer", texts.answer, texts.english_answer, provenance(question.answer_wording)),
    ]
    wrong_english = (*texts.english_distractors, *[""] * len(wrong))
    for i, (text, of_text) in enumerate(zip(wrong, wrong_english, strict=False), 1):
        origin = f"{TAKEN}{taken[text]}" if text in taken else provenance(by_text.get(text, AS_SAID))
        named.append((f"Wrong {i}", text, of_text, origin))
    rows = list[_Row]()
    for name, text, of_text, origin in named:
        rows.append(_Row(name, text, origin))
        if english:
            rows.append(_Row(f"{name}{IN_ENGLISH}", of_text, beside if of_text else ""))
    return rows


def _english_words(question: Question) -> str:
    """Who put it in English, and whether a person has compared it."""
    if question.english is None:
        return ""
    by = provenance(question.english.wording)
    checked = "checked" if question.english.checked else "not checked yet"
    return f"{by}, {checked}" if by else checked
