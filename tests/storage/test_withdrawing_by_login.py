"""Whoever can't carry a withdrawal out whole is refused before anything is changed, and told who can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.place import Place
from tests.rig.postgresql import PASSWORD
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT, TURN, segment
from tests.storage.login_lab import Lab
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.staleness import sources_of
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.model.ids import ParticipantId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Participant, Role
from woz.model.tier import Tier, TierState

SPEAKER = Participant(ParticipantId("e"), "E07", TURN.speaker)
OTHER = Participant(ParticipantId("t"), "P01", Role.TRAINEE)


@pytest.fixture
def door(lab: Lab) -> Path:
    """The folder by which a manager opens the project; what came of what was said lies in a closed tier."""
    for person in (SPEAKER, OTHER):
        lab.owner.participants.save(person)
    lab.owner.sessions.save(replace(SESSION, participants=(SPEAKER.id, OTHER.id)))
    lab.owner.transcripts.add(TRANSCRIPT, [TURN])
    work, ada = lab.works[0], lab.people["A01"]
    made = Made(Origin.DERIVED, "woz", sources=sources_of([TURN]))
    mark = replace(segment("m"), tier_id=work.tier_id, made=made)
    lab.owner.annotations.record(SID, Edit("Derive", (), (mark,)), "woz")
    lab.owner.annotations.record(SID, moved(lab.tier(work), TierState.SUBMITTED, ada), ada.id)
    folder = lab.folder / "M01"
    lab.as_("M01").close()
    Place(folder, lab.server.url_by_network(lab.url.database or "", lab.logins["M01"][0])).write()
    return folder


def _address(lab: Lab, login: str, password: str) -> str:
    url = lab.server.url_by_network(lab.url.database or "", login, password)
    return url.render_as_string(hide_password=False)


def _stored(project: Project) -> object:
    history = project.annotations.history(SID)
    people = [project.participants.get(each.id) for each in (SPEAKER, OTHER)]
    return project.annotations.load(SID), project.transcripts.originals(TRANSCRIPT.id), history, people


def test_a_managers_login_changes_nothing(lab: Lab, door: Path) -> None:
    before = _stored(lab.owner)
    (door / "models").mkdir()
    (door / "models" / "asked.jsonl").write_text(f"{SID}\n")
    with lab.as_("M01") as project:
        plan = plan_withdrawal(project, SPEAKER.pseudonym)
        with pytest.raises(WozError, match="Only woz, who owns the tables") as refused:
            carry_out(Task(project, SPEAKER, "M01", CLOCK), plan, lambda *_: None)
    assert plan.refused == str(refused.value)
    assert [folder.files[0].path for folder in plan.folders] == ["asked.jsonl"]
    assert (door / "models" / "asked.jsonl").read_text() == f"{SID}\n"
    assert _stored(lab.owner) == before
    assert lab.owner.withdrawals.found(SPEAKER.id) is None
    assert plan_withdrawal(lab.owner, SPEAKER.pseudonym).refused == ""


def test_who_has_a_part_of_the_tables_alone_changes_nothing_either(lab: Lab, door: Path) -> None:
    """The server would pass over the others' with a warning, and keep what was deleted there."""
    lab.server.run("ALTER TABLE edit_item OWNER TO {}", lab.logins["M01"][0], database=lab.url.database or "")
    try:
        with lab.as_("M01") as project:
            assert plan_withdrawal(project, SPEAKER.pseudonym).refused.startswith("Only woz")
    finally:
        lab.server.run("ALTER TABLE edit_item OWNER TO woz", database=lab.url.database or "")


def test_the_plan_says_who_can_and_by_what_it_says_it_is_done(
    lab: Lab, door: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOZ_DATABASE_URL", _address(lab, *lab.logins["M01"]))
    assert main(["withdraw", str(door), "E07", "--dry-run"]) == 0
    told = capsys.readouterr().out.splitlines()[0]
    assert main(["withdraw", str(door), "E07", "--yes"]) == 1
    assert told in capsys.readouterr().err
    assert lab.logins["M01"][1] not in told
    assert not lab.owner.participants.get(SPEAKER.id).withdrawn
    address = told.split("set WOZ_DATABASE_URL to ")[1].split(",")[0]
    monkeypatch.setenv("WOZ_DATABASE_URL", address)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert main(["withdraw", str(door), "E07", "--yes"]) == 0
    assert "none was found" in capsys.readouterr().out
    assert lab.owner.transcripts.turns(TRANSCRIPT.id) == []
    assert not [each for each in lab.owner.annotations.load(SID) if not isinstance(each, Tier)]
