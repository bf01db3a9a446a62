"""Asks what is compared, or decided, before the window of agreement or of adjudication opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QDoubleSpinBox, QFormLayout, QVBoxLayout, QWidget

from ui.home.coder_list import CoderList
from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import button, label, row
from woz.annotation.tier_states import KEEPERS
from woz.base.interval import seconds
from woz.lab.adjudicating import TOLERANCE_NS
from woz.lab.coders import GOLD, with_ids
from woz.lab.comparable import Comparable, comparable_to
from woz.model.annotator import Annotator, AnnotatorRole, BlindScope
from woz.model.ids import AnnotatorId, SessionId

ALL_SESSIONS, ALL_PAIRS = "All that two annotated", "Each with each"
BY_NAME = "Choose them"
TWO = "Choose two or more in the list: Space takes one, or leaves it out."
NONE_TWICE = "No two annotators have a tier of one type in a session; woz assign gives a second one."
BLIND = "{who} is blind to others' work wherever two have annotated the same, and sees no agreement on it."
NOBODY = "Nobody may: Work (Ctrl+Shift+W) gives it to somebody, as their adjudicator."
OF_ANOTHER = "{who} has the gold; Work (Ctrl+Shift+W) gives it to a second adjudicator."


class _Asking(QDialog):
    """A session, a tier type, and who sits at it; what can't be says why. Accepted with `arguments` of `woz`."""

    def __init__(self, title: str, text: str, people: Sequence[Annotator], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(560, 0)
        grow_with_words(self)
        self._names = {str(each.id): each.pseudonym for each in people}
        self._here = [each for each in people if not each.retired]
        self._form = QFormLayout()
        self._form.setSpacing(GRID)
        self._person = QComboBox()
        self._said = label("", "muted", wrap=True)
        self._go = button("Open", "forward", "primary")
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(title, "title"))
        layout.addWidget(label(text, "muted", wrap=True))
        layout.addLayout(self._form)

    @property
    def person(self) -> str:
        """By pseudonym."""
        return self._person.currentText()

    def _box(self, name: str, said: str = "") -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(said or name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(24)
        self._form.addRow(name, made)
        return made

    def _end(self) -> None:
        """Below the fields, so that Tab reaches the fields first."""
        leave = button("Cancel", "stop")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self._go.setDefault(True)
        self._go.clicked.connect(self.accept)
        self._layout.addWidget(self._said)
        self._layout.addWidget(row(leave, self._go))

    def _pseudonyms(self, ids: Iterable[str]) -> list[str]:
        return sorted(self._names.get(each, "somebody") for each in ids)

    def _tell(self, fault: str) -> None:
        self._said.setText(fault)
        self._said.setVisible(bool(fault))
        self._go.setEnabled(not fault)


class AgreementDialog(_Asking):
    def __init__(
        self,
        found: Sequence[Comparable],
        people: Sequence[Annotator],
        chosen: SessionId | None = None,
        last: str = "",
        parent: QWidget | None = None,
        login: Annotator | None = None,
        scopes: Sequence[BlindScope] = (),
    ) -> None:
        """`chosen` and `last`: a session and a pseudonym that are proposed; `login`, who logs in on a server; what
        the `scopes` hide from whom it is shown to, or from the login, isn't offered.
        """
        super().__init__(
            "Agreement of annotators", "How far they agree, and every place where they don't.", people, parent
        )
        self._found, self._scopes, self._login = found, scopes, login
        self._seen: list[Comparable] = []
        self._in_part: set[str] = set()
        """Tier types of which something is hidden from the login, and not from whom it is shown to."""
        self._blind = ""
        self._type, self._session = self._box("Tier type"), self._box("Session")
        self._pair = self._box("Annotators", "Which annotators are compared")
        self._coders = CoderList()
        self._form.addRow("", self._coders)
        self._person = self._box("Shown to", "Shown to whom: what they are blind to isn't")
        here = [login] if login and not KEEPERS & set(login.roles) else self._here
        self._person.addItems([each.pseudonym for each in here])
        self._person.setCurrentText(login.pseudonym if login else last)
        self._type.currentIndexChanged.connect(lambda _: self._show_sessions(""))
        self._session.currentIndexChanged.connect(lambda _: self._show_pairs())
        self._pair.currentIndexChanged.connect(lambda _: self._show_coders())
        self._coders.changed.connect(self._judge)
        self._person.currentIndexChanged.connect(lambda _: self._show_types(self._at))
        self._end()
        self._show_types(str(chosen or ""))

    def arguments(self, project: str) -> list[str]:
        given = ["agree", project, "--window", "--tier-type", self._type.currentText(), "--as", self.person]
        if self._at:
            given += ["--session", self._at]
        if named := self._coders.chosen if self._by_name else self._pair.currentData():
            given += ["--annotators", *named]
        return given

    @property
    def _by_name(self) -> bool:
        return self._pair.currentText() == BY_NAME

    @property
    def _at(self) -> str:
        """The chosen session's id; empty for all."""
        return str(self._session.currentData() or "")

    def _show_types(self, chosen: str) -> None:
        """Of what the person sees, and who logs in; what was chosen stays so where it is there."""
        whose = next((each.id for each in self._here if each.pseudonym == self.person), AnnotatorId(""))
        own = self._login
        shown = comparable_to(self._found, whose, self._scopes)
        self._seen = seen = comparable_to(shown, own.id, self._scopes) if own else shown
        self._in_part = {each.tier_type for each in set(shown) - set(seen)}
        self._blind = own.pseudonym if own and shown else self.person
        was = self._type.currentText()
        types = sorted({each.tier_type for each in seen})
        of_chosen = [each.tier_type for each in seen if each.session_id == chosen]
        self._type.blockSignals(True)
        self._type.clear()
        self._type.addItems(types)
        self._type.setCurrentText(was if was in types else of_chosen[0] if of_chosen else "")
        self._type.blockSignals(False)
        self._show_sessions(chosen)

    def _show_sessions(self, chosen: str) -> None:
        self._session.blockSignals(True)
        self._session.clear()
        if self._type.currentText() not in self._in_part:
            self._session.addItem(ALL_SESSIONS, "")
        for each in self._of_type:
            self._session.addItem(f"{each.title}  ({each.session_id})", str(each.session_id))
        self._session.setCurrentIndex(max(0, self._session.findData(chosen)))
        self._session.blockSignals(False)
        self._show_pairs()

    def _show_pairs(self) -> None:
        was, chosen = self._pair.currentText(), self._chosen
        self._pair.blockSignals(True)
        self._pair.clear()
        if any(len(each.coders) > 1 for each in chosen):
            self._pair.addItem(ALL_PAIRS, ())
        for pair in sorted({pair for each in chosen for pair in self._pairs(each)}):
            self._pair.addItem(" and ".join(pair), pair)
        if chosen:
            self._pair.addItem(BY_NAME)
        self._pair.setCurrentIndex(max(0, self._pair.findText(was)))
        self._pair.blockSignals(False)
        self._show_coders()

    def _show_coders(self) -> None:
        """Tiers one by one where a session is chosen: each is of one alone."""
        chosen = self._chosen
        people = self._pseudonyms({coder for each in chosen for coder in each.coders})
        names = {name: name for name in people}
        names |= {GOLD: GOLD} if any(each.adjudicators for each in chosen) else {}
        names |= {machine: machine for each in chosen for machine in each.machines}
        tiers = [tier for each in chosen for tier in each.single] if self._at else []
        names |= with_ids({tier: self._names.get(maker, maker) for tier, maker in tiers})
        self._coders.offer(names)
        self._coders.setVisible(self._by_name)
        self.adjustSize()

    @property
    def _chosen(self) -> list[Comparable]:
        """Of the chosen type, in the chosen session, or in all."""
        return [each for each in self._of_type if self._at in ("", str(each.session_id))]

    @property
    def _of_type(self) -> list[Comparable]:
        return [each for each in self._seen if each.tier_type == self._type.currentText()]

    def _pairs(self, of: Comparable) -> list[tuple[str, str]]:
        """The gold stands first: drift is told of the second."""
        names = self._pseudonyms(of.coders)
        pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
        return pairs + [(GOLD, name) for name in names if of.adjudicators]

    def _judge(self) -> None:
        none = BLIND.format(who=self._blind) if self._found else NONE_TWICE
        few = TWO if self._by_name and len(self._coders.chosen) < 2 else ""
        self._tell(few if self._pair.count() else none)


class AdjudicationDialog(_Asking):
    def __init__(
        self,
        found: Sequence[Comparable],
        people: Sequence[Annotator],
        chosen: SessionId | None = None,
        last: str = "",
        parent: QWidget | None = None,
        login: Annotator | None = None,
    ) -> None:
        """`chosen` and `last`: a session and a pseudonym that are proposed; `login`, who logs in on a server."""
        super().__init__(
            "Adjudicate", "Decide by key where they differ; what they made stays as it is.", people, parent
        )
        self._found, self._last = [each for each in found if each.sides > 1], last
        self._here = [login] if login else self._here
        self._what = self._box("Session", "Session and tier type")
        self._person = self._box("Adjudicator", "Who adjudicates")
        self._tolerance = QDoubleSpinBox()
        self._tolerance.setAccessibleName("How near boundaries agree, in seconds")
        self._tolerance.setRange(0, 60)
        self._tolerance.setSingleStep(0.1)
        self._tolerance.setSuffix(" s")
        self._tolerance.setValue(seconds(TOLERANCE_NS))
        self._form.addRow("Boundaries this near agree", self._tolerance)
        for each in self._found:
            self._what.addItem(f"{each.title}, {each.tier_type}  ({each.session_id})")
        first = [at for at, each in enumerate(self._found) if each.session_id == chosen]
        ready = [at for at, each in enumerate(self._found) if each.decidable]
        self._what.setCurrentIndex(next(iter([at for at in first if at in ready] or first or ready), 0))
        self._what.currentIndexChanged.connect(self._show_people)
        self._end()
        self._show_people()

    def arguments(self, project: str) -> list[str]:
        what = self._found[self._what.currentIndex()]
        given = ["--session", str(what.session_id), "--tier-type", what.tier_type, "--annotator", self.person]
        return ["adjudicate", project, *given, "--tolerance", f"{self._tolerance.value():g}"]

    def _show_people(self) -> None:
        """Whose the gold is; where nobody has it, curators and managers, who get it by opening it."""
        self._person.clear()
        if not self._found:
            self._tell(NONE_TWICE)
            return
        what = self._found[self._what.currentIndex()]
        golds = what.adjudicators
        may = [p for p in self._here if (str(p.id) in golds if golds else _may_begin(p))]
        self._person.addItems([each.pseudonym for each in may])
        self._person.setCurrentText(self._last)
        waiting = ", ".join(self._pseudonyms(what.unready))
        unready = f"Not all have submitted theirs yet: {waiting}." if waiting else ""
        none = OF_ANOTHER.format(who=" and ".join(self._pseudonyms(golds))) if golds else NOBODY
        self._tell(unready or ("" if may else none))


def _may_begin(person: Annotator) -> bool:
    """Whether they get a gold that nobody has yet."""
    return bool(KEEPERS & set(person.roles)) and AnnotatorRole.ADJUDICATOR in person.roles
