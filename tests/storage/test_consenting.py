"""What is entered in a form of what somebody agreed to, and what came into the project meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION
from tests.storage.meeting import met
from woz.lab.consenting import consent_lamp, enter_consents, keep_entered
from woz.lab.planning import PlanOptions, draft, plan_anew, save_plan
from woz.model.ids import ParticipantId
from woz.model.people import Consent, ConsentKind, Participant, Role
from woz.model.session import DataSetSource

PRIVACY, RECORDING, RELEASE, TRANSCRIPTION = (
    Consent(kind, "1", 5)
    for kind in (ConsentKind.PRIVACY, ConsentKind.RECORDING, ConsentKind.RELEASE, ConsentKind.TRANSCRIPTION)
)
SHOWN = Participant(ParticipantId("p"), "P01", Role.TRAINEE, (PRIVACY, RECORDING))


def test_a_withdrawal_that_came_meanwhile_stays(project: Project) -> None:
    """The form was opened before, and shows that they take part."""
    project.participants.save(replace(SHOWN, withdrawn=True))
    keep_entered(project, SHOWN, (*SHOWN.consents, RELEASE), withdrawn=False)
    kept = project.participants.get(SHOWN.id)
    assert (kept.withdrawn, set(kept.consents)) == (True, {PRIVACY, RECORDING, RELEASE})


def test_a_withdrawal_that_is_entered_or_taken_back_is_kept(project: Project) -> None:
    project.participants.save(SHOWN)
    gone = keep_entered(project, SHOWN, SHOWN.consents, withdrawn=True)
    assert project.participants.get(SHOWN.id) == gone == replace(SHOWN, withdrawn=True)
    keep_entered(project, gone, gone.consents, withdrawn=False)
    assert project.participants.get(SHOWN.id) == SHOWN


def test_what_was_not_touched_stays_as_it_came_meanwhile(project: Project) -> None:
    """Somebody else took one consent back and entered two, one of them of the version that is entered here, too."""
    later, here = replace(RELEASE, given_utc_ns=9), RELEASE
    renamed = replace(SHOWN, pseudonym="P31", consents=(PRIVACY, TRANSCRIPTION, later))
    project.participants.save(renamed)
    keep_entered(project, SHOWN, (PRIVACY, RECORDING, here), withdrawn=False)
    kept = project.participants.get(SHOWN.id)
    assert (kept.pseudonym, set(kept.consents)) == ("P31", {PRIVACY, TRANSCRIPTION, here})


def test_what_is_changed_here_holds(project: Project) -> None:
    project.participants.save(SHOWN)
    dated = replace(RECORDING, given_utc_ns=7)
    keep_entered(project, SHOWN, (dated,), withdrawn=False)
    assert project.participants.get(SHOWN.id).consents == (dated,)


def test_a_consent_that_was_dated_anew_meanwhile_is_neither_lost_nor_brought_back(project: Project) -> None:
    """It stays as it is now where the form left it alone, and goes where the form takes it back."""
    anew = replace(RECORDING, given_utc_ns=9, until_utc_ns=99)
    for entered, kept in (((PRIVACY, RECORDING, RELEASE), {PRIVACY, anew, RELEASE}), ((PRIVACY,), {PRIVACY})):
        project.participants.save(replace(SHOWN, consents=(PRIVACY, anew)))
        keep_entered(project, SHOWN, entered, withdrawn=False)
        assert set(project.participants.get(SHOWN.id).consents) == kept


def test_who_withdrew_since_a_session_was_planned_stays_withdrawn(project: Project) -> None:
    """The station keeps its plan once it records, which may be hours later."""
    project.participants.save(SHOWN)
    plan = draft(project, PlanOptions(trainee="P01,skill=3,release=1", expert="E01"), "synthetic", CLOCK.utc_ns())
    project.participants.save(replace(SHOWN, withdrawn=True))
    save_plan(project, plan)
    kept = {each.pseudonym: each for each in project.participants.all()}
    assert (kept["P01"].withdrawn, kept["E01"].withdrawn) == (True, False)
    assert {each.kind for each in kept["P01"].consents} >= {ConsentKind.RELEASE, ConsentKind.PRIVACY}


def test_a_withdrawal_of_the_moment_at_which_a_consent_is_entered_stays(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.participants.save(SHOWN)

    def enter() -> None:
        enter_consents(project, "P01,release=1", (), None, CLOCK.utc_ns())

    def leave() -> None:
        enter_consents(project, "P01", (ConsentKind.RECORDING,), True, CLOCK.utc_ns())

    assert met(project, monkeypatch, (project.participants, "all"), enter, leave) == []
    kept = project.participants.get(SHOWN.id)
    assert (kept.withdrawn, [each.kind for each in kept.consents]) == (
        True,
        [ConsentKind.PRIVACY, ConsentKind.RELEASE],
    )


def test_what_came_of_somebody_since_a_session_was_planned_stays(project: Project) -> None:
    """Of what the plan leaves alone; what it changes is kept as it was planned."""
    project.participants.save(replace(SHOWN, consents=(PRIVACY, RECORDING, RELEASE), languages=("it",)))
    options = PlanOptions(trainee="P01,transcription=1@2026-03-01", expert="E01,languages=de,release=1")
    plan = draft(project, options, "synthetic", CLOCK.utc_ns())
    dated = replace(RECORDING, given_utc_ns=9)
    now = replace(SHOWN, pseudonym="P31", consents=(PRIVACY, dated), languages=("it", "en"))
    project.participants.save(now)
    save_plan(project, plan)
    kept = {each.pseudonym: each for each in project.participants.all()}
    assert set(kept) == {"P31", "E01"}
    (added,) = set(kept["P31"].consents) - set(now.consents)
    assert (added.kind, kept["P31"].languages) == (ConsentKind.TRANSCRIPTION, ("it", "en"))
    assert set(now.consents) <= set(kept["P31"].consents), "the release that was taken back stays so"
    assert (kept["E01"].languages, len(kept["E01"].consents)) == (("de",), 1)


@pytest.mark.parametrize("another", [False, True])
def test_the_form_that_is_shown_again_has_what_it_changed_and_what_came_meanwhile(
    project: Project, another: bool
) -> None:
    """Nothing of it is kept yet: the operator went back before anything was recorded."""
    project.participants.save(SHOWN)
    options = PlanOptions(trainee="P01,release=1,languages=it", expert="E01,release=1")
    plan = draft(project, options, "synthetic", CLOCK.utc_ns())
    now = replace(SHOWN, consents=(PRIVACY, TRANSCRIPTION), withdrawn=True)
    project.participants.save(now)
    trainee, expert = plan_anew(project, plan, another).people
    entered = {consent.kind for consent in trainee.participant.consents}
    assert entered == {ConsentKind.PRIVACY, ConsentKind.TRANSCRIPTION, ConsentKind.RELEASE}
    assert (trainee.participant.languages, trainee.participant.withdrawn, trainee.before) == (("it",), True, now)
    assert expert == plan.people[1]


@pytest.mark.parametrize("shown", [False, True])
def test_who_was_new_to_the_plan_and_is_entered_elsewhere_meanwhile_is_one_person(
    project: Project, shown: bool
) -> None:
    """With the consents of both; also where a form was filled with them and says that it showed them before."""
    plan = draft(project, PlanOptions(trainee="P01,release=1,skill=3"), "synthetic", CLOCK.utc_ns())
    if shown:
        plan = replace(plan, people=tuple(replace(each, before=each.participant) for each in plan.people))
    project.participants.save(SHOWN)
    (trainee,) = plan_anew(project, plan, another=False).people
    assert (trainee.participant.id, trainee.attendance.participant_id) == (SHOWN.id, SHOWN.id)
    assert (trainee.attendance.skill, trainee.before) == (3, SHOWN)
    entered = {consent.kind for consent in trainee.participant.consents}
    assert entered == {ConsentKind.PRIVACY, ConsentKind.RECORDING, ConsentKind.RELEASE}


def test_the_lamp_says_whose_consent_to_what_an_annotators_work_lacks(project: Project) -> None:
    expert = Participant(ParticipantId("e"), "E01", Role.EXPERT, (PRIVACY,))
    session = replace(SESSION, participants=(SHOWN.id, expert.id))
    for person in (SHOWN, expert):
        project.participants.save(person)
    told = "A consent is missing: recording of E01; transcription of P01, E01. Ask whoever keeps the consents."
    assert consent_lamp(project, session, transcribed=True) == told
    assert consent_lamp(project, session, transcribed=False).startswith("A consent is missing: recording of E01.")
    project.participants.save(replace(expert, consents=(PRIVACY, RECORDING)))
    assert consent_lamp(project, session, transcribed=False) == ""
    published = replace(session, provenance=DataSetSource("Table tasks", "CC-BY-4.0"))
    assert consent_lamp(project, published, transcribed=True) == ""
    project.participants.save(replace(SHOWN, withdrawn=True))
    for each in (session, published):
        assert consent_lamp(project, each, transcribed=False).startswith("P01 has withdrawn from the study: leave")
