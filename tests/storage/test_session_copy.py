"""A session taken out of another project, with all that belongs to it; from a file to a server, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from storage.copies import session_copy
from storage.copies.renaming import Renaming
from storage.copies.session_copy import SessionCopy, copy_session
from storage.copies.session_people import Named
from storage.tables.models import ReviewRow
from storage.tables.work import GoldTakenBackRow, TakenBackRow
from tests.storage.examples import CLOCK, LOOSE, SESSION, TIER, TRANSCRIPT, TURN, question, segment
from tests.storage.login_lab import Lab
from woz.annotation.edits import Edit
from woz.annotation.live_scheme import KEPT_OUT, LIVE, WITHHELD
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.search import Query
from woz.model.annotation import Attribute
from woz.model.annotator import ANY_SCHEME, Annotator, AnnotatorRole, BlindScope
from woz.model.assignment import Assignment, Part
from woz.model.comment import Comment
from woz.model.events import Event, EventKind
from woz.model.ids import (
    AnnotationId,
    AnnotatorId,
    AssignmentId,
    BlindScopeId,
    CommentId,
    LabelId,
    LinkId,
    ParticipantId,
    ProcedureId,
    QuestionId,
    SchemeId,
    SessionId,
    StepId,
    StreamId,
    TermId,
    TierId,
)
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, FREE, steps_scheme
from woz.model.people import Attendance, Consent, ConsentKind, Participant, Role
from woz.model.procedure import Procedure, Step
from woz.model.question import Evidence, Question
from woz.model.review import GivenQuestion, ReviewTask
from woz.model.scheme import AttributeType, Label, Scheme, TierType, ValueKind
from woz.model.session import Session, SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.tier import Tier, TierState
from woz.model.transcript import Term
from woz.model.work import Work
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder

NAME = SessionId("20240101-100000-0b0b")
ANNA = Participant(ParticipantId("anna-id"), "P01", Role.TRAINEE, (Consent(ConsentKind.PRIVACY, "2", 5),))
BEN = Participant(ParticipantId("ben-id"), "E01", Role.EXPERT)
ADA = Annotator(AnnotatorId("ada-id"), "A01", (AnnotatorRole.ANNOTATOR, AnnotatorRole.MANAGER))
EVE = Annotator(AnnotatorId("eve-id"), "A02")
CAKE = Procedure(ProcedureId("cake"), "Cake", (Step(StepId("mix"), "Mix", 0),))
OWN = Scheme(SchemeId("kitchen"), "Kitchen", 1, (TierType("acts", labels=(Label(LabelId("stir"), "stir"),)),))
BY_ADA = Made(Origin.MANUAL, ADA.id, 7)
VIEW = bytes(range(256)) * 999


def silent(percent: int, what: str) -> None: ...


def fill(project: Project) -> None:
    """One session with a row in every table that a session may have."""
    for person in (ANNA, BEN):
        project.participants.save(person)
    for annotator in (ADA, EVE):
        project.annotators.save(annotator)
    project.procedures.save(CAKE)
    project.schemes.add(OWN)
    session = Session(NAME, "Second cake", SessionState.CLOSED, 5, 60, CAKE.id, (ANNA.id, BEN.id))
    project.sessions.save(replace(session, attendance=(Attendance(ANNA.id, Role.TRAINEE, skill=3),), place="k2"))
    project.streams.replace(NAME, [Stream(StreamId("view"), NAME, StreamKind.VIEW, "ego.mkv", 0, Interval(0, 60))])
    project.events.replace(NAME, [Event(3, EventKind.NOTE, "expert", {"text": "\x00日本"})])
    transcript = replace(TRANSCRIPT, session_id=NAME)
    project.transcripts.add(transcript, [TURN])
    _annotate(project)
    work = Work(NAME, TierId("acts"), ADA.id, "2024-01-02", 9)
    project.work.add([work])
    first = Comment(CommentId("c1"), NAME, ADA.id, "Why here?", 0, EVE.id, item=ItemRef("annotation", "a"))
    project.comments.add(first)
    project.comments.add(Comment(CommentId("c2"), NAME, EVE.id, "Because.", 0, answers=first.id))
    _record(project)


def _annotate(project: Project) -> None:
    tier = replace(TIER, id=TierId("acts"), session_id=NAME, scheme_id=OWN.id, tier_type="acts", made=BY_ADA)
    tier = replace(tier, annotator_id=ADA.id)
    mark = replace(segment("a", 0, 5, "stir"), tier_id=tier.id, made=BY_ADA)
    mark = replace(mark, attributes=(Attribute("who", ANNA.id), Attribute("sure", 0.5)))
    asked = replace(question("q"), session_id=NAME, evidence=Evidence((TURN.id,), (mark.id,), (3,)))
    first = project.annotations.record(NAME, Edit("Mark", (), (tier, mark, asked)), ADA.id)
    later = replace(mark, end_ns=9, note="up to here")
    project.annotations.record(NAME, Edit("Move", (mark,), (later,)), ADA.id)
    project.annotations.undo(NAME, ADA.id)
    project.annotations.record(NAME, Edit("Correct", (TURN,), (replace(TURN, text="Mix slowly."),)), EVE.id)
    derived = Made(Origin.DERIVED, "woz", 8, sources=(Source(ref_to(mark), first.id), Source(ref_to(TURN))))
    link = Link(LinkId("l"), NAME, "answers", ref_to(asked), ref_to(TURN), derived)
    term = Term(TermId("whisk"), CAKE.id, "whisk")
    project.annotations.record(NAME, Edit("Link", (), (link, term)), ADA.id)
    given = replace(tier, id=TierId("given"), annotator_id=EVE.id)
    windows = (Interval(0, 10), Interval(20, 30))
    project.assignments.add(
        Assignment(AssignmentId("as"), NAME, "acts", EVE.id, Part.SECOND, given.id, windows, by=ADA.id),
        Edit("Give", (), (given,)),
        [BlindScope(BlindScopeId("b"), EVE.id, NAME, "acts", Interval(0, 10), scheme_id=OWN.id)],
    )
    with project.database.transaction() as rows:
        rows.add(ReviewRow(question_id="q", by=ADA.id, made_utc_ns=5, status="accepted"))
        rows.add(TakenBackRow(assignment_id="was", session_id=NAME, tier_id="given", windows="[[30, 40]]"))
        gold = {"annotator_id": ADA.id, "tier_id": "gold", "tier_type": "acts"}
        rows.add(GoldTakenBackRow(assignment_id="decided", session_id=NAME, **gold))
    project.question_work.add([GivenQuestion(asked.id, NAME, ReviewTask.TEXT, EVE.id, ADA.id, "all, seed 0")])


def _submit(project: Project) -> None:
    """The tier `acts`, with a mark that has an attribute and a link."""
    tier = next(item for item in project.annotations.load(NAME) if isinstance(item, Tier) and item.id == "acts")
    mark = replace(segment("b", 10, 15, "stir"), tier_id=tier.id, made=BY_ADA, note="till it crumbs")
    mark = replace(mark, attributes=(Attribute("sure", 1.0),))
    links = [
        Link(LinkId(f"with {to.kind}"), NAME, "answers", ref_to(mark), to, BY_ADA)
        for to in (ref_to(TURN), ref_to(tier))
    ]
    project.annotations.record(NAME, Edit("Mark", (), (mark, *links)), ADA.id)
    project.annotations.record(NAME, moved(tier, TierState.SUBMITTED, ADA), ADA.id)


def _record(project: Project) -> None:
    folder = SessionFolder(project.session_dir(NAME))
    folder.path.mkdir()
    folder.ego.write_bytes(VIEW)
    entry = StreamEntry(StreamKind.VIEW, "ego.mkv", 0, Interval(0, 60), sha256=hashlib.sha256(VIEW).hexdigest())
    Manifest(NAME, SessionState.CLOSED, 5, "Cake", 60, (entry,)).save(folder.manifest_path)
    (folder.path / "sensors").mkdir()
    (folder.path / "sensors" / "gaze.csv").write_text("t\n")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Project]:
    """Another project, in a file."""
    with Project.create(tmp_path / "elsewhere", "Elsewhere", CLOCK) as made:
        yield made


@pytest.fixture(params=["file to server", "server to file", "file to file"])
def pair(request: pytest.FixtureRequest, elsewhere: Project) -> tuple[Project, Project]:
    """A project with the session, and one that has neither it nor its people; the latter has edits of its own."""
    fixture = "sqlite_project" if request.param == "file to file" else "server_project"
    other: Project = request.getfixturevalue(fixture)
    source, target = (other, elsewhere) if request.param == "server to file" else (elsewhere, other)
    fill(source)
    if target is elsewhere:
        target.schemes.add(LOOSE)
        target.sessions.save(SESSION)
    target.annotations.record(SESSION.id, Edit("own", (), (TIER, segment("own"))), "ada")
    return source, target


def copied(source: Project, target: Project, **named: dict[str, str]) -> SessionCopy:
    return copy_session(source, NAME, target, Named(**named), silent)


def history(project: Project) -> list[tuple[object, ...]]:
    """Without the edits' own numbers: which edit each undoes by its place in the list."""
    edits = project.annotations.history(NAME)
    places = {edit.id: at for at, edit in enumerate(edits)}
    return [(e.by, e.made_utc_ns, e.name, e.why, places.get(e.undoes or 0), len(e.changes)) for e in edits]


def test_all_that_belongs_to_it_comes_along(pair: tuple[Project, Project]) -> None:
    source, target = pair
    made = copied(source, target)
    assert target.sessions.get(NAME) == source.sessions.get(NAME)
    assert target.participants.all() == source.participants.all()
    assert target.procedures.get(CAKE.id) == CAKE
    assert target.streams.of_session(NAME) == source.streams.of_session(NAME)
    assert target.transcripts.turns(TRANSCRIPT.id) == source.transcripts.turns(TRANSCRIPT.id)
    assert target.comments.all(NAME) == source.comments.all(NAME)
    assert target.assignments.all(NAME) == source.assignments.all(NAME)
    assert target.assignments.adjudications(NAME) == source.assignments.adjudications(NAME) != []
    assert [tier.given_ns for each in target.library.sessions() for tier in each.tiers] == [None, None, 30]
    assert target.annotators.scopes(NAME) == source.annotators.scopes(NAME)
    assert target.work.all(NAME) == source.work.all(NAME)
    assert history(target) == history(source)
    assert target.events.of_session(NAME) == source.events.of_session(NAME)
    items = [{ref_to(item): item for item in each.annotations.load(NAME)} for each in (source, target)]
    assert (
        items[0].keys()
        == items[1].keys()
        >= {ItemRef("tier", "acts"), ItemRef("link", "l"), ItemRef("term", "whisk")}
    )
    assert {ref for ref in items[0] if items[0][ref] != items[1][ref]} <= {ItemRef("link", "l")}
    (asked,) = (item for item in items[1].values() if isinstance(item, Question))
    assert asked.evidence == Evidence((TURN.id,), (AnnotationId("a"),), (3,))
    assert (target.session_dir(NAME) / "ego.mkv").read_bytes() == VIEW
    assert (made.files, made.edits, made.people) == (3, len(history(source)), ("E01", "P01", "A01", "A02"))


def test_what_refers_to_an_edit_refers_to_the_same_one_here(pair: tuple[Project, Project]) -> None:
    source, target = pair
    copied(source, target)
    [link] = [item for item in target.annotations.load(NAME) if isinstance(item, Link)]
    first = target.annotations.history(NAME)[0]
    assert [each.edit_id for each in link.made.sources] == [first.id, None]
    assert first.name == "Mark"
    assert [version.name for version in target.annotations.versions(ItemRef("annotation", "a"))] == [
        "Move",
        "Move",
        "Mark",
    ]


def test_it_can_be_worked_on_at_once(pair: tuple[Project, Project]) -> None:
    """Undone and redone by whoever did it, searched, and edited."""
    source, target = pair
    copied(source, target)
    redone = target.annotations.redo(NAME, EVE.id)
    assert redone is None
    undone = target.annotations.undo(NAME, EVE.id)
    assert undone is not None
    assert target.transcripts.turns(TRANSCRIPT.id)[0].text == "Mix well."
    assert [hit.item_id for hit in target.search.find(Query(("well",))).hits] == [TURN.id]
    target.events.append(NAME, [Event(4, EventKind.NOTE, "expert", {})])


def test_who_is_new_gets_no_role_beyond_annotating(pair: tuple[Project, Project]) -> None:
    source, target = pair
    copied(source, target)
    assert target.annotators.named("A01").roles == (AnnotatorRole.ANNOTATOR,)


def test_a_manager_who_logs_in_takes_one_in(lab: Lab, elsewhere: Project) -> None:
    """With its history, whose edits bear others' names and take one another back; and with a tier that was
    submitted."""
    fill(elsewhere)
    _submit(elsewhere)
    with lab.as_("M01") as target:
        copied(elsewhere, target, annotators={"A01": "A11", "A02": "A12"})
    assert [hit.item_id for hit in lab.owner.search.find(Query(("crumbs",))).hits] == ["b"]
    assert history(lab.owner) == history(elsewhere)
    assert any(undone is not None for *_, undone, _ in history(lab.owner))


def test_nothing_is_overwritten(pair: tuple[Project, Project]) -> None:
    source, target = pair
    copied(source, target)
    with pytest.raises(WozError, match="nothing was overwritten"):
        copied(source, target)


def test_a_pseudonym_that_both_have_is_asked_about(pair: tuple[Project, Project]) -> None:
    source, target = pair
    other = Participant(ParticipantId("else"), "P01", Role.TRAINEE, (Consent(ConsentKind.RELEASE, "1", 4),))
    target.participants.save(other)
    target.annotators.save(Annotator(AnnotatorId("else-a"), "A01"))
    with pytest.raises(WozError, match="P01=P01"):
        copied(source, target)
    with pytest.raises(WozError, match="A01=ANOTHER"):
        copied(source, target, participants={"P01": "P09"})
    assert [session.id for session in target.sessions.all()] == [SESSION.id]
    assert not target.session_dir(NAME).exists()
    copied(source, target, participants={"P01": "P01"}, annotators={"A01": "A01"})
    known = {person.pseudonym: person for person in target.participants.all()}
    assert [each.kind for each in known["P01"].consents] == [ConsentKind.PRIVACY, ConsentKind.RELEASE]
    assert target.sessions.get(NAME).participants == (other.id, BEN.id)
    items = {ref_to(item): item for item in target.annotations.load(NAME)}
    mark = items[ItemRef("annotation", "a")]
    assert (mark.made.by, mark.value("who")) == ("else-a", "else")  # type: ignore[union-attr]
    assert {edit.by for edit in target.annotations.history(NAME)} == {"else-a", EVE.id}


def test_what_was_given_to_two_who_are_one_here_was_given_once(pair: tuple[Project, Project]) -> None:
    source, target = pair
    source.question_work.add([GivenQuestion(QuestionId("q"), NAME, ReviewTask.TEXT, ADA.id)])
    target.annotators.save(Annotator(AnnotatorId("one"), "A01"))
    copied(source, target, annotators={"A01": "A01", "A02": "A01"})
    assert [(each.given.question_id, each.given.to) for each in target.question_work.all()] == [("q", "one")]


def test_another_pseudonym_may_be_given(pair: tuple[Project, Project]) -> None:
    source, target = pair
    target.participants.save(Participant(ParticipantId("else"), "P01", Role.TRAINEE))
    copied(source, target, participants={"P01": "P77"})
    assert target.participants.get(ANNA.id).pseudonym == "P77"
    with pytest.raises(WozError, match="already"):
        copied(source, target)


def test_a_withdrawal_that_only_one_project_knows_of_ends_it(pair: tuple[Project, Project]) -> None:
    source, target = pair
    target.participants.save(replace(ANNA, withdrawn=True))
    with pytest.raises(WozError, match="P01 has withdrawn here"):
        copied(source, target)


def test_a_scheme_that_went_another_way_comes_under_its_own_id(pair: tuple[Project, Project]) -> None:
    source, target = pair
    other = replace(OWN, tier_types=(TierType("acts", labels=(Label(LabelId("cut"), "cut"),)),))
    target.schemes.add(other)
    made = copied(source, target)
    tiers = [item for item in target.annotations.load(NAME) if ref_to(item).kind == "tier"]
    (scheme_id,) = {tier.scheme_id for tier in tiers}  # type: ignore[union-attr]
    assert scheme_id.startswith("kitchen-")
    assert target.schemes.get(scheme_id, 1).tier_types == OWN.tier_types
    assert target.schemes.get(OWN.id, 1) == other
    assert any("kitchen" in each for each in made.told)


def test_who_is_blind_stays_so_where_the_scheme_has_another_id(pair: tuple[Project, Project]) -> None:
    """A scope on a scheme that isn't there, and one from before scopes named schemes, are for every scheme."""
    source, target = pair
    unused = BlindScope(BlindScopeId("c"), ADA.id, NAME, "acts", scheme_id=SchemeId("unused"))
    from_before = BlindScope(BlindScopeId("d"), ADA.id, NAME, "other")
    for scope in (unused, from_before):
        source.annotators.save_scope(scope)
    target.schemes.add(replace(OWN, tier_types=(TierType("acts", labels=(Label(LabelId("cut"), "cut"),)),)))
    copied(source, target)
    scopes = {str(scope.id): scope for scope in target.annotators.scopes(NAME)}
    assert scopes["b"].scheme_id.startswith("kitchen-")
    assert (scopes["c"].scheme_id, scopes["d"].scheme_id) == (ANY_SCHEME, ANY_SCHEME)
    mark = ItemRef("annotation", "a")
    for project in pair:
        assert mark in project.annotations.stored([mark])
        assert mark not in project.seen_by(EVE.id).annotations.stored([mark])
        assert mark not in {ref_to(item) for item in project.seen_by(EVE.id).annotations.load(NAME)}


def test_a_scope_on_a_scheme_that_no_tier_is_in_yet_hides_no_other(pair: tuple[Project, Project]) -> None:
    """woz's own are called alike everywhere; others come along, under another id where they have to."""
    source, target = pair
    ivy = Annotator(AnnotatorId("ivy-id"), "A03")
    source.annotators.save(ivy)
    for name in ("new", "both"):
        source.schemes.add(replace(OWN, id=SchemeId(name), name=name))
    target.schemes.add(replace(OWN, id=SchemeId("both"), name="both", tier_types=(TierType("acts"),)))
    own = {LIVE.id, KEPT_OUT.id, CONVERSATION.id, FREE.id, steps_scheme(CAKE).id}
    for name in (*own, "new", "both"):
        scope = BlindScope(BlindScopeId(name), ivy.id, NAME, "acts", scheme_id=SchemeId(name))
        source.annotators.save_scope(scope)
    copied(source, target)
    scopes = {str(each.id): each.scheme_id for each in target.annotators.scopes(NAME)}
    assert {each: scopes[each] for each in (*own, "new")} == {each: each for each in (*own, "new")}
    assert scopes["both"].startswith("both-")
    known = {(each.id, each.version): each.tier_types for each in target.schemes.all()}
    assert known[SchemeId("new"), 1] == known[scopes["both"], 1] == OWN.tier_types
    mark = ItemRef("annotation", "a")
    for project in pair:
        assert mark in project.seen_by(ivy.id).annotations.stored([mark])


def test_a_scheme_of_wozs_own_keeps_its_id_whatever_it_says(pair: tuple[Project, Project]) -> None:
    """What is kept out of releases is found by it when the session's live marks are taken in again."""
    source, target = pair
    (before,) = KEPT_OUT.tier_types
    before = replace(before, attributes=(AttributeType("why", ValueKind.TEXT),))
    source.schemes.add(replace(KEPT_OUT, tier_types=(before,)))
    target.schemes.add(KEPT_OUT)
    tier = replace(TIER, id=TierId("out"), session_id=NAME, scheme_id=KEPT_OUT.id, tier_type=WITHHELD)
    source.annotations.record(NAME, Edit("Make", (), (tier,)), ADA.id)
    copied(source, target)
    (here,) = (each for each in target.annotations.load(NAME) if isinstance(each, Tier) and each.id == tier.id)
    assert here.scheme_id == KEPT_OUT.id


def test_a_tier_that_is_gone_follows_its_scheme_in_whichever_version_it_was() -> None:
    """The history says what it was, and who was blind to it stays so."""
    renaming = Renaming(schemes={("kitchen", 2): ("kitchen-1", 3)})

    def renamed(scheme: str, version: int) -> str:
        return renaming.json(f'{{"scheme_id":"{scheme}","scheme_version":{version}}}')

    assert renamed("kitchen", 2) == '{"scheme_id":"kitchen-1","scheme_version":3}'
    assert renamed("kitchen", 1) == '{"scheme_id":"kitchen-1","scheme_version":1}'
    assert renamed("loose", 1) == '{"scheme_id":"loose","scheme_version":1}'


def test_a_scheme_that_says_the_same_in_another_version_is_used(pair: tuple[Project, Project]) -> None:
    source, target = pair
    target.schemes.add(replace(OWN, tier_types=(TierType("other"),)))
    target.schemes.add(replace(OWN, version=2))
    copied(source, target)
    tiers = [item for item in target.annotations.load(NAME) if ref_to(item).kind == "tier"]
    assert {(tier.scheme_id, tier.scheme_version) for tier in tiers} == {(OWN.id, 2)}  # type: ignore[union-attr]


def test_a_damaged_recording_is_refused(pair: tuple[Project, Project]) -> None:
    source, target = pair
    (source.session_dir(NAME) / "ego.mkv").write_bytes(VIEW[:-1] + b"x")
    with pytest.raises(WozError, match="hash differs"):
        copied(source, target)
    (source.session_dir(NAME) / "ego.mkv").unlink()
    with pytest.raises(WozError, match="fetch it"):
        copied(source, target)
    assert not target.session_dir(NAME).exists()


def test_one_that_is_recorded_at_this_moment_is_refused(pair: tuple[Project, Project]) -> None:
    source, target = pair
    lock = RecordingLock(SessionFolder(source.session_dir(NAME)).lock)
    assert lock.take()
    try:
        with pytest.raises(WozError, match="being recorded"):
            copied(source, target)
    finally:
        lock.release()


def test_a_fault_on_the_way_leaves_nothing(pair: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = pair
    with monkeypatch.context() as patched:
        patched.setattr(session_copy, "differing", lambda *_: "turn")
        with pytest.raises(WozError, match="nothing was kept"):
            copied(source, target)
    assert [session.id for session in target.sessions.all()] == [SESSION.id]
    assert target.participants.all() == []
    assert not target.session_dir(NAME).exists()
    copied(source, target)


def test_what_another_import_put_there_meanwhile_stays(
    pair: tuple[Project, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = pair
    look = session_copy._same_files

    def look_then_another(place: Path, sums: Mapping[Path, str], session_id: str) -> bool:
        found = look(place, sums, session_id)
        with monkeypatch.context() as patched:
            patched.setattr(session_copy, "_same_files", look)
            copied(source, target)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(session_copy, "_same_files", look_then_another)
        with pytest.raises(WozError):
            copied(source, target)
    assert (target.session_dir(NAME) / "ego.mkv").read_bytes() == VIEW
    assert NAME in [session.id for session in target.sessions.all()]
