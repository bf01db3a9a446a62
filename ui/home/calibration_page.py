"""Whether somebody annotates as the gold does: a gate by label, and for what fails its rules and examples."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QSizePolicy,
    QSpinBox,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from storage import Project
from ui.application.background import waited
from ui.home.listing import Listing
from ui.theme import GRID
from ui.widgets.advice import Advice
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from ui.widgets.who import LAST, logged_in
from woz.annotation.tier_states import KEEPERS
from woz.base.clock import Clock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import nanoseconds, seconds
from woz.lab.calibrating import (
    Calibration,
    Gate,
    LabelResult,
    calibrate,
    honeypot,
)
from woz.lab.coders import GOLD
from woz.lab.comparable import Comparable, comparable
from woz.lab.own_figures import counted_of
from woz.model.annotator import Annotator
from woz.model.ids import SessionId

HEADERS = ("Label", "Marks", "F1", "Apart", "Missed", "Extra", "Gate")
ALL_SESSIONS = "All that both have"
HONEY = "Honeypot: windows of this session among their other work, so that they are measured again without knowing."
MEASURED = "Measure compares them label by label; here stand why one fails, its rules and its examples."


class CalibrationPage(QWidget):
    def __init__(
        self, project: Project, clock: Clock, settings: QSettings | None, tell: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._project, self._clock, self._settings, self._tell = project, clock, settings, tell
        self._found: dict[str, LabelResult] = {}
        self._known: list[Comparable] = []
        self._people: list[Annotator] = []
        self.who, self.tier_type, self.session, self.reference = (self._box(name) for name in _FIELDS)
        self.f1, self.apart, self.least = QDoubleSpinBox(), QDoubleSpinBox(), QSpinBox()
        self.share, self.seed, self.assigner = QDoubleSpinBox(), QSpinBox(), self._box("Who assigns")
        self._numbers()
        self.list = Listing("Labels, those that fail first", HEADERS, 0)
        self.list.itemSelectionChanged.connect(self._show)
        self.why = QTextBrowser()
        self.why.setPlaceholderText(MEASURED)
        self.why.setAccessibleName("Why it fails, its rules and examples")
        self.verdict = label("", "heading", wrap=True)
        self.caveat = Advice()
        self._build()

    def look(self) -> None:
        """Read anew who and what there is: windows of a gold are given also by a curator who is blind there."""
        project = self._project
        self._people, facts, login = waited(
            lambda: (project.annotators.all(), counted_of(project).library.sessions(), logged_in(project))
        )
        self._known = comparable(facts)
        names = [each.pseudonym for each in self._people if not each.retired]
        _offer(self.who, names)
        _offer(self.reference, [GOLD, *names])
        here = [login] if login else self._people
        _offer(self.assigner, [p.pseudonym for p in here if KEEPERS & set(p.roles) and not p.retired])
        last = str(self._settings.value(LAST, "")) if self._settings else ""
        self.assigner.setCurrentText(last)
        _offer(self.tier_type, sorted({each.tier_type for each in self._known}))
        self.session.clear()
        self.session.addItem(ALL_SESSIONS, "")
        for title, id_ in sorted({(each.title, each.session_id) for each in self._known if each.adjudicators}):
            self.session.addItem(title, str(id_))
        if not self._known:
            self._tell(
                "No session has been coded by two people, or by one and the gold; there is nothing to compare."
            )

    def measure(self) -> None:
        """Compare, and show what fails first."""
        gate = Gate(self.f1.value(), nanoseconds(self.apart.value()), self.least.value())
        session = SessionId(self.session.currentData()) if self.session.currentData() else None
        who, tier_type, reference = (each.currentText() for each in (self.who, self.tier_type, self.reference))
        if not who or not tier_type:
            return
        try:
            found = waited(lambda: calibrate(self._project, who, tier_type, session, reference, gate))
        except WozError as error:
            self._tell(str(error))
            return
        self._tell("")
        self.show_found(found)

    def show_found(self, found: Calibration) -> None:
        self._found = {each.label: each for each in found.labels}
        word = "passes" if found.passed else "doesn't pass" if found.failing else "can't be judged: too few marks"
        count = counted(len(found.sessions), "session")
        fail = "fails" if len(found.failing) == 1 else "fail"
        failing = f" {len(found.failing)} of {counted(len(found.labels), 'label')} {fail}." if found.failing else ""
        said = (f"{found.annotator} {word} against {found.reference}, {count}.{failing}", *found.several)
        self.verdict.setText(" ".join(said))
        self.caveat.advise(found.caveat, found.command)
        self.list.fill([_cells(each) for each in found.labels])
        self._show()

    def plant(self) -> None:
        """Give windows of the gold session to the chosen one as honeypots."""
        session = str(self.session.currentData() or "")
        if not session:
            self._tell("Choose a session that has gold; its windows become the honeypot.")
            return
        whose, by = (
            next((p for p in self._people if p.pseudonym == box.currentText()), None)
            for box in (self.who, self.assigner)
        )
        if whose is None or by is None:
            self._tell("Choose who gets the windows, and who assigns them.")
            return
        share, seed, tier_type = self.share.value() / 100, self.seed.value(), self.tier_type.currentText()
        try:
            made = waited(
                lambda: honeypot(
                    self._project, SessionId(session), tier_type, (whose, by), (share, seed), self._clock
                )
            )
        except WozError as error:
            self._tell(str(error))
            return
        spans = ", ".join(f"{seconds(w.start_ns):.0f}–{seconds(w.end_ns):.0f} s" for w in made.windows)
        self._tell("")
        self._forget()
        self.verdict.setText(f"{whose.pseudonym} was given {spans} of it, blind to what others made of it.")

    def _forget(self) -> None:
        """What was measured is of what was chosen then."""
        self._found = {}
        self.verdict.setText("")
        self.caveat.advise("", "")
        self.list.fill([])
        self._show()

    def _show(self) -> None:
        found = self._found.get(self.list.chosen)
        self.why.setHtml(_html(found) if found else "Choose who is measured, and on what; then “Measure”.")

    def _numbers(self) -> None:
        for field, low, high, value, name in (
            (self.f1, 0.0, 1.0, 0.8, "F1 that each label has to reach"),
            (self.apart, 0.0, 60.0, 0.5, "How far boundaries may lie apart (s)"),
            (self.share, 1.0, 100.0, 10.0, "Share of the session (percent)"),
        ):
            field.setRange(low, high)
            field.setSingleStep(0.05 if high == 1.0 else 0.1 if high == 60.0 else 5.0)
            field.setValue(value)
            field.setAccessibleName(name)
        self.apart.setSuffix(" s")
        self.share.setSuffix(" %")
        self.least.setRange(1, 1000)
        self.least.setValue(3)
        self.least.setAccessibleName("With fewer marks a label isn't judged")
        self.seed.setRange(0, 1_000_000)
        self.seed.setAccessibleName("Seed of the draw")

    def _build(self) -> None:
        go, planted = button("Measure", "check", "primary"), button("Plant these windows", "new")
        go.clicked.connect(self.measure)
        for box in (self.who, self.tier_type, self.session, self.reference):
            box.activated.connect(self._forget)
        planted.clicked.connect(self.plant)
        asked = row(*self._named(_FIELDS, (self.who, self.tier_type, self.session, self.reference)))
        gates = row(*self._named(("F1 from", "apart to", "marks from"), (self.f1, self.apart, self.least)), go)
        honey = row(*self._named(("share", "seed", "given by"), (self.share, self.seed, self.assigner)), planted)
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.why)
        split.setSizes([660, 460])
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        for widget in (asked, gates, self.verdict, self.caveat):
            layout.addWidget(widget)
        layout.addWidget(split, 1)
        layout.addWidget(label(HONEY, "muted", wrap=True))
        layout.addWidget(honey)
        steady(self)

    @staticmethod
    def _named(names: tuple[str, ...], fields: tuple[QWidget, ...]) -> list[QWidget]:
        made: list[QWidget] = []
        for name, field in zip(names, fields, strict=True):
            said = label(name, "muted")
            said.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            made += [said, field]
        return made

    @staticmethod
    def _box(name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(10)
        return made


_FIELDS = ("Who", "Tier type", "Gold session", "Against")


def _offer(box: QComboBox, names: list[str]) -> None:
    """What was chosen stays so where it is there still."""
    was = box.currentText()
    box.clear()
    box.addItems(names)
    if was in names:
        box.setCurrentText(was)


def _cells(each: LabelResult) -> tuple[str, ...]:
    f1 = "–" if each.f1 is None else f"{each.f1:.2f}"
    apart = "–" if each.boundary_ns is None else f"{seconds(round(each.boundary_ns)):.2f} s"
    gate = "⚠ fails" if each.why else "✓ passes" if each.judged else "too few to judge"
    return each.label, str(each.marks), f1, apart, str(each.missed), str(each.extra), gate


def _html(each: LabelResult) -> str:
    parts = [f"<h3>{escape(each.label)}</h3>"]
    parts += [f"<p><b>⚠ {escape(each.why)}.</b></p>"] if each.why else []
    parts += [f"<p>{count} of {each.marks} they called {escape(name)}.</p>" for name, count in each.called]
    for name, rule in (("Begins", each.start_rule), ("Ends", each.end_rule)):
        parts.append(f"<p><b>{name}:</b> {escape(rule) or 'the scheme has no rule for this; write one.'}</p>")
    parts += [f"<p><b>Example:</b> {escape(example)}</p>" for example in each.examples]
    return "\n".join(parts)
