"""The consents of one person: each with its version and date."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QDateEdit, QGridLayout, QLineEdit, QWidget

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import label
from woz.model.people import Consent, ConsentKind
from woz.model.plan import consent_of, day_of, with_consent
from woz.privacy.consent import WORDS

LIMITS = {
    ConsentKind.PRIVACY: "not agreed",
    ConsentKind.RECORDING: "recording will ask first",
    ConsentKind.TRANSCRIPTION: "won't be transcribed",
    ConsentKind.RELEASE: "won't be released",
}


EARLY = "⚠ no end is kept: it must be later than the day"
NO_END = QDate(2000, 1, 1)
"""Stands in the field for none."""
USUAL_YEARS = 5
"""What an end is offered as."""


class Consents(QWidget):
    """Four lines: what, agreed or not, which version, when, and until when what was made by it is kept.

    Where somebody did not agree, what that bars stands in the place of the end.
    """

    changed = Signal()

    def __init__(self, now_utc_ns: int) -> None:
        super().__init__()
        self._now_utc_ns = now_utc_ns
        self._known: tuple[Consent, ...] = ()
        self._lines = {kind: _Line(kind, day_of(now_utc_ns)) for kind in ConsentKind}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        for at, line in enumerate(self._lines.values()):
            for column, widget in enumerate((line.agreed, line.version, line.day, line.until)):
                grid.addWidget(widget, 2 * at, column)
            grid.addWidget(line.limit, 2 * at, 3)
            grid.addWidget(line.early, 2 * at + 1, 1, 1, 3)
            line.agreed.toggled.connect(self.changed)
            line.show(None)
        grid.setColumnStretch(3, 1)
        steady(self)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in order."""
        return tuple(stop for line in self._lines.values() for stop in line.stops)

    def show_consents(self, consents: tuple[Consent, ...]) -> None:
        """Of each kind the newest."""
        self._known = consents
        newest = {consent.kind: consent for consent in sorted(consents, key=lambda c: c.given_utc_ns)}
        for kind, line in self._lines.items():
            line.show(newest.get(kind))

    @property
    def consents(self) -> tuple[Consent, ...]:
        """As they are entered; older versions of what is still agreed to are kept."""
        kept = tuple(c for c in self._known if self._lines[c.kind].agreed.isChecked())
        for line in self._lines.values():
            if line.agreed.isChecked():
                kept = self._with(kept, line.consent(self._now_utc_ns))
        return kept

    @staticmethod
    def _with(kept: tuple[Consent, ...], new: Consent) -> tuple[Consent, ...]:
        same = any(
            (c.kind, c.version, day_of(c.given_utc_ns), c.until_utc_ns)
            == (new.kind, new.version, day_of(new.given_utc_ns), new.until_utc_ns)
            for c in kept
        )
        return kept if same else with_consent(kept, new)


class _Until(QDateEdit):
    """Tab stops at it once, not at year, month and day. A step or a digit leads from no end to a usual one."""

    def __init__(self, begins: QDateEdit) -> None:
        super().__init__()
        self._begins = begins
        self.lineEdit().setTextMargins(GRID, 0, 0, 0)

    def stepBy(self, steps: int) -> None:
        if self.date() <= NO_END and steps > 0:
            self.setDate(self._begins.date().addYears(USUAL_YEARS))
        else:
            super().stepBy(steps)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.date() <= NO_END and event.text().isdigit():
            self.stepBy(1)
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return QWidget.focusNextPrevChild(self, forward)


class _Line:
    def __init__(self, kind: ConsentKind, today: str) -> None:
        self._kind, self._today = kind, today
        name = WORDS[kind].capitalize()
        self.agreed = QCheckBox(name)
        self.agreed.setAccessibleName(f"Consent to {WORDS[kind]}")
        self.version = QLineEdit("1")
        self.version.setFixedWidth(84)
        self.version.setPlaceholderText("version")
        self.version.setAccessibleName(f"{name}: version of the text")
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName(f"{name}: day of the consent")
        self.until = _Until(self.day)
        self.until.setDisplayFormat("'kept until' yyyy-MM-dd")
        self.until.setMinimumDate(NO_END)
        self.until.setSpecialValueText("no end")
        self.until.setAccessibleName(f"{name}: day until which what was made by it is kept")
        self.limit = label(f"⚠ missing: {LIMITS[kind]}", "warning")
        self.early = label(EARLY, "warning")
        self.agreed.toggled.connect(self._enable)
        for changed in (self.day.dateChanged, self.until.dateChanged):
            changed.connect(lambda _: self._judge())

    def show(self, consent: Consent | None) -> None:
        self.agreed.setChecked(consent is not None)
        self.version.setText(consent.version if consent else "1")
        day = date.fromisoformat(day_of(consent.given_utc_ns) if consent else self._today)
        self.day.setDate(QDate(day.year, day.month, day.day))
        ends = consent.until_utc_ns if consent else None
        until = NO_END if ends is None else QDate.fromString(day_of(ends), Qt.DateFormat.ISODate)
        self.until.setDate(until)
        self._enable(consent is not None)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        return self.agreed, self.version, self.day, self.until

    def consent(self, now_utc_ns: int) -> Consent:
        """Its end counts where it lies behind its beginning."""
        end = self.until.date()
        ends = end > NO_END and not self._ends_early
        ending = f"/{end.toString(Qt.DateFormat.ISODate)}" if ends else ""
        return consent_of(self._kind, f"{self.text}@{self.day_text}{ending}", now_utc_ns)

    @property
    def text(self) -> str:
        return self.version.text().replace("@", " ").strip() or "unversioned"

    @property
    def day_text(self) -> str:
        return self.day.date().toString("yyyy-MM-dd")

    def _enable(self, agreed: bool) -> None:
        for widget in (self.version, self.day, self.until):
            widget.setEnabled(agreed)
        self.until.setVisible(agreed)
        self.limit.setVisible(not agreed)
        self._judge()

    @property
    def _ends_early(self) -> bool:
        return self.agreed.isChecked() and NO_END < self.until.date() <= self.day.date()

    def _judge(self) -> None:
        self.early.setVisible(self._ends_early)
