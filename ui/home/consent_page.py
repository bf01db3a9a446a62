"""The consents of a session: who was in it, what they agreed to, or which published data set it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from storage import Project
from ui.application.background import waited
from ui.home.person_consents import PersonConsents
from ui.home.withdrawal_dialog import WithdrawalDialog
from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import Banner, button, label, panel, row
from ui.widgets.questions import sure
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.consenting import enter_attendance, enter_provenance, keep_entered
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Consent, Participant, Role
from woz.model.plan import is_pseudonym, no_pseudonym, person_of
from woz.privacy.consent import provenance_of, release_reason

Entered = tuple[PersonConsents, tuple[Consent, ...], bool]
"""Of one person: what they agreed to, and whether they have withdrawn, as it was entered."""


class ConsentDialog(QDialog):
    """Nothing is kept before "Keep" is pressed; then all is, and the dialog is accepted.

    `wanted` is the command of a withdrawal that somebody allowed here; empty where nobody did.
    """

    def __init__(
        self, project: Project, session_id: SessionId, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._project, self._clock = project, clock
        self._session = waited(lambda: project.sessions.get(session_id))
        self._known = waited(project.participants.all)
        """The participants of the project, as they were when the dialog was opened."""
        self._people: list[PersonConsents] = []
        self.wanted: Sequence[str] = ()
        self.setWindowTitle("Consents")
        self.resize(720, 620)
        self._banner = Banner()
        self._list = QVBoxLayout()
        self._list.setSpacing(GRID * 2)
        self._build()

    def _build(self) -> None:
        reason = release_reason(self._session, map(self._person, self._session.participants))
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, GRID, 0)
        inside.setSpacing(GRID * 2)
        inside.addLayout(self._list)
        self._show_known()
        inside.addWidget(self._adding())
        inside.addWidget(self._data_set())
        inside.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(f"Consents of {self._session.title}", "title"))
        layout.addWidget(label(f"⚠ {reason}" if reason else "✓ This session may be released.", "muted", wrap=True))
        layout.addWidget(self._banner)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._leaving())
        steady(self)

    def _adding(self) -> QWidget:
        self._pseudonym = QComboBox()
        self._pseudonym.setEditable(True)
        self._pseudonym.setAccessibleName("Pseudonym of somebody who was in the session")
        self._pseudonym.addItems([p.pseudonym for p in self._known if p.id not in self._session.participants])
        self._pseudonym.setCurrentText("")
        self._role = QComboBox()
        self._role.addItems([str(role) for role in Role])
        self._role.setAccessibleName("Who they were in the session")
        adding = QPushButton("Put on record")
        adding.setAutoDefault(False)
        adding.clicked.connect(self.put_on_record)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self._pseudonym, 1)
        line.addWidget(self._role)
        line.addWidget(adding)
        holder = QWidget()
        line.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(line)
        return panel(label("Somebody else was in it", "heading"), holder)

    def _data_set(self) -> QWidget:
        known = self._session.provenance
        self._source, self._licence = (
            QLineEdit(known.source if known else ""),
            QLineEdit(known.licence if known else ""),
        )
        for field, name, hint in (
            (self._source, "Name of the published data set", "name of the data set"),
            (self._licence, "Licence of the data set", "licence, CC-BY-4.0 for example"),
        ):
            field.setAccessibleName(name)
            field.setPlaceholderText(hint)
        more = label("Its name and licence stand in the place of consents.", "muted", wrap=True)
        return panel(label("Of a published data set", "heading"), more, row(self._source, self._licence))

    def _leaving(self) -> QWidget:
        keeping, leaving = button("Keep", "check", "primary"), QPushButton("Cancel")
        keeping.clicked.connect(self.keep)
        keeping.setDefault(True)
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        return row(leaving, keeping)

    def _show_known(self) -> None:
        roles = {each.participant_id: each.role for each in self._session.attendance}
        for known in self._session.participants:
            person = self._person(known)
            self._add(PersonConsents(person, roles.get(known, person.role), self._clock.utc_ns()))
        self._list.addWidget(nobody := label("Nobody is on record for this session.", "muted"))
        nobody.setVisible(not self._people)
        self._nobody = nobody

    def _add(self, shown: PersonConsents) -> None:
        self._people.append(shown)
        shown.leaving.connect(lambda: self.withdraw(shown.person.pseudonym))
        self._list.insertWidget(len(self._people) - 1, shown)

    def put_on_record(self) -> None:
        """Show somebody, new or known, among those who were in the session; kept with the rest."""
        name = self._pseudonym.currentText().strip()
        if not is_pseudonym(name):
            self._banner.tell(no_pseudonym(name) if name else "Write the pseudonym of who was in the session.")
            return
        if name in {shown.person.pseudonym for shown in self._people}:
            self._banner.tell(f"{name} is on record for this session already.")
            return
        role, now = Role(self._role.currentText()), self._clock.utc_ns()
        person = person_of(role, name, self._known, now).participant
        self._nobody.hide()
        self._pseudonym.setCurrentText("")
        self._banner.tell("")
        self._go_to(PersonConsents(person, role, now, new=True))

    def _go_to(self, new: PersonConsents) -> None:
        """Show somebody who was put on record last of the people, by Tab, too, and go there."""
        last = _stop_before(self._pseudonym)
        self._add(new)
        for before, after in pairwise((last, *new.stops)):
            self.setTabOrder(before, after)
        new.stops[0].setFocus()
        QTimer.singleShot(0, new, lambda: self._scroll.ensureWidgetVisible(new))

    def withdraw(self, pseudonym: str) -> None:
        """Show what would go of somebody; where it is allowed, this dialog ends with `wanted`, the command for it.

        What was entered here and not kept is left out.
        """
        try:
            asked = WithdrawalDialog(self._project, pseudonym, self)
        except WozError as error:
            self._banner.tell(str(error))
            return
        if asked.exec():
            self.wanted = asked.arguments
            self.reject()
        asked.deleteLater()

    def keep(self) -> None:
        """Keep all that was entered; a new withdrawal is asked about first."""
        going = [p.person.pseudonym for p in self._people if p.withdrawn and not p.person.withdrawn]
        if going and not sure(
            self,
            f"Enter that {', '.join(going)} withdrew from the study?",
            "Enter the withdrawal",
            "Go back",
            "No session that they were in may be recorded, transcribed or exported from now on.",
        ):
            return
        source, licence = self._source.text(), self._licence.text()
        entered = [(shown, shown.consents, shown.withdrawn) for shown in self._people]
        try:
            waited(lambda: self._keep(source, licence, entered))
        except WozError as error:
            self._banner.tell(str(error))
            return
        self.accept()

    def _keep(self, source: str, licence: str, entered: Sequence[Entered]) -> None:
        """All or nothing. In a thread: what widgets say was read before."""
        with self._project.at_once():
            if provenance_of(source, licence) != self._session.provenance:
                enter_provenance(self._project, self._session.id, source, licence)
            for shown, consents, withdrawn in entered:
                keep_entered(self._project, self._attending(shown), consents, withdrawn)

    def _attending(self, shown: PersonConsents) -> Participant:
        """Somebody new is put on record of the session first."""
        if not shown.new:
            return shown.person
        entry, now = shown.person.pseudonym, self._clock.utc_ns()
        enter_attendance(self._project, self._session.id, entry, shown.role, now)
        known = person_of(shown.role, entry, self._project.participants.all(), now).participant
        return replace(shown.person, id=known.id)

    def _person(self, participant_id: ParticipantId) -> Participant:
        return next(person for person in self._known if person.id == participant_id)


def _stop_before(widget: QWidget) -> QWidget:
    """Where Tab stops before it."""
    before = widget.previousInFocusChain()
    while before and before is not widget and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
        before = before.previousInFocusChain()
    return before or widget
