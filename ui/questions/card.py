"""A question set as it is read and written: question, answer, wrong answers, English."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.questions.text_field import TextField
from ui.questions.words import kind_words, provenance
from ui.theme import GRID, colours
from ui.widgets.parts import label, panel
from woz.dataset.review.texts import texts_of
from woz.model.question import English, Question, Wording
from woz.model.review import Texts

SPARE = 4
"""While one writes, there are fields for so many wrong answers."""


@dataclass(slots=True)
class _Line:
    name: QLabel
    field: TextField
    from_: QLabel


class QuestionCard(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None
        self.writing = False
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)
        self._kind = label("", "muted")
        holder = QWidget()
        holder.setLayout(self._grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(self._kind, holder))
        self._lines: list[_Line] = []

    def show_question(self, question: Question | None, writing: bool = False, draft: Texts | None = None) -> None:
        """`draft` stands in the place of the texts, where somebody has begun to write others."""
        self._question, self.writing = question, writing
        self._kind.setText(kind_words(question) if question else "")
        rows = _rows(question, draft or texts_of(question), writing) if question else []
        while len(self._lines) < len(rows):
            self._lines.append(self._line(len(self._lines)))
        for i, line in enumerate(self._lines):
            name, text, wording = rows[i] if i < len(rows) else ("", "", None)
            for widget in (line.name, line.field, line.from_):
                widget.setVisible(i < len(rows))
            line.name.setText(name)
            line.name.setStyleSheet(f"color: {colours().success};" if name == "Answer" else "")
            line.field.setAccessibleName(name)
            if line.field.toPlainText() != text:
                line.field.setPlainText(text)
            line.field.set_writing(writing)
            line.from_.setText(provenance(wording) if wording else "")

    @property
    def texts(self) -> Texts:
        """As they are written now."""
        found = {line.name.text(): line.field.toPlainText() for line in self._lines if not line.field.isHidden()}
        wrong = tuple(text for name, text in found.items() if name.startswith("Wrong"))
        english = found.get("Question in English", ""), found.get("Answer in English", "")
        return Texts(found.get("Question", ""), found.get("Answer", ""), wrong, *english)

    def begin_typing(self) -> None:
        self._lines[0].field.setFocus()
        self._lines[0].field.selectAll()

    def _line(self, row: int) -> _Line:
        made = _Line(label("", "muted"), TextField(""), label("", "muted"))
        for column, widget in enumerate((made.name, made.field, made.from_)):
            self._grid.addWidget(
                widget, row, column, Qt.AlignmentFlag.AlignTop if column != 1 else Qt.AlignmentFlag(0)
            )
        return made


def _rows(question: Question, texts: Texts, writing: bool) -> list[tuple[str, str, Wording | None]]:
    """Each text's name, itself, and where it is from."""
    by_text = {each.text: each.wording for each in question.distractors}
    rows: list[tuple[str, str, Wording | None]] = [("Question", texts.question, question.wording)]
    english = question.english or English("", "")
    beside = "" if not question.english else "checked" if english.checked else "not checked yet"
    said = Wording(beside) if beside else None
    if question.english:
        rows.append(("Question in English", texts.english_question, said))
    rows.append(("Answer", texts.answer, question.answer_wording))
    if question.english:
        rows.append(("Answer in English", texts.english_answer, said))
    wrong = list(texts.distractors)
    wrong += [""] * (SPARE - len(wrong)) if writing else []
    return rows + [(f"Wrong {i}", text, by_text.get(text)) for i, text in enumerate(wrong, 1)]
