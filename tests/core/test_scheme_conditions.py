"""The conditions of rules: read, refused in a sentence, and asked of annotations."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.core.scheme_room import found, link, mark, scheme, tier, told
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotatorId, TierId
from woz.model.item import ref_to
from woz.model.scheme import Level
from woz.schemes.checking import check
from woz.schemes.conditions.parsing import LONGEST, condition_of
from woz.schemes.conditions.surroundings import Spans

SCHEME = """
tier types:
  - key: tasks
    overlap: any
    labels: [{id: cook}, {id: clean}]
  - key: steps
    overlap: any
    shape: any
    labels:
      - id: prepare
        labels: [{id: wash}, {id: cut}]
      - {id: fry}
    attributes:
      - {key: rating, kind: number}
      - {key: right, kind: bool}
      - {key: skill, kind: ordered, values: [novice, early expert, late expert]}
      - {key: errors, kind: several, values: [slip, order]}
      - {key: why, kind: text}
links:
  - {key: corrects, from: [steps], to: [steps]}
"""
TASKS = (tier("tasks"), mark("t1", "tasks", "cook", 0, 10), mark("t2", "tasks", "clean", 20, 30))


def _holds(condition: str, asked: Annotation, *others: Annotation) -> bool:
    text = f"rules: [{{key: r, when: {condition!r}, message: found}}]\n".replace("\\'", "''")
    of = scheme(SCHEME + text)
    assert [each.words for each in check(of) if each.level == Level.ERROR] == []
    links = [link("l", "corrects", "x", "y"), link("m", "corrects", "z", "x")]
    lines = found(of, *TASKS, tier("steps"), asked, *others, *links)
    return any((each.item, each.sentence) == (ref_to(asked), "found") for each in lines)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("label is wash", True),
        ("label is not wash", False),
        ("label in (fry, wash)", True),
        ("label in (fry, cut)", False),
        ("label under prepare", True),
        ("label under fry", False),
        ("tier is steps", True),
        ("tier in (tasks)", False),
        ("rating = 3", True),
        ("rating != 3", False),
        ("rating < 3", False),
        ("rating <= 3 and rating >= 3", True),
        ("rating in (1, 3)", True),
        ("right = true", False),
        ("right = false", True),
        ('skill > novice and skill < "late expert"', True),
        ("errors has order", True),
        ("errors = slip and errors = order", True),
        ("not errors has slip", False),
        ("why is empty", True),
        ("attribute why is not empty", False),
        ("note is empty", True),
        ("duration < 2.5 s", True),
        ("duration = 2000 ms", True),
        ("duration > 1 min", False),
        ("inside tasks", True),
        ("inside tasks (clean)", False),
        ("inside tasks (clean, cook)", True),
        ("overlaps tasks", True),
        ("overlaps steps", False),
        ("before step fry", True),
        ("before cut", True),
        ("linked corrects", True),
        ("label is fry or label is cut or (rating = 3 and not right = true)", True),
    ],
)
def test_a_condition_holds_or_not(condition: str, holds: bool) -> None:
    asked = mark("x", "steps", "wash", 1, 3, rating=3, skill="early expert", errors=["slip", "order"], why=" ")
    later = mark("y", "steps", "fry", 5, 12)
    assert _holds(condition, asked, later) == holds


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("inside tasks", False),
        ("overlaps tasks", True),
        ("overlaps tasks (clean)", False),
        ("before step wash", False),
        ("before step cut", True),
        ("inside steps", False),
        ("overlaps steps", True),
        ("linked corrects", True),
    ],
)
def test_what_lies_around_is_looked_at(condition: str, holds: bool) -> None:
    around = [mark("w", "steps", "wash", 1, 6), mark("y", "steps", "fry", 8, 9)]
    asked = mark("x", "steps", "fry", 5, 12)
    one = scheme(SCHEME + f"rules: [{{key: r, when: '{condition}', message: found}}]\n")
    lines = told(one, *TASKS, tier("steps"), asked, *around, link("l", "corrects", "x", "y"))
    assert ("Steps, 0:05.00, fry: found" in lines) == holds


def test_what_has_no_time_lies_nowhere() -> None:
    asked = mark("x", "steps", "fry", None)
    for condition in ("inside tasks", "overlaps tasks", "before step wash", "duration < 100"):
        assert not _holds(condition, asked)


def test_tiers_of_others_are_not_looked_at() -> None:
    of = scheme(SCHEME + "rules: [{key: r, when: inside tasks, message: found}]\n")
    others = tier("tasks", id=TierId("hers"), annotator_id=AnnotatorId("berta"))
    own, asked = tier("tasks"), mark("x", "steps", "fry", 1, 2)
    hers = replace(mark("t", "tasks", "cook", 0, 10), tier_id=others.id)
    assert told(of, own, others, tier("steps"), asked, hers) == []
    assert told(of, others, tier("steps"), asked, hers) == ["Steps, 0:01.00, fry: found"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("label wash", "after 'label' it needs is, =, !=, in or under, not 'wash'."),
        ("label is", "after 'is' it needs a label."),
        ("wash", "after 'wash' it needs =, !=, <, <=, >, >=, is, in or has."),
        ("duration < long", "after '<' it needs a number, not 'long'."),
        ("(label is wash", "after 'wash' it needs )."),
        ("label is wash fry", "after 'wash' it needs and, or, or the end, not 'fry'."),
        ("label is wash; drop", "can't be read from '; drop' on."),
        ("", "at its start it needs a test, such as label is, duration <, inside, or an attribute."),
        ("note is wash", "after 'is' it needs empty, not 'wash'."),
        ("(" * 100 + "label is a", "may not be nested that deep"),
        ("a" * (LONGEST + 1), "has at most 2000 characters"),
    ],
)
def test_what_is_no_condition_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(WozError) as caught:
        condition_of(text)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("label is boil", "It names the label 'boil', which there is none of here."),
        ("tier is boil", "It names the tier type 'boil', which this scheme doesn't have."),
        ("inside boil", "It names the tier type 'boil', which this scheme doesn't have."),
        ("inside tasks (wash)", "It names the label 'wash', which there is none of here."),
        ("linked boil", "It names the link 'boil', which this scheme doesn't have."),
        ("boil = 1", "It names the attribute 'boil', which there is none of here."),
        ("boil is empty", "It names the attribute 'boil', which there is none of here."),
        ("errors = boil", "It names the value 'boil', which 'errors' can't have."),
        ("rating = high", "The attribute 'rating' is a number, and 'high' is none."),
        ("why < 1", "The attribute 'why' has no order to be compared by with <."),
        ("label", "The condition 'label' can't be read: after 'label' it needs is, =, !=, in or under."),
    ],
)
def test_a_rule_that_names_what_there_is_not_is_found(condition: str, sentence: str) -> None:
    of = scheme(SCHEME + f"rules: [{{key: r, when: '{condition}', message: found}}]\n")
    assert [(each.level, each.place, each.sentence) for each in check(of)] == [(Level.ERROR, "rule 'r'", sentence)]


def test_spans_are_found_as_by_looking_at_each() -> None:
    drawn = random.Random(5)
    marks = [mark(str(i), "steps", "a", s := drawn.randrange(50), s + drawn.randrange(9)) for i in range(60)]
    spans = Spans(marks)
    for asked in marks:
        start, end = asked.interval.start_ns, max(asked.interval.end_ns, asked.interval.start_ns + 1)
        others = [
            (each.interval.start_ns, max(each.interval.end_ns, each.interval.start_ns + 1))
            for each in marks
            if each.id != asked.id
        ]
        assert spans.contain((start, end), asked.id) == any(s <= start and end <= e for s, e in others)
        assert spans.overlap((start, end), asked.id) == any(s < end and start < e for s, e in others)
