"""States and questions derived anew: the machine's part follows the turns, a person's part stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.deriving import derived_anew
from woz.annotation.staleness import Derived
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, QuestionId, SessionId, TierId
from woz.model.item import ItemRef
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question, QuestionKind, ReviewStatus

MACHINE, MANUAL = Made(Origin.DERIVED, "woz", 1), Made(Origin.MANUAL, "ada", 1)


def state(name: str, start: int, end: int, label: str, made: Made = MACHINE) -> Annotation:
    return Annotation(AnnotationId(name), TierId("t"), start, end, label, made)


def question(name: str, turn: str, text: str = "Which?") -> Question:
    made = replace(MACHINE, sources=(Source(ItemRef("turn", turn)), Source(ItemRef("turn", "reply"))))
    span = Interval(0, 5)
    return Question(QuestionId(name), SessionId("s"), span, Role.TRAINEE, text, "It.", span, span, made=made)


FIRST = (state("a", 0, 10, "none"), state("b", 10, 30, "expert"), state("c", 30, 50, "none"))


def anew(wanted: Sequence[Derived], present: Sequence[Derived], taken_away: Sequence[str] = ()) -> list[Derived]:
    edit = derived_anew(wanted, present, set(taken_away))
    left = {item.id: item for item in present}
    for gone in edit.before:
        assert left.pop(gone.id) == gone  # type: ignore[arg-type]
    return [*left.values(), *edit.after]  # type: ignore[list-item]


def spans(items: Sequence[Derived]) -> list[tuple[int | None, int | None, str]]:
    found = [(i.start_ns, i.end_ns, i.label) for i in items if isinstance(i, Annotation)]
    return sorted(found, key=lambda span: span[0] or 0)


def test_what_a_machine_derived_follows() -> None:
    wanted = (state("a", 0, 20, "none"), state("d", 20, 50, "trainee"))
    assert spans(anew(wanted, FIRST)) == [(0, 20, "none"), (20, 50, "trainee")]


def test_nothing_changes_where_nothing_changed() -> None:
    again = [replace(item, made=replace(item.made, utc_ns=99)) for item in FIRST]
    assert not derived_anew(again, FIRST, ())


def test_what_is_stale_and_still_right_is_fresh_again() -> None:
    stale = [replace(FIRST[0], made=replace(MACHINE, stale=True)), *FIRST[1:]]
    edit = derived_anew(FIRST, stale, ())
    assert (edit.before, edit.after) == ((stale[0],), (FIRST[0],))


def test_a_persons_states_stay_and_the_rest_goes_round_them() -> None:
    mended = state("b", 12, 25, "both", MANUAL)
    present = (FIRST[0], mended, FIRST[2])
    assert spans(anew([state("x", 0, 50, "none")], present)) == [
        (0, 12, "none"),
        (12, 25, "both"),
        (25, 50, "none"),
    ]
    assert spans(anew([state("x", 15, 20, "none")], present)) == [(12, 25, "both")]
    assert spans(anew([state("b", 12, 40, "none")], present)) == [(12, 25, "both"), (25, 40, "none")]


def test_what_a_person_took_away_stays_away() -> None:
    assert spans(anew(FIRST, FIRST[:2], ["c"])) == spans(FIRST[:2])
    assert anew([question("q", "t")], [], ["q"]) == []


def test_a_question_follows_its_turns_until_somebody_judged_or_changed_it() -> None:
    old, new = question("q", "t"), question("q", "t", "Which one?")
    assert anew([new], [old]) == [new]
    for kept in (replace(old, status=ReviewStatus.ACCEPTED), replace(old, text="What?", made=MANUAL)):
        assert anew([new], [kept]) == [kept]
    judged = replace(old, status=ReviewStatus.REJECTED)
    assert anew([question("moved", "t")], [judged]) == [judged]
    assert anew([], [old]) == []


def test_what_answers_a_question_that_was_kept_was_not_said_unasked() -> None:
    found = replace(question("found", "t"), made=replace(question("found", "t").made, origin=Origin.MACHINE))
    alone = replace(MACHINE, sources=(Source(ItemRef("turn", "reply")),))
    told = replace(question("told", "reply"), made=alone, kind=QuestionKind.UNASKED)
    assert anew([told], [found, told]) == [found]
    assert anew([replace(told, kind=QuestionKind.ASKED)], [found]) == [
        found,
        replace(told, kind=QuestionKind.ASKED),
    ]
