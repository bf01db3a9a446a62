"""What a scheme demands of annotations, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.scheme_room import found, link, mark, scheme, tier, told
from woz.annotation.submitting import refuse_errors
from woz.base.errors import WozError
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId
from woz.model.item import ItemRef
from woz.model.scheme import Level
from woz.schemes.demands.findings import findings
from woz.schemes.finding import blocking

STEPS = "tier types:\n  - key: steps\n    labels: [{id: a, name: Fit gear}, {id: b, retired: true}]\n"


def _attribute(fields: str) -> str:
    return STEPS + f"    attributes: [{{key: x, name: Rating, {fields}}}]\n"


@pytest.mark.parametrize(
    ("fields", "values", "sentence"),
    [
        ("kind: text, required: always", {}, "Rating is missing."),
        ("kind: text, required: always", {"x": "  "}, "Rating is missing."),
        ("kind: text, required: duration > 1", {}, "Rating is missing; it is needed where duration > 1."),
        ("kind: number, low: 1, high: 10", {"x": 11}, "Rating is 11, and must be at least 1 and at most 10."),
        ("kind: number, low: 1", {"x": "many"}, "Rating must be a number, not 'many'."),
        ("kind: number, low: 1", {"x": True}, "Rating must be a number, not yes."),
        ("kind: text", {"x": False}, "Rating must be a text, not no."),
        ("kind: choice, values: [p, q]", {"x": "r"}, "Rating can't be 'r'."),
        ("kind: choice, values: [p, q]", {"x": ["p", "q"]}, "Rating has 2 values; only one may stand there."),
        ("kind: several, values: [p, q]", {"x": ["p", "r"]}, "Rating can't be 'r'."),
        ("kind: bool", {"x": "yes"}, "Rating must be yes or no, not 'yes'."),
        ("kind: label, of: steps", {"x": "c"}, "Rating can't be 'c', which is no label of steps."),
    ],
)
def test_attributes_are_as_the_scheme_wants_them(fields: str, values: dict[str, Any], sentence: str) -> None:
    of = scheme(_attribute(fields))
    (one,) = found(of, tier("steps"), mark("m", "steps", "a", 12.345, 15, **values))
    assert one.level == Level.ERROR
    assert one.words == f"Steps, 0:12.34, Fit gear: {sentence}"
    assert one.item == ItemRef("annotation", "m")


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ("kind: text, required: duration > 9", {}),
        ("kind: number, low: 1, high: 10, required: always", {"x": 1}),
        ("kind: several, values: [p, q]", {"x": ["p", "q"]}),
        ("kind: bool", {"x": True}),
        ("kind: bool, required: always", {}),
        ("kind: label, of: steps", {"x": "a"}),
        ("kind: person", {"x": "anybody"}),
    ],
)
def test_what_is_as_it_should_be_is_not_told(fields: str, values: dict[str, Any]) -> None:
    assert told(scheme(_attribute(fields)), tier("steps"), mark("m", "steps", "a", 12, 15, **values)) == []


def test_a_choice_with_a_text_wants_one_and_a_stranger_is_told() -> None:
    of = scheme(_attribute("kind: several with text, values: [{key: p, name: Slip}]"))
    good = replace(mark("m", "steps", "a", 0, 1), attributes=(Attribute("x", "p", "the bowl fell"),))
    bad = mark("n", "steps", "a", 2, 3, x="p", other=1)
    lines = [(each.level, each.sentence) for each in found(of, tier("steps"), good, bad)]
    assert lines == [
        (Level.WARNING, "Rating: Slip has no text beside it."),
        (Level.WARNING, "The attribute other is none of this scheme's here."),
    ]


def test_labels_are_known() -> None:
    of = scheme(STEPS)
    marks = [mark("1", "steps", "c", 0, 1), mark("2", "steps", "", 1, 2), mark("3", "steps", "b", 2, 3)]
    assert told(of, tier("steps"), *marks) == [
        "Steps, 0:00.00, c: The label c is none of this tier's; choose another.",
        "Steps, 0:01.00: It has no label.",
        "Steps, 0:02.00, b: The label b is no longer used; choose another.",
    ]
    of_own = scheme(STEPS + "    open: true\n")
    assert told(of_own, tier("steps"), mark("1", "steps", "c", 0, 1, name="Own")) == []


def test_labels_may_come_from_the_procedure() -> None:
    of = scheme(STEPS + "    labels from: procedure\n")
    items = (tier("steps"), mark("1", "steps", "c", 0, 1))
    assert findings(items, {(of.id, 1): of}, steps={"c"}) == []
    assert findings(items, {(of.id, 1): of}) == []
    assert len(findings(items, {(of.id, 1): of}, steps={"d"})) == 1


@pytest.mark.parametrize(
    ("shape", "wrong", "sentence"),
    [
        ("interval", mark("m", "steps", "a", 1), "It must have a start and an end."),
        ("interval", mark("m", "steps", "a", None), "It must have a start and an end."),
        ("interval", mark("m", "steps", "a", 1, 1), "It has no length; give it one or take it away."),
        ("point", mark("m", "steps", "a", 1, 2), "It must stand at one time."),
        ("session", mark("m", "steps", "a", 1), "It is about the whole session, and may have no time."),
    ],
)
def test_the_shape_is_kept(shape: str, wrong: Annotation, sentence: str) -> None:
    right = {"interval": (1, 2), "point": (1, None), "session": (None, None)}[shape]
    of = scheme(STEPS + f"    shape: {shape}\n    overlap: any\n")
    (one,) = found(of, tier("steps"), wrong, mark("n", "steps", "a", *right))
    assert (one.sentence, one.item) == (sentence, ItemRef("annotation", "m"))


def test_gaps_of_a_partition_are_told_also_at_the_ends() -> None:
    of = scheme(STEPS + "    cover: partition\n")
    marks = [mark("1", "steps", "a", 1, 2), mark("2", "steps", "a", 2, 3), mark("3", "steps", "a", 63.5, 70)]
    assert told(of, tier("steps"), *marks, duration_s=75) == [
        "Steps, 0:01.00, Fit gear: Nothing is marked from 0:00.00 to 0:01.00.",
        "Steps, 1:03.50, Fit gear: Nothing is marked from 0:03.00 to 1:03.50.",
        "Steps: Nothing is marked from 1:10.00 to 1:15.00.",
    ]
    assert len(told(of, tier("steps"), *marks)) == 1


def test_a_partition_that_nobody_began_is_no_error_and_not_submitted() -> None:
    of = scheme(STEPS + "    cover: partition\n")
    (one,) = found(of, tier("steps"), duration_s=75)
    sentence = "Nothing is marked in it yet, and it must be filled from start to end."
    assert (one.level, one.words) == (Level.WARNING, f"Steps: {sentence}")
    assert blocking([one]) == [one]
    with pytest.raises(WozError, match="Steps can't be submitted yet; mend this first: Steps: Nothing is marked"):
        refuse_errors(tier("steps"), [one])


def test_overlaps_are_told_by_the_rule_of_the_tier_type() -> None:
    labels = "    labels: [{id: a}, {id: b}]\n"
    marks = [mark("1", "steps", "a", 0, 5), mark("2", "steps", "b", 1, 2), mark("3", "steps", "a", 4, 6)]
    for overlap, expected in (
        ("none", ["It overlaps a at 0:00.00 by 1.00 s.", "It overlaps a at 0:00.00 by 1.00 s."]),
        ("other label", ["It overlaps a at 0:00.00 by 1.00 s."]),
        ("any", []),
    ):
        of = scheme(f"tier types:\n  - key: steps\n    overlap: {overlap}\n{labels}")
        assert [each.sentence for each in found(of, tier("steps"), *marks)] == expected


PARENT = """
tier types:
  - {key: tasks, name: Tasks, labels: [{id: t}]}
  - key: steps
    overlap: any
    labels: [{id: a}]
    parent: {tier type: tasks, relation: RELATION, level: LEVEL}
"""


def _children(relation: str, *children: Annotation, level: str = "error") -> list[tuple[Level, str]]:
    of = scheme(PARENT.replace("RELATION", relation).replace("LEVEL", level))
    parents = [mark("p", "tasks", "t", 0, 10), mark("q", "tasks", "t", 20, 30)]
    return [(each.level, each.sentence) for each in found(of, tier("tasks"), tier("steps"), *parents, *children)]


def test_children_lie_inside_their_parents() -> None:
    inside = mark("1", "steps", "a", 0, 10)
    partly, out = mark("2", "steps", "a", 9, 21), mark("3", "steps", "a", 12, 13)
    assert _children("inside", inside, partly, out, level="warning") == [
        (Level.WARNING, "It lies only partly inside one of Tasks."),
        (Level.WARNING, "It lies inside none of Tasks."),
    ]
    other = replace(mark("4", "steps", "a", 1, 2), parent_id=AnnotationId("q"))
    assert _children("inside", other) == [(Level.ERROR, "It reaches beyond the one of Tasks that it belongs to.")]


def test_a_subdivision_leaves_no_gap_in_a_parent_that_has_parts() -> None:
    whole = [mark("1", "steps", "a", 0, 4), mark("2", "steps", "a", 4, 10)]
    assert _children("subdivides", *whole) == []
    assert _children("subdivides", mark("1", "steps", "a", 1, 4), mark("2", "steps", "a", 5, 9)) == [
        (Level.ERROR, "Nothing is marked from 0:00.00 to 0:01.00, inside one of Tasks."),
        (Level.ERROR, "Nothing is marked from 0:04.00 to 0:05.00, inside one of Tasks."),
        (Level.ERROR, "Nothing is marked from 0:09.00 to 0:10.00, inside one of Tasks."),
    ]


def test_one_to_one_has_the_same_times_once() -> None:
    assert _children("one-to-one", mark("1", "steps", "a", 0, 10), mark("2", "steps", "a", 20, 30)) == []
    assert _children("one-to-one", mark("1", "steps", "a", 0, 10), mark("2", "steps", "a", 0, 10)) == [
        (Level.ERROR, "Another one belongs to the same one of Tasks.")
    ]
    assert _children("one-to-one", mark("1", "steps", "a", 0, 9)) == [(Level.ERROR, "It belongs to none of Tasks.")]
    moved = replace(mark("1", "steps", "a", 0, 9), parent_id=AnnotationId("p"))
    assert _children("one-to-one", moved) == [
        (Level.ERROR, "It has not the times of the one of Tasks that it belongs to.")
    ]


LINKS = STEPS + "links: [{key: c, name: corrects, from: [steps], to: [turn, steps], FIELDS}]\n"


@pytest.mark.parametrize(
    ("fields", "count", "sentence"),
    [
        ("at least: 1", 0, "It needs one link “corrects”, and has none."),
        ("at most: 1", 2, "It may have one link “corrects” at most, and has 2."),
        ("required: always", 0, "It needs a link “corrects”."),
        ("required: label is a", 0, "It needs a link “corrects” where label is a."),
        ("required: label is b", 0, None),
        ("at least: 1", 1, None),
    ],
)
def test_links_are_as_many_as_they_should_be(fields: str, count: int, sentence: str | None) -> None:
    links = [link(str(i), "c", "m", "turn", "turn") for i in range(count)]
    of = scheme(LINKS.replace("FIELDS", fields))
    lines = [each.sentence for each in found(of, tier("steps"), mark("m", "steps", "a", 0, 1), *links)]
    assert lines == ([sentence] if sentence else [])


def test_links_go_only_where_they_may() -> None:
    of = scheme(LINKS.replace("FIELDS", "at most: 9"))
    bad = link("l", "c", "m", "q", "question")
    (one,) = found(of, tier("steps"), mark("m", "steps", "a", 0, 1), bad, link("k", "c", "m", "m"))
    assert (one.words, one.item) == (
        "link “corrects”: It may not go to question, only to turn or steps.",
        ItemRef("link", "l"),
    )


def test_a_rule_says_its_sentence_in_the_language_asked_for() -> None:
    rule = "rules: [{key: r, when: duration < 1, message: {en: Too short, ja: 短い}, level: warning}]\n"
    of = scheme(STEPS + rule)
    items = (tier("steps"), mark("m", "steps", "a", 0, 0.5))
    (one,) = findings(items, {(of.id, 1): of}, language="ja")
    assert (one.level, one.sentence) == (Level.WARNING, "短い")


def test_only_one_tier_or_none_whose_scheme_is_not_known() -> None:
    of = scheme(PARENT.replace("RELATION", "inside").replace("LEVEL", "error"))
    items = (tier("tasks"), tier("steps"), mark("p", "tasks", "x", 0, 1), mark("1", "steps", "x", 0, 1))
    assert len(findings(items, {(of.id, 1): of})) == 2
    (one,) = findings(items, {(of.id, 1): of}, only=tier("steps"))
    assert one.item == ItemRef("annotation", "1")
    assert findings(items, {(of.id, 2): of}) == []


def test_twenty_thousand_are_looked_through_without_each_being_held_against_each() -> None:
    body = PARENT.replace("RELATION", "inside").replace("LEVEL", "error")
    rules = "rules: [{key: r, when: inside tasks and not before step a, message: m}]\n"
    of = scheme(body + rules)
    parents = [mark(f"p{i}", "tasks", "t", i * 10, i * 10 + 10) for i in range(2000)]
    children = [mark(f"c{i}", "steps", "a", i, i + 0.5) for i in range(20_000)]
    lines = found(of, tier("tasks"), tier("steps"), *parents, *children)
    assert len(lines) == 19_999
