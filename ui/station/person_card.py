"""One person of the form: who they are, what they know, what they agreed to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from ui.station.languages import language_tag
from ui.theme import GRID
from ui.widgets.consents import Consents
from ui.widgets.entering import steady
from ui.widgets.parts import label, panel, row
from woz.model.ids import ParticipantId, new_id
from woz.model.people import Attendance, Experience, Participant, Role
from woz.model.plan import MOST_SKILL, Person

ROLE_WORDS = {Role.TRAINEE: "Trainee", Role.EXPERT: "Expert", Role.OTHER: "Other"}
EXPERIENCE_WORDS = {None: "not asked", Experience.NONE: "never", Experience.SOME: "some", Experience.OFTEN: "often"}
NAMELESS = {Role.TRAINEE: "the trainee", Role.EXPERT: "the expert", Role.OTHER: "the other person"}
NOT_ASKED = -1


class PersonCard(QWidget):
    """Empty where no pseudonym is entered. Choosing a known pseudonym brings what is known of them."""

    changed = Signal()

    def __init__(self, role: Role, known: Sequence[Participant], now_utc_ns: int) -> None:
        super().__init__()
        self._known = {person.pseudonym: person for person in known}
        self._id = ParticipantId(new_id())
        self._recalled = False
        self._pseudonym = QComboBox()
        self._pseudonym.setEditable(True)
        self._pseudonym.addItems(["", *self._known])
        self._role = _choice(ROLE_WORDS, role)
        self._experience = _choice(EXPERIENCE_WORDS, None)
        self._times, self._skill = _number(100_000), _number(MOST_SKILL)
        self._languages = QLineEdit()
        self._languages.setPlaceholderText("en, de-CH")
        self._languages.editingFinished.connect(self._show_tags)
        self._consents = Consents(now_utc_ns)
        self._build()
        steady(self)
        self._pseudonym.currentTextChanged.connect(self._recall)
        for signal in (
            self._role.currentIndexChanged,
            self._experience.currentIndexChanged,
            self._times.valueChanged,
            self._skill.valueChanged,
            self._languages.textChanged,
            self._consents.changed,
        ):
            signal.connect(lambda *_: self.changed.emit())

    def fill(self, person: Person) -> None:
        """Show what is known of a person and of their part in this session."""
        self._known.setdefault(person.participant.pseudonym, person.participant)
        self._pseudonym.setCurrentText(person.participant.pseudonym)
        self._show_participant(person.participant)
        attendance = person.attendance
        self._role.setCurrentIndex(self._role.findData(attendance.role))
        self._experience.setCurrentIndex(self._experience.findData(attendance.experience))
        self._times.setValue(NOT_ASKED if attendance.times is None else attendance.times)
        self._skill.setValue(NOT_ASKED if attendance.skill is None else attendance.skill)

    def begin(self) -> None:
        """Go to the pseudonym, so that typing replaces it."""
        self._pseudonym.setFocus()
        if text := self._pseudonym.lineEdit():
            text.selectAll()

    @property
    def last(self) -> QWidget:
        """Where Tab leaves the card."""
        return self._consents.stops[-1]

    @property
    def person(self) -> Person | None:
        """What is entered; None without a pseudonym."""
        pseudonym = self._pseudonym.currentText().strip()
        if not pseudonym:
            return None
        known = self._known.get(pseudonym)
        role = Role(self._role.currentData())
        participant = Participant(
            known.id if known else self._id,
            pseudonym,
            known.role if known else role,
            self._consents.consents,
            known.withdrawn if known else False,
            self._tags,
        )
        found = self._experience.currentData()
        experience = Experience(found) if found else None
        attendance = Attendance(participant.id, role, experience, _asked(self._times), _asked(self._skill))
        return Person(participant, attendance, known)

    @property
    def nameless(self) -> str:
        """Who they are of whom something is entered, but no pseudonym; empty where nothing is."""
        if self._pseudonym.currentText().strip():
            return ""
        known = self._experience.currentData() or self._languages.text().strip() or self._consents.consents
        numbered = any(_asked(number) is not None for number in (self._times, self._skill))
        return NAMELESS[Role(self._role.currentData())] if known or numbered else ""

    @property
    def _tags(self) -> tuple[str, ...]:
        return tuple(language_tag(tag) for tag in self._languages.text().split(",") if tag.strip())

    def _show_tags(self) -> None:
        """As they are kept."""
        self._languages.setText(", ".join(self._tags))

    def _recall(self, pseudonym: str) -> None:
        known = self._known.get(pseudonym.strip())
        if known:
            self._show_participant(known)
        elif self._recalled:
            self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        """What was recalled of one person does not hold for another."""
        self._languages.clear()
        self._consents.show_consents(())
        self._experience.setCurrentIndex(self._experience.findData(None))
        for number in (self._times, self._skill):
            number.setValue(NOT_ASKED)
        self._recalled = False

    def _show_participant(self, participant: Participant) -> None:
        self._languages.setText(", ".join(participant.languages))
        self._consents.show_consents(participant.consents)
        self._recalled = True

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        fields: list[tuple[str, QWidget, str]] = [
            ("&Pseudonym", self._pseudonym, "Pseudonym"),
            ("Role", self._role, "Role"),
            ("Did this before", self._experience, "Experience with this procedure"),
            ("Times", self._times, "How many times before"),
            ("Own rating, 0–10", self._skill, "Self-rated skill, 0 to 10"),
            ("Languages", self._languages, "Languages, as tags with commas between"),
        ]
        for at, (text, widget, name) in enumerate(fields):
            line, column = divmod(at, 2)
            named = label(text.replace("&", ""), "muted")
            named.setBuddy(widget)
            widget.setAccessibleName(name)
            grid.addWidget(named, line, column * 2)
            grid.addWidget(widget, line, column * 2 + 1)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        fields_holder = QWidget()
        fields_holder.setLayout(grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(fields_holder, row(label("Agreed to", "heading")), self._consents))


def _choice(words: dict[Role, str] | dict[Experience | None, str], chosen: Role | Experience | None) -> QComboBox:
    made = QComboBox()
    for value, text in words.items():
        made.addItem(text, value)
    made.setCurrentIndex(made.findData(chosen))
    return made


def _number(most: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(NOT_ASKED, most)
    made.setSpecialValueText("not asked")
    made.setValue(NOT_ASKED)
    return made


def _asked(number: QSpinBox) -> int | None:
    return None if number.value() == NOT_ASKED else number.value()
