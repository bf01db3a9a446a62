"""The next version of a scheme: what became of what, and what that does to annotations."""

from __future__ import annotations

from dataclasses import replace

from tests.core.scheme_room import SESSION, mark, scheme, tier
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import LabelId, ProcedureId, SessionId, StepId
from woz.model.own_schemes import with_steps
from woz.model.procedure import Procedure, Step
from woz.model.scheme import Move, MoveKind, Scheme
from woz.model.scheme_versions import following, says_the_same
from woz.model.tier import Tier, TierState
from woz.schemes.checking import check
from woz.schemes.demands.findings import findings
from woz.schemes.effects import Path, Tiers

FIRST = scheme("""
tier types:
  - key: steps
    labels:
      - {id: fit, name: Fit gear}
      - {id: put, name: Put gear}
      - {id: other, name: Other}
      - {id: rest, name: Rest}
    attributes: [{key: why, kind: text}, {key: old, kind: bool}]
""")
SECOND = scheme("""
tier types:
  - key: steps
    labels:
      - {id: insert, name: Insert gear}
      - {id: look, name: Look}
      - {id: wait, name: Wait}
      - {id: rest, name: Pause}
    attributes: [{key: reason, kind: text}]
moves:
  - {kind: merged, tier type: steps, from: fit, to: [insert]}
  - {kind: merged, tier type: steps, from: put, to: [insert]}
  - {kind: split, tier type: steps, from: other, to: [look, wait]}
  - {kind: renamed, tier type: steps, from: why, to: [reason], attribute: true}
""")
KEPT = following(FIRST, SECOND)


def _sessions(*marks: Annotation, of: Tier | None = None) -> list[Tiers]:
    return [Tiers(SESSION, ((of or tier("steps"), marks),))]


def test_the_next_version_keeps_what_went_and_says_what_became_of_it() -> None:
    assert KEPT.version == 2
    assert [(label.id, label.retired) for label in KEPT.tier_types[0].labels] == [
        ("insert", False),
        ("look", False),
        ("wait", False),
        ("rest", False),
        ("fit", True),
        ("put", True),
        ("other", True),
    ]
    assert [(move.kind, move.source, move.targets, move.attribute) for move in KEPT.moves] == [
        (MoveKind.MERGED, "fit", ("insert",), False),
        (MoveKind.MERGED, "put", ("insert",), False),
        (MoveKind.SPLIT, "other", ("look", "wait"), False),
        (MoveKind.RENAMED, "rest", ("rest",), False),
        (MoveKind.RENAMED, "why", ("reason",), True),
        (MoveKind.RETIRED, "old", (), True),
    ]


def test_what_a_file_says_of_an_older_version_is_not_said_again() -> None:
    third = following(KEPT, replace(KEPT, name="New name"))
    assert (third.version, third.moves) == (3, ())
    assert not says_the_same(KEPT, third)
    assert says_the_same(KEPT, SECOND)


def test_what_becomes_of_annotations_is_told_in_sentences() -> None:
    marks = [mark(str(i), "steps", "fit", i, i + 1, why="so") for i in range(41)]
    two = [
        Tiers(SessionId(f"s{i}"), ((tier("steps"), tuple(part)),))
        for i, part in enumerate((marks[:20], marks[20:]))
    ]
    last = _sessions(mark("a", "steps", "other", 50, 51), mark("b", "steps", "rest", 51, 52, old=True))
    told = [each.sentence for each in Path([FIRST, KEPT]).effects([*two, *last])]
    assert told == [
        "41 annotations of 'Fit gear' in 2 sessions become 'Insert gear'.",
        "'Put gear' becomes 'Insert gear'; nothing is annotated with it.",
        "1 annotation of 'Other' in 1 session must be looked at, since it was split into 'Look' and 'Wait'.",
        "1 annotation of 'Rest' in 1 session is called 'Pause' from now on.",
        "41 annotations with 'why' in 2 sessions become 'reason'.",
        "1 annotation with 'old' in 1 session stays as it is, and can't be chosen any more.",
    ]


def test_merged_labels_and_attributes_move_and_split_ones_stay() -> None:
    marks = [
        mark("a", "steps", "fit", 0, 1, why="so"),
        mark("b", "steps", "other", 1, 2),
        mark("c", "steps", "rest", 2, 3),
    ]
    before, after = Path([FIRST, KEPT]).moved(tier("steps"), marks)
    assert before == marks[:1]
    assert after == [mark("a", "steps", "insert", 0, 1, reason="so")]


def test_what_was_split_is_told_as_what_is_to_be_done() -> None:
    items = (tier("steps", scheme_version=2), mark("b", "steps", "other", 1, 2), mark("c", "steps", "fit", 2, 3))
    told = [each.sentence for each in findings(items, {(KEPT.id, 2): KEPT})]
    assert told == ["The label Other became Look or Wait; choose which.", "The label Fit gear became Insert gear."]


def test_a_tier_of_an_old_version_goes_all_the_way() -> None:
    third = following(KEPT, _merged(KEPT, "insert", "look"))
    path = Path([FIRST, KEPT, third])
    _, after = path.moved(tier("steps"), [mark("a", "steps", "fit", 0, 1), mark("b", "steps", "rest", 1, 2)])
    assert [each.label for each in after] == ["look"]
    (first, *_) = path.effects(_sessions(mark("a", "steps", "fit", 0, 1)))
    assert first.sentence == "'Insert gear' becomes 'Look'; nothing is annotated with it."
    assert "1 annotation of 'Fit gear' in 1 session becomes 'Look'." in [
        each.sentence for each in path.effects(_sessions(mark("a", "steps", "fit", 0, 1)))
    ]


def _merged(of: Scheme, label: str, into: str) -> Scheme:
    (steps,) = of.tier_types
    left = tuple(each for each in steps.labels if each.id != label)
    return replace(
        of, tier_types=(replace(steps, labels=left),), moves=(Move(MoveKind.MERGED, "steps", label, (into,)),)
    )


def test_tiers_that_are_closed_or_of_a_type_that_went_stay() -> None:
    path = Path([FIRST, KEPT])
    assert path.goes_on(tier("steps"))
    assert not path.goes_on(tier("steps", state=TierState.SUBMITTED))
    assert not path.goes_on(tier("gone"))
    assert not path.goes_on(tier("steps", scheme_version=2))


def test_the_steps_of_a_procedure_are_labels_where_the_scheme_wants_them() -> None:
    of = scheme(
        "tier types: [{key: steps, labels from: procedure, labels: [{id: x, shortcut: '1'}]}, {key: states}]"
    )
    procedure = Procedure(ProcedureId("p"), "P", (Step(StepId("x"), "X", 0), Step(StepId("y"), "Y", 1)))
    steps, states = with_steps(of, procedure).tier_types
    assert [(label.id, label.shortcut) for label in steps.labels] == [(LabelId("x"), "1"), (LabelId("y"), "2")]
    assert (with_steps(of, procedure).id, with_steps(of, procedure).version) == (of.id, of.version)
    assert states.labels == ()


VALUES = scheme("""
tier types:
  - key: steps
    labels: [{id: fit, name: Fit gear}]
    attributes:
      - key: done
        kind: choice
        values: [{key: "yes", name: Done}, {key: nearly, name: Nearly}, {key: unclear, name: Unclear}]
      - {key: errors, kind: several with text, values: [slip, drop, order]}
""")
FEWER = scheme("""
tier types:
  - key: steps
    labels: [{id: fit, name: Fit gear}]
    attributes:
      - key: complete
        kind: choice
        values: [{key: full, name: Complete}, {key: unclear, name: Can't be seen}]
      - {key: errors, kind: several with text, values: [technique, order]}
moves:
  - {kind: renamed, tier type: steps, from: done, to: [complete], attribute: true}
  - {kind: renamed, tier type: steps, from: "yes", to: [full], value of: complete}
  - {kind: merged, tier type: steps, from: nearly, to: [full], value of: complete}
  - {kind: merged, tier type: steps, from: slip, to: [technique], value of: errors}
  - {kind: merged, tier type: steps, from: drop, to: [technique], value of: errors}
""")


def test_renamed_and_merged_values_move_and_keep_their_notes() -> None:
    kept = following(VALUES, FEWER)
    assert check(kept) == []
    path = Path([VALUES, kept])
    old = replace(
        mark("a", "steps", "fit", 0, 9),
        attributes=(
            Attribute("done", "nearly"),
            Attribute("errors", "slip", "twice"),
            Attribute("errors", "drop", "the nut"),
            Attribute("errors", "order", "too early"),
        ),
    )
    _, (new,) = path.moved(tier("steps"), [old])
    assert new.attributes == (
        Attribute("complete", "full"),
        Attribute("errors", "technique", "twice; the nut"),
        Attribute("errors", "order", "too early"),
    )
    told = [each.sentence for each in path.effects(_sessions(old))]
    assert "1 annotation with 'Nearly (complete)' in 1 session becomes 'Complete'." in told
    assert "'Unclear' is called \"Can't be seen\" from now on; nothing is annotated with it." in told


def test_a_move_of_a_value_that_is_not_there_is_said() -> None:
    for target, value_of, said in (
        ("none", "errors", "moves to 'none'"),
        ("order", "no", "'no' is no attribute of"),
    ):
        move = Move(MoveKind.MERGED, "steps", "slip", (target,), value_of=value_of)
        assert any(said in each.words for each in check(replace(FEWER, moves=(move,))))
