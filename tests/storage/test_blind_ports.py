"""Opened as an annotator who is blind to others, no port of a project gives what they made there."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event

from storage import Project
from storage.tables.annotators import BlindScopeRow
from tests.storage.examples import CLOCK, SESSION, SID, question, segment
from tests.storage.package_room import package_for
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.review.texts import judged
from woz.lab.agreeing import agreement
from woz.lab.annotation_import import has_annotations_alone
from woz.lab.annotators import add_annotator, blind, give_roles
from woz.lab.assigning import Order, assign, take_back
from woz.lab.commenting import Place, comment, talks
from woz.lab.exporting import export_bundle
from woz.lab.feedback import FeedbackDesk
from woz.lab.findings import session_findings
from woz.lab.histories import session_history
from woz.lab.item_names import pseudonyms
from woz.lab.own_talks import OwnTalks
from woz.lab.progress import progress_of
from woz.lab.search import Query
from woz.lab.tiers import tiers_of
from woz.lab.workload import workload
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole, BlindTo
from woz.model.assignment import Part
from woz.model.ids import LinkId, SchemeId, SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.question import Evidence, Question
from woz.model.review import Decision, ReviewRule, ReviewTask, Verdict
from woz.model.tier import Tier

SECRET, OWN, ELSEWHERE = "of Ada alone", "of Ben", "of Ada elsewhere"
HIDDEN = Interval(60 * NS_PER_S, 120 * NS_PER_S)
OTHER = replace(CONVERSATION, id=SchemeId("other-states"), name="Other states")
"""A scheme that has a tier type of the same key."""
OTHER_STATES, SHOWN = f"{OTHER.id}/{STATES}", "of Ada by the other scheme"
PORTS = {"annotations", "assignments", "comments", "library", "packages", "question_work", "search"}
"""Those that answer with what annotators made; each is tried below."""
OTHERS = {"sessions", "participants", "procedures", "streams", "events", "transcripts", "schemes", "annotators"} | {
    "jobs",
    "imports",
    "leases",
    "logins",
    "blurring",
    "voice_masking",
    "names",
    "work",
    "reviews",
    "withdrawals",
    "keeping",
    "releases",
}
"""Those that hold nothing of it, but for reviews, which ask for whom, and are tried below, too."""
PLAIN = {"place", "path", "database", "media_root", "_mark", "_clock", "_viewer"}


class Room:
    """Ada has coded, a machine has drafted, and Ben codes a minute of it again; the same in whole."""

    def __init__(self, project: Project, windows: tuple[Interval, ...]) -> None:
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        self.project = project
        first = assign(project, SID, Order(STATES, self.ada, self.boss), CLOCK)
        machine = Made(Origin.MACHINE, "drafter")
        self.draft = Tier(TierId("draft"), SID, CONVERSATION.id, 1, STATES, "Draft", machine)
        project.annotations.record(SID, Edit("Draft", (), (self.draft,)), "drafter")
        second = assign(project, SID, Order(STATES, self.ben, self.boss, Part.SECOND, windows), CLOCK)
        self.tiers = {self.ada: first.tier_id, self.ben: second.tier_id}
        self.shown = self.mark(self.tiers[self.ben], 70, OWN, self.ben.id)
        self.hidden = [
            self.mark(first.tier_id, 65, SECRET, self.ada.id),
            self.mark(self.draft.id, 90, SECRET, "drafter"),
        ]
        self.mark(first.tier_id, 300, ELSEWHERE, self.ada.id)
        made = Made(Origin.MANUAL, self.boss.id)
        link = Link(LinkId("link"), SID, "same", ref_to(self.shown), ref_to(self.hidden[0]), made, SECRET)
        project.annotations.record(SID, Edit(f"Link {SECRET}", (), (link,)), self.boss.id)
        self.asked = self.ask(OWN, self.shown)
        asked = [self.ask(f"{SECRET} {at}", mark) for at, mark in enumerate(self.hidden)]
        comment(project, Place(SID, item_id=self.hidden[0].id), self.boss, f"Begins late ({SECRET})")
        for whose, holds in ((self.ada, SECRET), (self.ben, OWN)):
            project.packages.add(package_for(whose, SID, (holds,)), "secret")
        self.refs = [*map(ref_to, (*self.hidden, link, *asked)), ItemRef("tier", first.tier_id)]

    def code_by_another_scheme(self) -> None:
        """Ada and a machine have marked the same by a scheme in which Ben is not blind to people."""
        self.project.schemes.add(OTHER)
        self.other_work = assign(self.project, SID, Order(OTHER_STATES, self.ada, self.boss), CLOCK)
        self.other_draft = replace(self.draft, id=TierId("other draft"), scheme_id=OTHER.id)
        self.project.annotations.record(SID, Edit("Draft", (), (self.other_draft,)), "drafter")
        ada = self.mark(self.other_work.tier_id, 66, SHOWN, self.ada.id)
        self.hidden.append(self.mark(self.other_draft.id, 91, SECRET, "drafter"))
        made = Made(Origin.MANUAL, self.boss.id)
        link = Link(LinkId("other link"), SID, "same", ref_to(self.shown), ref_to(ada), made, SHOWN)
        self.project.annotations.record(SID, Edit(f"Link {SHOWN}", (), (link,)), self.boss.id)
        comment(self.project, Place(SID, item_id=ada.id), self.boss, f"Begins late ({SHOWN})")
        self.other_refs = [ref_to(ada), ref_to(link)]
        self.refs += [*self.other_refs, ref_to(self.hidden[-1])]

    def mark(self, tier: TierId, start_s: int, note: str, by: str) -> Annotation:
        made = Made(Origin.MACHINE if by == "drafter" else Origin.MANUAL, by)
        new = replace(segment(f"{by[:4]}{start_s}", start_s * NS_PER_S, (start_s + 5) * NS_PER_S), tier_id=tier)
        new = replace(new, note=note, made=made)
        self.project.annotations.record(SID, Edit(f"Mark {note}", (), (new,), note), by)
        return new

    def ask(self, words: str, mark: Annotation) -> Question:
        """A question set that rests on a mark, whose label it names."""
        made, rests = Made(Origin.MANUAL, self.boss.id), Evidence((), (mark.id,))
        new = replace(question(f"question {words}"), text=words, step=words, evidence=rests, made=made)
        self.project.annotations.record(SID, Edit(f"Ask {words}", (), (new,)), self.boss.id)
        return new

    def passing(self) -> Tier:
        """A tier that Ada has made for herself."""
        made = Made(Origin.MANUAL, self.ada.id)
        tier = Tier(TierId("passing"), SID, CONVERSATION.id, 1, STATES, "Passing", made, self.ada.id)
        self.project.annotations.record(SID, Edit("New tier", (), (tier,)), self.ada.id)
        return tier

    def told(self, viewer: Annotator, login: Project | None = None) -> dict[str, str]:
        """What each port answers, by its name; with a `login` of the viewer as it was opened by it."""
        project = login or self.project
        view, seen = login or project.seen_by(viewer.id), project.annotations
        asked = (viewer,) if login else tuple(self.tiers)
        lab: dict[str, Callable[[], object]] = {
            "open": lambda: seen.open(SID, viewer.id),
            "load": lambda: view.annotations.load(SID),
            "since": lambda: (seen.since(SID, 0, viewer.id), view.annotations.since(SID, 0)),
            "history": lambda: view.annotations.history(SID),
            "versions": lambda: [view.annotations.versions(ref) for ref in self.refs],
            "stored": lambda: view.annotations.stored(self.refs),
            "taken_away": lambda: view.annotations.taken_away(SID),
            "undo_names": lambda: view.annotations.undo_names(SID, viewer.id),
            "session history": lambda: session_history(view, SID),
            "tiers": lambda: tiers_of(view, SID, pseudonyms(view)),
            "findings": lambda: session_findings(view, SID),
            "export": lambda: export_bundle(view, SID),
            "comments": lambda: (view.comments.all(), *(view.comments.concerning(each.id) for each in asked)),
            "begun": lambda: [view.comments.begun(each.id) for each in self.project.comments.all()],
            "talks": lambda: (talks(view, viewer), talks(project, viewer)),
            "own talks": lambda: (talks(view, viewer, mine=True), OwnTalks(project, viewer).read()),
            "work": lambda: workload(view),
            "search": lambda: view.search.find(Query(("of Ada",))),
            "library": lambda: (view.library.sessions(), view.library.people()),
            "packages": lambda: view.packages.all(),
            "question work": lambda: view.question_work.all(),
            "progress": lambda: progress_of(view),
            "reviews": lambda: project.reviews.waiting(viewer.id, ReviewTask.TEXT),
            "feedback": lambda: FeedbackDesk(project, SID, viewer).read(_tiers(view)),
        }
        return {name: repr(call()) for name, call in lab.items()}


def _tiers(project: Project) -> list[Tier]:
    return [each for each in project.annotations.load(SID) if isinstance(each, Tier)]


@pytest.fixture(params=[(), (HIDDEN,)], ids=["whole", "window"])
def room(project: Project, request: pytest.FixtureRequest) -> Room:
    return Room(project, request.param)


def test_no_port_gives_what_others_made_where_somebody_is_blind(room: Room) -> None:
    for name, told in room.told(room.ben).items():
        assert SECRET not in told, name
    whole = room.told(room.boss)
    silent = {name for name, told in whole.items() if SECRET not in told}
    assert silent == {"taken_away", "tiers", "findings", "work", "library", "progress", "question work"}
    assert [line.whose for line in workload(room.project.seen_by(room.ben.id))] == ["A03"]


def test_in_which_windows_others_were_given_work_is_not_told(project: Project) -> None:
    """Also once it was taken back."""
    room = Room(project, (HIDDEN,))
    for _ in range(2):
        for who in (room.ben, room.boss):
            assert project.seen_by(who.id).assignments.given() == {room.tiers[room.ben]: (HIDDEN,)}
        assert project.seen_by(room.ada.id).assignments.given(SID) == {}
        for work in project.assignments.all(SID, room.ben.id):
            take_back(project, work.id, room.boss)


def test_whose_work_is_seen_of_a_session_is_told_by_what_is_hidden_there_alone(project: Project) -> None:
    """So that as many sessions as a lab has aren't read anew for each of them."""
    room = Room(project, ())
    other = replace(SESSION, id=SessionId("20240101-000000-other"))
    project.sessions.save(other)
    elsewhere = assign(project, other.id, Order(STATES, room.ada, room.boss), CLOCK)
    blind(project, "A03", other.id, "", None, BlindTo.BOTH)
    view, read = project.seen_by(room.ben.id), list[str]()

    def hear(scope: BlindScopeRow, _: object) -> None:
        read.append(scope.session_id)

    event.listen(BlindScopeRow, "load", hear)
    try:
        seen = view.assignments.all(SID)
        assert set(read) == {SID}
        assert {each.tier_id for each in (*seen, *view.assignments.all())} == {room.tiers[room.ben]}
        assert elsewhere in project.assignments.all(other.id)
    finally:
        event.remove(BlindScopeRow, "load", hear)


def test_whoever_is_blind_gets_no_tiers_nor_figures_of_others_in_the_library(room: Room) -> None:
    blind, seeing = (room.project.seen_by(each.id).library for each in (room.ben, room.boss))
    every = {*room.tiers.values(), room.draft.id}
    for library, tiers, people in (
        (blind, {room.tiers[room.ben]}, ["A03"]),
        (seeing, every, ["A01", "A02", "A03"]),
    ):
        (session,) = library.sessions()
        assert {tier.tier_id for tier in session.tiers} == tiers
        assert [person.pseudonym for person in library.people()] == people


def test_who_is_blind_in_one_scheme_gets_the_same_key_of_another_at_every_port(room: Room) -> None:
    room.code_by_another_scheme()
    told = room.told(room.ben)
    for name, answer in told.items():
        assert SECRET not in answer, name
    silent = {name for name, answer in told.items() if SHOWN not in answer}
    silent -= {"own talks"}  # it is said to Ada
    figures = {"findings", "progress", "work", "library", "packages", "question work", "reviews"}
    assert silent == {"taken_away", "undo_names", "tiers"} | figures
    view = room.project.seen_by(room.ben.id)
    seen = {room.tiers[room.ben], room.other_work.tier_id}
    assert {line.assignment.tier_id for line in workload(view)} == seen
    assert {line.tier.id for line in tiers_of(view, SID, {})} >= seen
    (session,) = view.library.sessions()
    assert {tier.tier_id for tier in session.tiers} == seen
    assert view.annotations.stored(room.refs).keys() >= set(room.other_refs)
    assert {hit.item_id for hit in view.search.find(Query((SHOWN,))).hits} == {ref.id for ref in room.other_refs}


def test_agreement_on_the_same_key_of_another_scheme_is_given(project: Project) -> None:
    room = Room(project, ())
    room.code_by_another_scheme()
    order = Order(OTHER_STATES, room.boss, room.boss, see_all=True)
    room.mark(assign(project, SID, order, CLOCK).tier_id, 66, SHOWN, room.boss.id)
    view = project.seen_by(room.ben.id)
    assert len(agreement(view, OTHER_STATES).pairs) == 1
    with pytest.raises(WozError, match="sees no agreement"):
        agreement(view, f"{CONVERSATION.id}/{STATES}")


def test_the_first_coder_sees_the_draft_and_not_the_second(room: Room) -> None:
    told = room.told(room.ada)
    assert all(OWN not in each.replace(ELSEWHERE, "").replace(SECRET, "") for each in told.values())
    assert all(name in told["load"] for name in (SECRET, ELSEWHERE, "drafter"))


def test_outside_of_the_windows_the_rest_is_seen(project: Project) -> None:
    room = Room(project, (HIDDEN,))
    told = room.told(room.ben)
    assert all(ELSEWHERE in told[name] for name in ("open", "load", "since", "history", "export"))


def test_there_is_no_agreement_for_who_is_blind(room: Room) -> None:
    """Also in windows alone: they see a part of what others marked, which is none of their agreement."""
    for each in (room.ada, room.ben):
        with pytest.raises(WozError, match="sees no agreement"):
            agreement(room.project.seen_by(each.id), STATES)
    assert len(agreement(room.project.seen_by(room.boss.id), STATES).pairs) == 1


def test_machines_and_tiers_that_are_named_are_not_compared_for_who_is_blind_to_them(room: Room) -> None:
    """Nor is it told that there are any. Who is blind to people alone sees a machine's, beside their own."""
    names = ["drafter", str(room.draft.id), str(room.tiers[room.ada])]
    view = room.project.seen_by(room.ben.id)
    for name in names:
        with pytest.raises(WozError, match=f"no annotator {name}, and"):
            agreement(view, STATES, annotators=["A03", name])
    for name in names:
        (pair,) = agreement(room.project.seen_by(room.boss.id), STATES, annotators=["A03", name]).pairs
        assert pair.one == "A03"
    blind(room.project, "A01", SID, STATES, None, BlindTo.MACHINES)
    view = room.project.seen_by(room.boss.id)
    assert len(agreement(view, STATES, annotators=["A03", names[2]]).pairs) == 1
    for name in names[:2]:
        with pytest.raises(WozError, match=f"no annotator {name}, and"):
            agreement(view, STATES, annotators=["A03", name])


def test_who_is_blind_to_people_alone_sees_how_far_they_agree_with_a_machine(project: Project) -> None:
    room = Room(project, ())
    for scope in project.annotators.scopes(SID):
        project.annotators.remove_scope(scope.id)
    blind(project, "A03", SID, STATES, None, BlindTo.PEOPLE)
    view = project.seen_by(room.ben.id)
    (pair,) = agreement(view, STATES, annotators=["A03", "drafter"]).pairs
    assert (pair.one, pair.other) == ("A03", "drafter")
    with pytest.raises(WozError, match="sees no agreement"):
        agreement(view, STATES, annotators=["A02", "drafter"])


def test_who_is_blind_to_machines_alone_sees_how_far_people_agree(project: Project) -> None:
    room = Room(project, ())
    blind(project, "A01", SID, STATES, None, BlindTo.MACHINES)
    seen, whole = agreement(room.project.seen_by(room.boss.id), STATES), agreement(room.project, STATES)
    assert seen.pairs == whole.pairs


def test_a_session_that_came_in_with_a_file_lacks_no_recording_for_who_doesnt_see_it(project: Project) -> None:
    room = Room(project, ())
    view = project.seen_by(room.ben.id)
    assert not has_annotations_alone(view, SID)
    imported = replace(room.draft, id=TierId("imported"), made=Made(Origin.IMPORTED, "program"))
    project.annotations.record(SID, Edit("Import", (), (imported,)), "program")
    assert imported not in view.annotations.load(SID)
    assert has_annotations_alone(view, SID)


def test_what_others_do_meanwhile_is_not_followed(room: Room) -> None:
    heard: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    document = Document(SID, room.project.annotations.open(SID, room.ben.id), room.project.annotations, room.ben.id)
    with_following = room.project.database.follow(lambda change: heard.put(change.edit_id))
    heard.get(timeout=120)
    room.mark(room.tiers[room.ada], 100, SECRET, room.ada.id)
    heard.get(timeout=120)
    with_following.close()
    document.follow()
    assert SECRET not in repr(document.items)
    assert document.undo_name == f"Mark {OWN}"


def test_what_was_in_a_tier_that_is_gone_stays_hidden(room: Room) -> None:
    """The draft's mark was taken away by one edit, its tier by the next."""
    for _ in range(2):
        room.project.annotations.undo(SID, "drafter")
    assert room.draft not in room.project.annotations.load(SID)
    for name, told in room.told(room.ben).items():
        assert SECRET not in told, name
    assert "drafter" in room.told(room.boss)["history"]


def test_who_is_blind_takes_back_a_tier_of_their_own_with_all_that_came_in_it(room: Room) -> None:
    made = Made(Origin.IMPORTED, "a table")
    own = replace(room.draft, id=TierId("own"), annotator_id=room.ben.id, made=made)
    mark = replace(segment("mine", 80 * NS_PER_S, 81 * NS_PER_S), tier_id=own.id, made=made)
    room.project.annotations.record(SID, Edit("Import", (), (own, mark)), room.ben.id)
    undone = room.project.annotations.undo(SID, room.ben.id)
    assert undone
    assert {change.item for change in undone.changes} == {ref_to(own), ref_to(mark)}


def test_a_tier_that_others_made_and_took_back_stays_hidden_in_all_that_tells_of_it(room: Room) -> None:
    """What its marks were in is known by the log alone."""
    mark = room.mark(room.passing().id, 80, SECRET, room.ada.id)
    for _ in range(2):
        room.project.annotations.undo(SID, room.ada.id)
    room.refs += [ref_to(mark), ItemRef("tier", "passing")]
    for name, told in room.told(room.ben).items():
        assert SECRET not in told, name
    assert room.told(room.boss)["history"].count(f"name='Mark {SECRET}'") == 4


def test_who_is_blind_sees_a_tier_go_that_they_saw(project: Project) -> None:
    room = Room(project, (HIDDEN,))
    tier = room.passing()
    refs = {ref_to(tier), ref_to(room.mark(tier.id, 400, ELSEWHERE, room.ada.id))}
    document = Document(SID, project.annotations.open(SID, room.ben.id), project.annotations, room.ben.id)
    gone = tuple(item for item in document.items if ref_to(item) in refs)
    assert len(gone) == 2
    project.annotations.record(SID, Edit("Delete", gone, ()), room.ada.id)
    document.follow()
    assert not refs & set(map(ref_to, document.items))


def test_nobody_takes_back_what_they_dont_see(room: Room) -> None:
    edit = next(each for each in room.project.annotations.history(SID) if each.why == SECRET)
    with pytest.raises(WozError, match="has no edit"):
        room.project.annotations.take_back(SID, room.ben.id, edit.id)
    room.project.annotations.take_back(SID, room.boss.id, edit.id)


def test_every_port_of_a_project_is_known_here(project: Project) -> None:
    """A new one that answers with what annotators made is to be tried above."""
    assert set(vars(project)) == PORTS | OTHERS | PLAIN
    view = project.seen_by(add_annotator(project, "A01").id)
    assert all(getattr(view, name) is not getattr(project, name) for name in PORTS)


def test_a_question_set_is_seen_by_whoever_sees_what_it_rests_on(room: Room) -> None:
    """Also where that is gone: it names its label still."""
    asked = {ref for ref in room.refs if ref.kind == "question"}
    own = ref_to(room.asked)
    for _ in range(2):
        for who, seen in ((room.ben, {own}), (room.boss, {own, *asked})):
            view = room.project.seen_by(who.id)
            loaded = {ref_to(item) for item in view.annotations.load(SID) if isinstance(item, Question)}
            assert (loaded, set(view.annotations.stored([own, *asked]))) == (seen, seen)
            waiting = room.project.reviews.waiting(who.id, ReviewTask.TEXT)
            assert {ItemRef("question", each.question_id) for each in waiting} == seen
        marks = {ref_to(mark) for mark in room.hidden}
        gone = [
            each for each in room.project.annotations.load(SID) if ref_to(each) in marks or isinstance(each, Link)
        ]
        if gone:
            room.project.annotations.record(SID, Edit("Tidy up", tuple(gone)), room.boss.id)


def test_a_curator_who_is_blind_is_told_of_no_question_set_that_names_what_is_hidden(room: Room) -> None:
    """Neither what all of them ask nor what is in dispute; also where what they rest on is gone."""
    own, every = {room.asked.id}, {room.asked.id, *(ref.id for ref in room.refs if ref.kind == "question")}
    give_roles(room.project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.CURATOR])
    reviews, text = room.project.reviews, ReviewTask.TEXT
    reviews.set_rule(ReviewRule(2))
    for who, verdict in ((room.ada, Verdict.ACCEPTABLE), (room.boss, Verdict.DISCARD)):
        for each in reviews.asked(room.boss.id).values():
            reviews.decide(Decision(each.id, SID, text, who.id, verdict, judged(each, text)))
    for who, seen in ((room.ben, own), (room.boss, every)):
        assert set(reviews.asked(who.id)) == seen
        assert {each.question.id for each in reviews.disputed(who.id)} == seen
        assert (SECRET in repr((reviews.asked(who.id), reviews.disputed(who.id)))) == (who is room.boss)
    gone = {ref_to(mark) for mark in room.hidden}
    items = room.project.annotations.load(SID)
    edit = Edit("Tidy up", tuple(each for each in items if ref_to(each) in gone or isinstance(each, Link)))
    room.project.annotations.record(SID, edit, room.boss.id)
    assert (set(reviews.asked(room.ben.id)), set(reviews.asked(room.boss.id))) == (own, every)


def test_a_link_is_seen_by_whoever_sees_both_its_ends(room: Room) -> None:
    link = ItemRef("link", "link")
    assert link in room.project.seen_by(room.boss.id).annotations.stored([link])
    assert link not in room.project.seen_by(room.ben.id).annotations.stored([link])
