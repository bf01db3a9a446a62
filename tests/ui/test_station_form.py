"""The station's form: what is settled before a session opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.bench import Bench
from ui.station.device_card import DeviceCard
from ui.station.form import PlanForm
from woz.capture.choices import USUAL as USUAL_DEVICES
from woz.capture.tabletop import PROCEDURE
from woz.model.ids import ProcedureId
from woz.model.people import ConsentKind, Experience, Role
from woz.model.plan import Plan, day_of, person_of
from woz.model.procedure import Procedure
from woz.model.protocol import ON_DEMAND, PROACTIVE, Protocol, ProtocolKind

T = TypeVar("T", bound=QWidget)
NOW = 1_772_000_000_000_000_000


def _form(qtbot: QtBot, plan: Plan, protocols: tuple[Protocol, ...] = ()) -> PlanForm:
    known = [person.participant for person in plan.people]
    form = PlanForm(plan, [PROCEDURE], known, protocols, NOW, DeviceCard(USUAL_DEVICES, Bench()))
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return form


def _field(parent: QWidget, kind: type[T], name: str, at: int = 0) -> T:
    return [w for w in parent.findChildren(kind) if w.accessibleName() == name][at]


def _button(parent: QWidget, text: str) -> QAbstractButton:
    return next(b for b in parent.findChildren(QAbstractButton) if b.text() == text)


FULL = Plan(
    PROCEDURE,
    replace(ON_DEMAND, gaze_shown=True, cue_delay_ms=300),
    "The lamp lies in parts.",
    (
        person_of(Role.TRAINEE, "P01,experience=3,skill=4,languages=it+de-CH,privacy=2@2026-01-05", (), NOW),
        person_of(Role.EXPERT, "E01,experience=often,languages=en,privacy=1,recording=1,release=3", (), NOW),
        person_of(Role.OTHER, "O01,recording=1", (), NOW),
    ),
)


def test_a_form_gives_back_what_it_was_filled_with(qtbot: QtBot) -> None:
    assert _form(qtbot, FULL).plan == FULL


def test_a_form_opens_nothing_until_all_is_there(qtbot: QtBot) -> None:
    form = _form(qtbot, Plan(PROCEDURE))
    opening = _button(form, "Open the station")
    assert not opening.isEnabled()
    qtbot.keyClicks(_field(form, QComboBox, "Pseudonym"), "P09")
    assert opening.isEnabled()
    qtbot.keyClicks(_field(form, QLineEdit, "Languages, as tags with commas between"), "en, ???")
    assert not opening.isEnabled()
    _field(form, QLineEdit, "Languages, as tags with commas between").setText("en")
    _field(form, QSpinBox, "Self-rated skill, 0 to 10").setValue(7)
    _field(form, QAbstractButton, "Consent to public release").click()
    _field(form, QLineEdit, "Public release: version of the text").setText("4")
    qtbot.keyClick(_field(form, QLineEdit, "Public release: version of the text"), Qt.Key.Key_Return)
    assert form.isVisible()
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: form.result() == QDialog.DialogCode.Accepted)
    (person,) = form.plan.people
    (consent,) = person.participant.consents
    assert (consent.kind, consent.version, day_of(consent.given_utc_ns)) == (ConsentKind.RELEASE, "4", day_of(NOW))
    assert (person.attendance.skill, person.attendance.role) == (7, Role.TRAINEE)


def test_a_known_pseudonym_brings_languages_and_consents(qtbot: QtBot) -> None:
    known = FULL.people[0].participant
    form = PlanForm(Plan(PROCEDURE), [], [known], [], NOW, DeviceCard(USUAL_DEVICES, Bench()))
    qtbot.addWidget(form)
    _field(form, QComboBox, "Pseudonym").setCurrentText("P01")
    assert form.plan.people[0].participant == known
    _field(form, QAbstractButton, "Consent to privacy notice").click()
    assert form.plan.people[0].participant.consents == ()
    form.reject()


def test_a_new_procedure_and_a_protocol_of_ones_own(qtbot: QtBot) -> None:
    form = _form(qtbot, Plan(PROCEDURE), (replace(PROACTIVE, gaze_shown=True),))
    procedures, protocols = _field(form, QComboBox, "Procedure"), _field(form, QComboBox, "Protocol")
    assert protocols.count() == 3
    procedures.setCurrentIndex(procedures.count() - 1)
    _field(form, QLineEdit, "Name of the new procedure").setText("Cake")
    _field(form, QPlainTextEdit, "Steps, one a line").setPlainText("Mix\nBake")
    protocols.setCurrentIndex(protocols.count() - 1)
    _field(form, QLineEdit, "Name of the protocol").setText("Ours")
    _field(form, QPlainTextEdit, "Text of the protocol").setPlainText("Wait.")
    _field(form, QAbstractButton, "The expert may draw on the view").click()
    plan = form.plan
    assert (plan.procedure.name, [s.name for s in plan.procedure.steps]) == ("Cake", ["Mix", "Bake"])
    assert plan.protocol == Protocol("Ours", "Wait.", "1", ProtocolKind.CUSTOM, pointing_allowed=True)


def test_a_person_may_be_added(qtbot: QtBot) -> None:
    form = _form(qtbot, FULL)
    _button(form, "Add a person").click()
    _field(form, QComboBox, "Pseudonym", 3).setCurrentText("O02")
    _field(form, QComboBox, "Experience with this procedure", 3).setCurrentText("some")
    added = form.plan.people[3]
    assert (added.participant.pseudonym, added.attendance.experience) == ("O02", Experience.SOME)


CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QSpinBox)


def _controls(window: QWidget) -> list[QWidget]:
    return [w for kind in CONTROLS for w in window.findChildren(kind) if not _inside_another(w)]


def _inside_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(parent, (QComboBox, QSpinBox, QLineEdit))


def test_tab_reaches_each_control_of_the_form(qtbot: QtBot) -> None:
    form = _form(qtbot, FULL)
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    wanted = {
        w for w in _controls(form) if w.isEnabled() and w.isVisible() and w.focusPolicy() != Qt.FocusPolicy(0)
    }
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted)):
        qtbot.keyClick(form.focusWidget() or form, Qt.Key.Key_Tab)
        focused = form.focusWidget()
        if focused:
            reached.add(focused)
    assert wanted <= reached


def test_a_language_by_its_name_becomes_its_tag(qtbot: QtBot) -> None:
    form = _form(qtbot, FULL)
    _field(form, QLineEdit, "Languages, as tags with commas between").setText("italiano, German, de-CH, Klingonese")
    assert form.plan.people[0].participant.languages == ("it", "de", "de-CH", "Klingonese")
    assert not _button(form, "Open the station").isEnabled()


def test_a_language_that_was_written_by_its_name_is_shown_as_it_is_kept(qtbot: QtBot) -> None:
    form = _form(qtbot, FULL)
    field = _field(form, QLineEdit, "Languages, as tags with commas between")
    field.setText("italiano,German, Klingonese")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "it, de, Klingonese"


def test_a_procedure_without_steps_is_told(qtbot: QtBot) -> None:
    form = _form(qtbot, replace(FULL, procedure=Procedure(ProcedureId("bare"), "Bare")))
    assert "no steps" in form._lack.text()


def test_tab_goes_through_the_people_before_it_adds_one(qtbot: QtBot) -> None:
    form = _form(qtbot, FULL)
    reached: list[str] = []
    _field(form, QComboBox, "Procedure").setFocus()
    for _ in range(120):
        qtbot.keyClick(form.focusWidget() or form, Qt.Key.Key_Tab)
        focused = form.focusWidget()
        reached.append(focused.accessibleName() or getattr(focused, "text", str)() if focused else "")
    people = [at for at, name in enumerate(reached) if name == "Role"][:3]
    assert max(people) < reached.index("Add a person") < reached.index("Cancel") < reached.index("Open the station")


@pytest.mark.parametrize(
    ("field", "name", "enter"),
    [
        (QAbstractButton, "Consent to recording", lambda field: field.click()),
        (QLineEdit, "Languages, as tags with commas between", lambda field: field.setText("en")),
        (QSpinBox, "Self-rated skill, 0 to 10", lambda field: field.setValue(0)),
        (QSpinBox, "How many times before", lambda field: field.setValue(3)),
        (QComboBox, "Experience with this procedure", lambda field: field.setCurrentText("never")),
    ],
)
def test_what_is_entered_of_somebody_without_a_pseudonym_opens_nothing_and_is_not_lost(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, field: type[QWidget], name: str, enter: Callable[[Any], object]
) -> None:
    """Of the expert, whose pseudonym may be left out where nothing is known of them."""
    asked: list[str] = []

    def stays_once(parent: QWidget, question: str, *words: str) -> bool:
        asked.append(question)
        return len(asked) > 1

    monkeypatch.setattr("ui.station.form.sure", stays_once)
    form = _form(qtbot, replace(FULL, people=FULL.people[:1]))
    assert _button(form, "Open the station").isEnabled()
    enter(_field(form, field, name, 1))
    assert not _button(form, "Open the station").isEnabled()
    assert "pseudonym of the expert" in form._lack.text()
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert (asked, form.isVisible()) == (["Leave the form?"], True)
    _field(form, QComboBox, "Pseudonym", 1).setCurrentText("E01")
    assert _button(form, "Open the station").isEnabled()
