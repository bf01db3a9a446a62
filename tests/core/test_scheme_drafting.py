"""A scheme changed piece by piece, and the rules that are suggested for it."""

from __future__ import annotations

import pytest

from tests.core.scheme_room import scheme
from woz.model.scheme import MoveKind, Scheme
from woz.model.scheme_versions import following
from woz.schemes import drafting
from woz.schemes.checking import check
from woz.schemes.conditions.parsing import condition_of
from woz.schemes.conditions.quoting import WORDS, quoted
from woz.schemes.conditions.terms import LabelIn
from woz.schemes.editor_keys import EDITOR_KEYS
from woz.schemes.suggestions import suggestions


def _tree(of: Scheme) -> list[tuple[str, str | None]]:
    return [(label.id, label.parent) for label in of.tier_types[0].labels]


@pytest.fixture
def made() -> Scheme:
    """Steps a, b, c with b1 below b."""
    draft = drafting.add_tier_type(drafting.new_scheme("My Scheme"), "Steps")
    for name in "abc":
        draft = drafting.add_label(draft, "steps", name)
    return drafting.add_label(draft, "steps", "b1", draft.tier_types[0].labels[1].id)


def test_what_is_new_has_an_id_a_key_and_a_colour_of_its_own(made: Scheme) -> None:
    assert made.id == "my-scheme"
    assert _tree(made) == [("a", None), ("b", None), ("b1", "b"), ("c", None)]
    labels = made.tier_types[0].labels
    assert [label.shortcut for label in labels] == ["1", "2", "4", "3"]
    assert len({label.colour for label in labels}) == 4
    for number in range(40):
        made = drafting.add_label(made, "steps", f"more {number}")
    keys = [label.shortcut for label in made.tier_types[0].labels if label.shortcut]
    assert len(keys) == len(set(keys)) == len(drafting.KEYS)
    assert not {key.upper() for key in keys} & EDITOR_KEYS
    assert check(made) == []


@pytest.mark.parametrize(
    ("name", "taken", "found"),
    [
        ("Fit Gear!", set(), "fit-gear"),
        ("Fit gear", {"fit-gear", "fit-gear-2"}, "fit-gear-3"),
        ("手順", {"item"}, "item-2"),
        ("Äpfel_schälen", set(), "apfel-schalen"),
    ],
)
def test_an_id_is_made_from_a_name(name: str, taken: set[str], found: str) -> None:
    assert drafting.free_id(name, taken) == found


def test_labels_move_in_their_tree(made: Scheme) -> None:
    assert _tree(drafting.move_label(made, "steps", "b", -1)) == [
        ("b", None),
        ("b1", "b"),
        ("a", None),
        ("c", None),
    ]
    assert drafting.move_label(made, "steps", "a", -1) == made
    assert _tree(drafting.indent_label(made, "steps", "c")) == [("a", None), ("b", None), ("b1", "b"), ("c", "b")]
    assert drafting.indent_label(made, "steps", "a") == made
    assert _tree(drafting.outdent_label(made, "steps", "b1")) == [
        ("a", None),
        ("b", None),
        ("b1", None),
        ("c", None),
    ]
    assert drafting.outdent_label(made, "steps", "a") == made
    assert _tree(drafting.remove_label(made, "steps", "b")) == [("a", None), ("c", None)]


def test_a_merged_label_is_a_move_and_those_below_it_follow(made: Scheme) -> None:
    draft = drafting.merge_label(made, "steps", "b", "c")
    assert _tree(draft) == [("a", None), ("c", None), ("b1", "c")]
    assert [(move.kind, move.source, move.targets) for move in following(made, draft).moves] == [
        (MoveKind.MERGED, "b", ("c",))
    ]


def test_every_suggested_rule_is_a_sound_one(made: Scheme) -> None:
    draft = drafting.add_attribute(drafting.add_tier_type(made, "Talk in between"), "steps", "Not sure")
    draft = drafting.change_attribute(
        draft, "steps", "not-sure", lambda each: scheme(BOOL).tier_types[0].attributes[0]
    )
    found = suggestions(draft, draft.tier_types[0])
    assert [each.title for each in found] == [
        "Steps: too short",
        "Steps: too long",
        "Steps: Not sure without a note",
        "Steps: not inside Talk in between",
        "Steps: b before a",
        "Steps: b1 before b",
        "Steps: c before b1",
    ]
    for each in found:
        draft = drafting.add_rule(draft, each.when, each.message)
    assert check(draft) == []
    assert len({rule.key for rule in draft.rules}) == len(found)


BOOL = "tier types: [{key: x, attributes: [{key: not-sure, name: Not sure, kind: bool}]}]"


@pytest.mark.parametrize("name", ["a", "two words", 'say "a"', "label", "1", *sorted(WORDS)])
def test_any_name_can_stand_in_a_condition(name: str) -> None:
    assert condition_of(f"label is {quoted(name)}") == LabelIn((name,))
