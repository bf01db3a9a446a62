"""Work that is shared out: assignments, leases and comments, over both databases."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from storage import Project
from storage.repositories.assignments import Assignments
from tests.storage.accounts import accounts, keep_account
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, TRANSCRIPT, TURN, segment
from ui.cli import main
from woz.annotation.edits import Edit
from woz.annotation.leasing import LeaseError
from woz.annotation.tier_states import moved
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.adjudicating import table
from woz.lab.agreeing import agreement
from woz.lab.annotators import (
    add_annotator,
    blind,
    give_roles,
    remove_annotator,
    rename_annotator,
    retire_annotator,
)
from woz.lab.assigning import Draw, Order, assign, assign_all, take_back
from woz.lab.calibrating import calibrate
from woz.lab.commenting import Place, answer, close, comment, talks
from woz.lab.progress import progress_of
from woz.lab.returning import Remark, return_tier
from woz.lab.taking_in import take_in_turns
from woz.lab.tiers import move_tier
from woz.lab.workload import GONE, workload
from woz.model.annotation import Annotation
from woz.model.annotator import ANY_SCHEME, Annotator, AnnotatorRole, BlindTo
from woz.model.assignment import Assignment, Part
from woz.model.ids import SessionId, TierId
from woz.model.item import ref_to
from woz.model.lease import STALE_NS
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.tier import Tier, TierState

LONG_NS = 600 * NS_PER_S


@pytest.fixture
def people(project: Project) -> tuple[Annotator, Annotator, Annotator]:
    """A manager who may all, and two annotators; the session lasts ten minutes."""
    project.sessions.save(replace(SESSION, duration_ns=LONG_NS))
    return add_annotator(project, "A01"), add_annotator(project, "A02"), add_annotator(project, "A03")


People = tuple[Annotator, Annotator, Annotator]


def _assigned(
    project: Project, whose: Annotator, by: Annotator, part: Part = Part.FIRST, **more: object
) -> Assignment:
    return assign(project, SID, Order(STATES, whose, by, part, **more), CLOCK)  # type: ignore[arg-type]


def _tier(project: Project, work: Assignment) -> Tier:
    return next(
        each for each in project.annotations.load(SID) if isinstance(each, Tier) and each.id == work.tier_id
    )


def _move(project: Project, work: Assignment, to: TierState, mover: Annotator, why: str = "") -> None:
    project.annotations.record(SID, moved(_tier(project, work), to, mover, why), mover.id)


def _mark(project: Project, work: Assignment, start_s: int, end_s: int, by: Annotator) -> None:
    made = segment(f"{by.pseudonym}-{start_s}", start_s * NS_PER_S, end_s * NS_PER_S)
    made = replace(made, tier_id=work.tier_id)
    project.annotations.record(SID, Edit("Mark", (), (made,)), by.id)


def test_a_second_coder_has_a_quarter_of_each_session(project: Project, people: People) -> None:
    boss, ada, ben = people
    other = replace(SESSION, id=SessionId("20240101-000000-0001"), duration_ns=LONG_NS // 3)
    project.sessions.save(other)
    first = _assigned(project, ada, boss)
    order = Order(STATES, ben, boss, Part.SECOND, draw=Draw(0.25, 7))
    planned = assign_all(project, [SID, other.id], order, CLOCK, dry_run=True)
    assert [each.annotator_id for each in project.assignments.all()] == [ada.id]
    answers = assign_all(project, [SID, other.id], order, CLOCK)
    made = [each.assignment for each in answers if each.assignment]
    assert [each.windows for each in made] == [each.assignment.windows for each in planned if each.assignment]
    total = [sum(window.duration_ns for window in each.windows) for each in made]
    assert total == pytest.approx([LONG_NS / 4, LONG_NS / 12], rel=0.01)
    assert project.assignments.all(SID) == [first, made[0]]
    scopes = {(scope.annotator_id, scope.to, scope.scheme_id) for scope in project.annotators.scopes(SID)}
    assert scopes == {
        (ada.id, BlindTo.PEOPLE, CONVERSATION.id),
        (ben.id, BlindTo.PEOPLE, CONVERSATION.id),
        (ben.id, BlindTo.MACHINES, ANY_SCHEME),
    }
    again = assign_all(project, [SID], order, CLOCK)
    assert "move that one on" in again[0].refused


def test_who_is_first_is_blind_to_machines_where_that_was_wanted(project: Project, people: People) -> None:
    boss, ada, ben = people
    _assigned(project, ada, boss, blind=BlindTo.BOTH)
    _assigned(project, ben, boss, Part.SECOND)
    scopes = {(scope.annotator_id, scope.to) for scope in project.annotators.scopes(SID)}
    assert scopes == {(who.id, to) for who in (ada, ben) for to in (BlindTo.PEOPLE, BlindTo.MACHINES)}


def test_who_had_other_windows_is_not_compared(project: Project, people: People) -> None:
    boss, ada, ben = people
    for who, start_s in ((ada, 0), (ben, 60)):
        windows = (Interval(start_s * NS_PER_S, (start_s + 60) * NS_PER_S),)
        work = _assigned(project, who, boss, Part.SECOND, windows=windows)
        _mark(project, work, start_s + 5, start_s + 10, who)
    with pytest.raises(WozError, match="No two annotators"):
        agreement(project, STATES)
    cleo = add_annotator(project, "A04")
    whole = _assigned(project, cleo, boss, Part.SECOND)
    _mark(project, whole, 5, 10, cleo)
    found = agreement(project, STATES)
    assert [(each.one, each.other) for each in found.pairs] == [("A02", "A04"), ("A03", "A04")]
    assert found.together is None


def test_nothing_is_put_outside_of_the_windows(project: Project, people: People) -> None:
    boss, _, ben = people
    work = _assigned(project, ben, boss, Part.SECOND, windows=(Interval(60 * NS_PER_S, 120 * NS_PER_S),))
    _mark(project, work, 55, 70, ben)
    with pytest.raises(WozError, match=r"60 to 120 s; 120\.0 s lies outside"):
        _mark(project, work, 120, 130, ben)


def test_done_is_read_only_until_it_is_returned(project: Project, people: People) -> None:
    boss, ada, _ = people
    work = _assigned(project, ada, boss)
    _move(project, work, TierState.IN_WORK, ada)
    _mark(project, work, 1, 2, ada)
    _move(project, work, TierState.SUBMITTED, ada)
    with pytest.raises(WozError, match="take it back into work first"):
        _mark(project, work, 3, 4, ada)
    with pytest.raises(WozError, match=r"Only .* may move"):
        _move(project, work, TierState.ACCEPTED, ada)
    _move(project, work, TierState.RETURNED, boss, "Ends are late")
    _mark(project, work, 3, 4, ada)
    assert [line.state for line in workload(project, SID)] == ["in work"]
    names = [edit.name for edit in project.annotations.history(SID) if edit.name.startswith(("Move", "Assign"))]
    assert [name.rpartition(" to ")[2] for name in names] == ["A02", "in work", "submitted", "returned"]


def test_a_tier_with_errors_is_not_submitted(project: Project, people: People) -> None:
    """Whatever way it is moved; once they are mended it is."""
    boss, ada, _ = people
    work = assign(project, SID, Order(f"{LOOSE.id}/other", ada, boss), CLOCK)
    _mark(project, work, 1, 2, ada)
    with pytest.raises(WozError, match=r"can't be submitted yet; mend this first: .* is none of this tier's"):
        move_tier(project, SID, work.tier_id, TierState.SUBMITTED, ada, "")
    assert _tier(project, work).state == TierState.IN_WORK
    (mark,) = (each for each in project.annotations.load(SID) if isinstance(each, Annotation))
    project.annotations.record(SID, Edit("Relabel", (mark,), (replace(mark, label="a"),)), ada.id)
    move_tier(project, SID, work.tier_id, TierState.SUBMITTED, ada, "")
    assert _tier(project, work).state == TierState.SUBMITTED


def test_who_may_not_assign_or_do_it_is_told_why(project: Project, people: People) -> None:
    boss, ada, ben = people
    with pytest.raises(WozError, match="Only a curator or a manager may assign"):
        _assigned(project, ben, ada)
    with pytest.raises(WozError, match="A02 is no adjudicator"):
        _assigned(project, ada, boss, Part.ADJUDICATOR)
    with pytest.raises(WozError, match="retired"):
        _assigned(project, retire_annotator(project, "A03"), boss)
    with pytest.raises(WozError, match="no tier type nothing"):
        assign(project, SID, Order("nothing", ada, boss), CLOCK)
    with pytest.raises(WozError, match="more than 0"):
        _assigned(project, ada, boss, draw=Draw(0.0))
    assert project.assignments.all() == []


def test_an_adjudicator_sees_all_once_their_own_work_is_submitted(project: Project, people: People) -> None:
    boss, ada, ben = people
    _assigned(project, ada, boss)
    second = _assigned(project, ben, boss, Part.SECOND)
    ben = give_roles(project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    with pytest.raises(WozError, match=r"own .* isn't submitted yet"):
        _assigned(project, ben, boss, Part.ADJUDICATOR)
    _move(project, second, TierState.SUBMITTED, ben)
    gold = _assigned(project, ben, boss, Part.ADJUDICATOR)
    assert gold.tier_id != second.tier_id
    assert [scope.annotator_id for scope in project.annotators.scopes(SID)] == [ada.id]


def test_an_adjudicator_goes_on_seeing_all_when_more_work_is_given(project: Project, people: People) -> None:
    """Also where they coded themselves before: what others do later is hidden from those who code alone."""
    boss, ada, ben = people
    first, second = _assigned(project, ada, boss), _assigned(project, ben, boss, Part.SECOND)
    ben = give_roles(project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    _mark(project, first, 1, 2, ada)
    _move(project, second, TierState.SUBMITTED, ben)
    _assigned(project, ben, boss, Part.ADJUDICATOR)
    third = _assigned(project, add_annotator(project, "A04"), boss, Part.SECOND)
    scopes = {(scope.annotator_id, scope.to) for scope in project.annotators.scopes(SID)}
    assert scopes == {
        (ada.id, BlindTo.PEOPLE),
        (third.annotator_id, BlindTo.PEOPLE),
        (third.annotator_id, BlindTo.MACHINES),
    }
    seen = {str(item.id) for item in project.seen_by(ben.id).annotations.load(SID)}
    assert {"A02-1", str(third.tier_id)} <= seen


def test_work_that_is_taken_back_leaves_what_was_done(project: Project, people: People) -> None:
    boss, ada, ben = people
    empty, begun = _assigned(project, ada, boss), _assigned(project, ben, boss)
    _mark(project, begun, 1, 2, ben)
    with pytest.raises(WozError, match="A02 is not"):
        take_back(project, empty.id, ada)
    for work in (empty, begun):
        take_back(project, work.id, boss)
    assert project.assignments.all() == []
    left = [each.id for each in project.annotations.load(SID) if isinstance(each, Tier)]
    assert (empty.tier_id in left, begun.tier_id in left) == (False, True)


def _goes(*_: object) -> None:
    raise UnreachableError("The server doesn't answer.")


def test_work_is_returned_with_all_its_remarks_or_not_at_all(
    project: Project, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tier that is returned can't be returned again, so that its remarks would be lost."""
    boss, ada, _ = people
    work = _assigned(project, ada, boss)
    _move(project, work, TierState.SUBMITTED, ada)
    back = (SID, work.tier_id, boss, "Ends are late", [Remark(NS_PER_S, "Late"), Remark(2 * NS_PER_S, "Later")])
    with monkeypatch.context() as gone:
        gone.setattr(project.comments, "add", _goes)
        with pytest.raises(UnreachableError):
            return_tier(project, *back)
    assert (_tier(project, work).state, project.comments.all()) == (TierState.SUBMITTED, [])
    return_tier(project, *back)
    assert _tier(project, work).state == TierState.RETURNED
    assert {(each.text, each.to) for each in project.comments.all()} == {("Late", ada.id), ("Later", ada.id)}


def test_an_adjudicator_for_whom_nothing_could_be_lifted_is_none_yet(
    project: Project, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, ada, ben = people
    _assigned(project, ada, boss)
    _move(project, _assigned(project, ben, boss, Part.SECOND), TierState.SUBMITTED, ben)
    ben = give_roles(project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    before = project.annotations.load(SID), project.assignments.all(SID), project.annotators.scopes(SID)
    with monkeypatch.context() as gone:
        gone.setattr(project.annotators, "remove_scope", _goes)
        with pytest.raises(UnreachableError):
            _assigned(project, ben, boss, Part.ADJUDICATOR)
    now = project.annotations.load(SID), project.assignments.all(SID), project.annotators.scopes(SID)
    assert now == before
    _assigned(project, ben, boss, Part.ADJUDICATOR)
    assert [scope.annotator_id for scope in project.annotators.scopes(SID)] == [ada.id]


def test_work_that_can_t_be_taken_back_whole_stays(
    project: Project, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss, ada, _ = people
    work = _assigned(project, ada, boss)
    with monkeypatch.context() as gone:
        gone.setattr(Assignments, "remove", _goes)
        with pytest.raises(UnreachableError):
            take_back(project, work.id, boss)
    assert (_tier(project, work).state, project.assignments.all()) == (TierState.ASSIGNED, [work])
    take_back(project, work.id, boss)
    assert project.assignments.all() == []


def test_an_assignment_whose_tier_is_gone_says_so_and_undo_brings_it_back(project: Project, people: People) -> None:
    """The work is still there."""
    boss, ada, _ = people
    tier = _tier(project, _assigned(project, ada, boss))
    project.annotations.record(SID, Edit("Delete", (tier,)), boss.id)
    assert [line.state for line in workload(project)] == [GONE]
    project.annotations.undo(SID, boss.id)
    assert [line.state for line in workload(project)] == [TierState.ASSIGNED]


def _age(project: Project, by_ns: int) -> None:
    with project.database.transaction() as rows:
        rows.execute(text("UPDATE lease SET renewed_utc_ns = renewed_utc_ns - :by"), {"by": by_ns})


def test_a_lease_is_seen_and_a_stale_one_taken_over_with_a_word(project: Project, people: People) -> None:
    boss, ada, ben = people
    tier = _assigned(project, ada, boss).tier_id
    project.leases.take(tier, ada.id, "desk 1")
    with pytest.raises(LeaseError, match=r"A02 is in .* at desk 1") as refused:
        project.leases.take(tier, ben.id, "desk 2", "I go on")
    assert refused.value.lease.annotator_id == ada.id
    assert workload(project)[0].inside == "A02 is in it (desk 1)"
    _age(project, STALE_NS)
    with pytest.raises(LeaseError, match="take it over with a word"):
        project.leases.take(tier, ben.id, "desk 2")
    project.leases.take(tier, ben.id, "desk 2", "You are on leave")
    assert not project.leases.renew(tier, "desk 1")
    assert project.leases.renew(tier, "desk 2")
    (told,) = talks(project, ada, mine=True)
    assert (told.first.by, "You are on leave" in told.first.text) == (ben.id, True)
    project.leases.leave("desk 2")
    assert project.leases.all() == []
    with pytest.raises(WozError, match="no longer there"):
        project.leases.take(TierId("gone"), ada.id, "desk 1")


def test_of_two_who_take_one_lease_at_once_one_has_it(project: Project, people: People) -> None:
    boss, ada, ben = people
    tier = _assigned(project, ada, boss).tier_id
    refused: list[LeaseError] = []
    start = threading.Barrier(2)

    def take(who: Annotator) -> None:
        start.wait()
        try:
            project.leases.take(tier, who.id, f"desk of {who.pseudonym}")
        except LeaseError as error:
            refused.append(error)

    threads = [threading.Thread(target=take, args=(who,)) for who in (ada, ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (lease,) = project.leases.all()
    assert [error.lease.annotator_id for error in refused] == [lease.annotator_id]


def test_a_computers_wrong_clock_makes_no_lease_stale(project: Project, people: People) -> None:
    """The program's clock stands at another year than the database's."""
    boss, ada, _ = people
    work = _assigned(project, ada, boss)
    project.leases.take(work.tier_id, ada.id, "desk 1")
    (lease,) = project.leases.all()
    assert not lease.stale
    assert abs(lease.taken_utc_ns - work.made_utc_ns) < STALE_NS
    assert lease.taken_utc_ns - CLOCK.utc_ns() > STALE_NS


def test_comments_are_answered_and_closed(project: Project, people: People) -> None:
    boss, ada, ben = people
    work = _assigned(project, ada, boss)
    _mark(project, work, 4, 6, ada)
    first = comment(project, Place(SID, item_id="A02-4"), boss, "Ends too late")
    assert (first.to, first.at_ns, first.tier_id) == (ada.id, 4 * NS_PER_S, work.tier_id)
    answer(project, first.id, ada, "Mended")
    (talk,) = talks(project, ada, mine=True)
    assert ([each.text for each in talk.answers], talk.place.endswith("at 4.0 s")) == (["Mended"], True)
    assert talks(project, ben, mine=True) == []
    close(project, first.id, boss)
    with pytest.raises(WozError, match="closed already"):
        close(project, first.id, ada)
    answer(project, first.id, ada, "Not quite")
    assert talks(project, boss)[0].first.open
    for wrong in (Place(SID, item_id="none"), Place(SID, tier="none")):
        with pytest.raises(WozError, match="none"):
            comment(project, wrong, ada, "Where?")
    for answered in (talk.answers[0].id, "none"):
        with pytest.raises(WozError, match=f"There is no comment {answered}; woz comments"):
            answer(project, answered, ada, "To what?")
    with pytest.raises(WozError, match="write its text"):
        comment(project, Place(SID), ada, " ")


def test_a_comment_on_a_turn_stands_on_it(project: Project, people: People) -> None:
    boss, _, _ = people
    take_in_turns(project, TRANSCRIPT, [TURN])
    made = comment(project, Place(SID, item_id=TURN.id), boss, "Who says that?")
    (talk,) = talks(project, boss)
    assert (talk.first.item, talk.first.at_ns) == (ref_to(TURN), TURN.interval.start_ns)
    assert talk.first == made


def test_comments_on_what_somebody_is_blind_to_are_not_shown(project: Project, people: People) -> None:
    boss, ada, ben = people
    first = _assigned(project, ada, boss)
    _assigned(project, ben, boss, Part.SECOND)
    comment(project, Place(SID, 5, tier=first.tier_id), boss, "The second step begins later")
    comment(project, Place(SID, 5), boss, "For all")
    comment(project, Place(SID, 5), boss, "For Ben", ben)
    assert [talk.first.text for talk in talks(project, ben)] == ["For Ben"]
    assert len(talks(project, boss)) == 3


def test_the_commands_answer(sqlite_project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(sqlite_project.path)
    sqlite_project.sessions.save(replace(SESSION, duration_ns=LONG_NS))
    for name in ("A01", "A02"):
        add_annotator(sqlite_project, name)
    give = ["assign", path, "A02", "--tier-type", STATES, "--part", "second", "--share", "25", "--seed", "3"]
    assert main([*give, "--dry-run", "--annotator", "A01"]) == 0
    assert "would be assigned, " in capsys.readouterr().out
    assert main([*give, "--annotator", "A01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (work,) = told["work"]
    assert (work["annotator"], work["part"], work["state"], work["drawn"]) == (
        "A02",
        "second",
        "assigned",
        "25 of 100, seed 3",
    )
    assert sum(end - start for start, end in work["windows"]) == pytest.approx(150, rel=0.01)
    assert main([*give, "--annotator", "A01"]) == 1
    assert main([*give, "--annotator", "A02"]) == 1
    assert "Only a curator or a manager" in capsys.readouterr().err
    assert main([*give, "--window", "3-9", "--annotator", "A01"]) == 1
    assert "not both" in capsys.readouterr().err
    say = ["comments", path, "--annotator", "A01", "--session", SID, "--say", "Look", "--tier", work["tier"]]
    assert main([*say, "--at", "61.5", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["comments"]
    assert (said["to"], said["at"], said["open"]) == ("A02", 61.5, True)
    assert main(["comments", path, "--annotator", "A02", "--answer", said["id"], "Yes", "--close", said["id"]]) == 0
    assert "[closed]" in capsys.readouterr().out
    assert main(["assign", path, "--take-back", work["id"], "--annotator", "A01"]) == 0
    assert "Nothing is assigned yet." in capsys.readouterr().out


def test_who_has_work_is_kept_and_who_was_entered_by_mistake_goes(project: Project, people: People) -> None:
    boss, ada, ben = people
    blind(project, "A03", SID, "", None, BlindTo.BOTH)
    keep_account(project, "ben", ben.id)
    remove_annotator(project, "A03")
    assert [each.pseudonym for each in project.annotators.all()] == ["A01", "A02"]
    assert project.annotators.scopes() == []
    assert accounts(project) == {}
    with pytest.raises(WozError, match="A01 is the only manager"):
        remove_annotator(project, "A01")
    work = _assigned(project, ada, boss)
    _demand_kept(project, "A02")
    _mark(project, work, 0, 1, ada)
    _demand_kept(project, "A02")
    take_back(project, work.id, boss)
    _demand_kept(project, "A02")
    assert _tier(project, work).annotator_id == ada.id


def _demand_kept(project: Project, name: str) -> None:
    with pytest.raises(WozError, match=f"woz annotators retire PROJECT {name} lets them change nothing more"):
        remove_annotator(project, name)


@pytest.mark.parametrize("named_in", ["edit", "comment"])
def test_a_word_or_a_move_alone_keeps_somebody_too(project: Project, people: People, named_in: str) -> None:
    boss, ada, ben = people
    work = _assigned(project, ada, boss)
    if named_in == "edit":
        give_roles(project, "A03", [AnnotatorRole.CURATOR])
        ben = project.annotators.named("A03")
        _move(project, work, TierState.IN_WORK, ada)
        _move(project, work, TierState.SUBMITTED, ada)
        _move(project, work, TierState.ACCEPTED, ben)
    else:
        comment(project, Place(SID, 0), ben, "Here?")
    with pytest.raises(WozError, match="A03 has worked or was given work here"):
        remove_annotator(project, "A03")


def test_who_was_renamed_or_left_has_their_work_in_all_that_tells_of_it(project: Project, people: People) -> None:
    boss, ada, ben = people
    first, second = _assigned(project, ada, boss), _assigned(project, ben, boss, Part.SECOND)
    for who, work in ((ada, first), (ben, second)):
        _mark(project, work, 0, 100, who)
        _move(project, work, TierState.SUBMITTED, who)
    comment(project, Place(SID, NS_PER_S), ada, "Is it both?")
    rename_annotator(project, "A02", "Q77")
    retire_annotator(project, "Q77")
    assert {line.whose for line in workload(project, SID)} == {"Q77", "A03"}
    (pair,) = agreement(project, STATES).pairs
    assert {pair.one, pair.other} == {"Q77", "A03"}
    assert "Q77" in {each.pseudonym: each for each in progress_of(project).people}
    assert [each.by for each in project.comments.all(SID)] == [ada.id]
    found = table(project, SID, STATES, boss, CLOCK)
    assert {each.name for each in found.sources} == {"Q77", "A03"}
    before = project.annotations.load(SID)
    add_annotator(project, "A05")
    carl = give_roles(project, "A05", [AnnotatorRole.CURATOR])
    with pytest.raises(WozError, match="A01 has the gold of"):
        table(project, SID, STATES, carl, CLOCK)
    assert project.annotations.load(SID) == before
    (judged,) = calibrate(project, "Q77", STATES, reference="A03").labels
    assert judged.label
    with pytest.raises(WozError, match="no annotator A02"):
        workload(project, SID, "A02")
    with pytest.raises(WozError, match="Q77 has retired"):
        _mark(project, first, 200, 201, ada)
