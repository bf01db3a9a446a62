"""Who logs in on a server sees the project as they are to, by any port and any command, unless their roles let them
look as somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.copies.session_copy import copy_session
from storage.copies.session_people import Named
from tests.rig.postgresql import Server
from tests.storage.doors import Doors
from tests.storage.examples import CLOCK, SID
from tests.storage.test_after_gold import Room as Coded
from tests.storage.test_blind_ports import ELSEWHERE, OWN, SECRET, Room
from ui.assignments.desk import WorkDesk
from ui.cli import main
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.lab.adjudicated import changes_of, changes_words
from woz.lab.adjudicating import looked_at, table, table_facts
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator, blind, give_roles
from woz.lab.assigning import Order, assign, take_back
from woz.lab.progress import progress_of
from woz.lab.schemes import Planned, move_on, planned, take_in_scheme
from woz.lab.search import Query
from woz.lab.seeing_all import demand_seeing_all
from woz.lab.tiers import move_tier
from woz.model.annotator import AnnotatorRole, BlindTo
from woz.model.ids import TierId
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState
from woz.schemes.reading import scheme_from_text
from woz.schemes.writing import scheme_to_text


class Entered(Room):
    """A01 has all roles, A02 has coded, A03 codes it again and is blind to that; all but A02 log in."""

    def __init__(self, project: Project, server: Server, folder: Path) -> None:
        super().__init__(project, ())
        self.doors = Doors(project, server, folder)
        add_annotator(project, "C01", (AnnotatorRole.CURATOR,))
        self.doors.let_in("A01", "A03", "C01")

    def as_(self, name: str) -> Project:
        return self.doors.as_(name)


@pytest.fixture
def entered(server_project: Project, server: Server, tmp_path: Path) -> Iterator[Entered]:
    made = Entered(server_project, server, tmp_path / "doors")
    yield made
    made.doors.close()


Woz = Callable[..., tuple[int, str]]


@pytest.fixture
def woz(entered: Entered, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Woz:
    """Runs a command by somebody's login: its exit code, and all that it says."""

    def run(name: str, verb: str, *more: str) -> tuple[int, str]:
        place = entered.doors.place(name)
        assert place.url
        place.write()
        monkeypatch.setenv("WOZ_DATABASE_URL", place.url.render_as_string(hide_password=False))
        code = main([*verb.split(), str(place.folder), *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_no_port_of_a_login_gives_what_its_annotator_is_blind_to(entered: Entered) -> None:
    with entered.as_("A03") as own:
        told = entered.told(entered.ben, own)
    for name, answer in told.items():
        assert SECRET not in answer, name
        assert ELSEWHERE not in answer, name
    assert OWN in told["load"]
    assert told.keys() == (whole := entered.told(entered.boss)).keys()
    with entered.as_("A01") as seeing:
        assert {name for name, said in entered.told(entered.boss, seeing).items() if SECRET in said} == {
            name for name, said in whole.items() if SECRET in said
        }


def test_no_port_answers_an_annotators_login_as_somebody_else(entered: Entered) -> None:
    ada, ben = entered.ada.id, entered.ben.id
    with entered.as_("A03") as own:
        for ask in (
            lambda: own.seen_by(ada),
            lambda: own.annotations.open(SID, ada),
            lambda: own.annotations.since(SID, 0, ada),
            lambda: own.annotations.undo_names(SID, ada),
            lambda: own.comments.all(SID, ada),
            lambda: own.comments.concerning(ada),
            lambda: own.search.find(Query(("of Ada",), by=ada)),
            lambda: progress_of(own, "A02"),
            lambda: assign(own, SID, Order(STATES, entered.ada, entered.boss), CLOCK),
        ):
            with pytest.raises(WozError, match="You log in as A03, and are shown what A03 may see"):
                ask()
        assert own.viewer == own.seen_by(ben).viewer == ben
        assert SECRET not in repr(own.seen_by(ben).annotations.load(SID))


@pytest.mark.parametrize("name", ["A01", "C01"])
def test_a_managers_and_a_curators_login_may_look_as_somebody_else(entered: Entered, name: str) -> None:
    with entered.as_(name) as own:
        assert SECRET in repr(own.annotations.load(SID))
        assert SECRET not in repr(own.seen_by(entered.ben.id).annotations.load(SID))
        assert OWN not in repr(own.annotations.open(SID, entered.ada.id).items)


def test_taking_in_a_scheme_tells_who_is_blind_of_what_they_see_and_moves_all_on(
    entered: Entered, tmp_path: Path
) -> None:
    """Tiers that they don't see would stay behind."""
    give_roles(entered.project, "A03", (AnnotatorRole.CURATOR,))
    scheme = scheme_from_text(_without_label(tmp_path, "none").read_text("utf-8"))
    every = {*entered.tiers.values(), entered.draft.id}
    assert _concerned(planned(entered.project, scheme)) == every
    with entered.as_("A03") as own:
        assert _concerned(planned(own, scheme)) == {entered.tiers[entered.ben]}
        kept = take_in_scheme(own, scheme)
        assert [each.why_not for each in move_on(own, kept)] == [""]
    tiers = (each for each in entered.project.annotations.load(SID) if isinstance(each, Tier))
    assert {each.id for each in tiers if each.scheme_version == kept.version} == every


def _concerned(plan: Planned) -> set[TierId]:
    return {one.tier.id for effect in plan.effects for one in effect.affected}


def test_the_owner_sees_all_and_so_does_who_has_the_file(entered: Entered, sqlite_project: Project) -> None:
    assert entered.project.viewer is sqlite_project.viewer is None
    assert SECRET in repr(entered.project.annotations.load(SID))


ASKED = ("--endpoint", "http://127.0.0.1:9/v1", "--model", "m")
"""Where no model is."""
COMMANDS = (
    ("history", "--json"),
    ("tiers", "--json"),
    ("assign", "--json"),
    ("comments", "--json"),
    ("search", "Ada", "--json"),
    ("progress", "--json"),
    ("agree", "--tier-type", STATES, "--json"),
)


def _without_label(folder: Path, label: str) -> Path:
    """A scheme's file that the marks of this label are at odds with."""
    (states,) = CONVERSATION.tier_types
    left = tuple(each for each in states.labels if each.id != label)
    file = folder / "states.yaml"
    file.write_text(scheme_to_text(replace(CONVERSATION, tier_types=(replace(states, labels=left),))), "utf-8")
    return file


def test_no_command_tells_a_login_what_its_annotator_is_blind_to(
    entered: Entered, woz: Woz, tmp_path: Path
) -> None:
    without_none = ("scheme import", str(_without_label(tmp_path, "none")), "--dry-run", "--json")
    for verb, *more in (*COMMANDS, without_none):
        _, told = woz("A03", verb, *more)
        for hidden in (SECRET, ELSEWHERE, str(entered.tiers[entered.ada])):
            assert hidden not in told, verb
    code, told = woz("A03", "agree", "--tier-type", STATES)
    assert (code, "sees no agreement" in told) == (1, True)
    _, told = woz("A03", "progress", "--json")
    assert [each["pseudonym"] for each in json.loads(told)["people"]] == ["A03"]
    code, told = woz("A03", "export", "--out", str(tmp_path / "out"), "--format", "csv")
    written = "".join(
        each.read_text("utf-8", "replace") for each in (tmp_path / "out").rglob("*") if each.is_file()
    )
    assert (code, OWN in written, SECRET in written, ELSEWHERE in written) == (0, True, False, False), told


def test_a_picture_of_the_editor_is_as_whoever_logs_in_sees_it(entered: Entered, woz: Woz, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    code, told = woz("A03", "annotate", "--shot", str(shot))
    assert (code, shot.is_file()) == (0, True), told


def test_commands_look_as_somebody_else_for_whom_that_is_allowed_alone(entered: Entered, woz: Woz) -> None:
    for verb, *more in (*COMMANDS[:3], COMMANDS[-1]):
        code, told = woz("A03", verb, *more, "--as", "A02")
        assert code == 1, verb
        assert "You log in as A03, and are shown what A03 may see" in told, verb
        code, told = woz("A01", verb, *more, "--as", "A02")
        assert "You log in" not in told, verb
    code, told = woz("A01", "history", "--json", "--as", "A03")
    assert (code, OWN in told, SECRET in told) == (0, True, False)
    code, told = woz("A01", "agree", "--tier-type", STATES, "--json")
    assert (code, len(json.loads(told)["pairs"])) == (0, 1)


def test_a_manager_who_is_blind_sees_as_themselves_and_gives_work_by_all_that_is_there(entered: Entered) -> None:
    """What they don't see would be given twice, and nobody be blind to it."""
    blind(entered.project, "A01", SID, "", None, BlindTo.BOTH)
    boss, held = entered.boss, {each.id for each in entered.project.packages.all()}
    with entered.as_("A01") as own:
        assert own.viewer == boss.id
        assert SECRET not in repr(own.annotations.load(SID))
        with pytest.raises(WozError, match="sees no agreement"):
            agreement(own, STATES)
        with pytest.raises(WozError, match="A02 has a tier of the type"):
            assign(own, SID, Order(STATES, entered.ada, boss), CLOCK)
        cook = add_annotator(own, "A09")
        work = assign(own, SID, Order(STATES, cook, boss), CLOCK)
        blinded = {each.annotator_id for each in own.annotators.scopes(SID)}
        assert blinded >= {entered.ada.id, entered.ben.id}
        take_back(own, work.id, boss)
        assert {each.id for each in own.packages.all()} == held


def test_a_manager_who_is_blind_is_told_of_all_work_and_moves_it_on(entered: Entered, woz: Woz) -> None:
    blind(entered.project, "A01", SID, "", None, BlindTo.BOTH)
    tiers = {each.id: each for each in entered.project.annotations.load(SID) if isinstance(each, Tier)}
    tier, boss = tiers[entered.tiers[entered.ada]], entered.boss
    entered.project.annotations.record(SID, moved(tier, TierState.SUBMITTED, entered.ada), entered.ada.id)
    _, told = woz("A01", "assign", "--json")
    assert {each["annotator"]: each["state"] for each in json.loads(told)["work"]} == {
        "A02": "submitted",
        "A03": "in work",
    }
    with entered.as_("A01") as own:
        assert tier.id not in repr(own.annotations.load(SID))
        desk = WorkDesk(own, boss, CLOCK)
        line = next(each for each in desk.look().lines if each.assignment.tier_id == tier.id)
        desk.send_back(line, "Ends are late", ())
        with pytest.raises(WozError, match="has no tier Nothing; its tiers are: none"):
            move_tier(own, SID, "Nothing", TierState.ACCEPTED, boss, "")
    (now,) = (each for each in entered.project.annotations.load(SID) if each.id == tier.id)
    assert now == replace(tier, state=TierState.RETURNED)


@pytest.mark.parametrize("role", [AnnotatorRole.MANAGER, AnnotatorRole.CURATOR])
def test_a_manager_or_curator_who_is_blind_is_told_how_far_all_are_without_their_agreement(
    entered: Entered, role: AnnotatorRole
) -> None:
    """Which needs nothing of what others made."""
    whole = progress_of(entered.project)
    assert any(each.agreement is not None for each in whole.people)
    give_roles(entered.project, "A03", (role,))
    with entered.as_("A03") as own:
        told = progress_of(own)
        assert own.packages.all() == entered.project.packages.all()
        assert entered.tiers[entered.ada] not in {each.tier_id for each in own.library.sessions()[0].tiers}
    assert told == replace(whole, people=tuple(replace(each, agreement=None) for each in whole.people))


def test_a_login_that_is_blind_is_told_what_adjudication_changed_of_theirs(
    server_project: Project, server: Server, tmp_path: Path
) -> None:
    """That alone of the gold, of which they see nothing else; what they miss in its words, too."""
    room, doors = Coded(server_project), Doors(server_project, server, tmp_path / "doors")
    with closing(doors):
        doors.let_in("A03")
        gold = table(room.project, SID, STATES, room.boss, CLOCK).gold
        room.keep_out("A03-300", gold)
        room.mark(room.boss, gold, 500)
        room.adjudicate()
        blind(room.project, "A03", SID, STATES, None, BlindTo.PEOPLE)
        told = changes_words(room.project, changes_of(room.project, room.ben))
        with doors.as_("A03") as own:
            assert gold not in repr(own.annotations.load(SID))
            assert changes_words(own, changes_of(own, room.ben)) == told
            with pytest.raises(WozError, match="You log in as A03"):
                changes_of(own, room.ada)
    assert len(told) == 3


def test_a_curator_who_is_blind_adjudicates_all_that_is_there_once_they_begin(
    server_project: Project, server: Server, tmp_path: Path
) -> None:
    room, doors = Coded(server_project), Doors(server_project, server, tmp_path / "doors")
    give_roles(room.project, "A04", (AnnotatorRole.CURATOR, AnnotatorRole.ADJUDICATOR))
    curator = room.project.annotators.named("A04")
    blind(room.project, "A04", SID, STATES, None, BlindTo.PEOPLE)
    with closing(doors):
        doors.let_in("A04")
        with doors.as_("A04") as own:
            with pytest.raises(WozError, match="A04 doesn't see what others did"):
                looked_at(own, SID, STATES, curator, CLOCK)
            begun = table(own, SID, STATES, curator, CLOCK)
            state = begun.state(own.annotations.load(SID))
    assert [each.name for each in begun.sources] == ["A02", "A03"]
    assert [len(side.marks) for side in state.sides] == [2, 2]


def test_how_far_an_adjudication_is_is_told_as_its_adjudicator_sees_it(entered: Entered, woz: Woz) -> None:
    """A curator who is blind there asks for them; the gold is there, though not to be seen by who asks."""
    tiers = {each.id: each for each in entered.project.annotations.load(SID) if isinstance(each, Tier)}
    for whose, tier in entered.tiers.items():
        entered.project.annotations.record(SID, moved(tiers[tier], TierState.SUBMITTED, whose), whose.id)
    begun = table(entered.project, SID, STATES, entered.boss, CLOCK)
    blind(entered.project, "C01", SID, STATES, None, BlindTo.PEOPLE)
    code, told = woz("C01", "adjudicate", "--tier-type", STATES, "--annotator", "A01", "--json")
    assert (code, json.loads(told)) == (0, table_facts(entered.project, begun))


def test_what_holds_all_is_made_by_who_sees_all(entered: Entered, tmp_path: Path) -> None:
    give_roles(entered.project, "A03", tuple(AnnotatorRole))
    with Project.create(tmp_path / "other", "Other", CLOCK) as other, entered.as_("A03") as own:
        with pytest.raises(
            WozError, match=f"as A03, who is blind to others' work in {SID}, and a copy of it holds"
        ):
            copy_session(own, SID, other, Named({}, {}), lambda percent, what: None)
        with pytest.raises(WozError, match="a release holds all of it"):
            demand_seeing_all(own, [SID], "a release")
        demand_seeing_all(own, [], "a release")
        demand_seeing_all(own.whole(), [SID], "a release")
    with entered.as_("C01") as seeing:
        demand_seeing_all(seeing, [SID], "a release")


@pytest.mark.parametrize(
    "command",
    [
        ("names find", "--json"),
        ("names review", "--json"),
        ("release synthesize", "--task", "synthetic-dialogues", *ASKED),
        ("release synthesize", "--task", "instructions", *ASKED),
    ],
    ids=["find", "review", "dialogues", "instructions"],
)
def test_texts_that_somebody_doesnt_see_are_not_passed_over_in_silence(
    entered: Entered, woz: Woz, command: tuple[str, ...]
) -> None:
    give_roles(entered.project, "A03", tuple(AnnotatorRole))
    code, told = woz("A03", *command)
    assert (code, f"as A03, who is blind to others' work in {SID}" in told) == (1, True), told
    _, told = woz("C01", *command)
    assert "who is blind" not in told


def test_an_annotators_login_makes_no_copy_of_the_database(entered: Entered, tmp_path: Path) -> None:
    with entered.as_("A03") as own, pytest.raises(WozError):
        own.database.back_up(tmp_path / "copy.sqlite")
    assert not list(tmp_path.glob("copy.sqlite*"))
