"""What is wrong with a scheme."""

from __future__ import annotations

import pytest

from woz.model.scheme import Level
from woz.schemes.checking import check
from woz.schemes.reading import scheme_from_text

HEAD = "scheme: s\nname: S\n"
ONE = HEAD + "tier types:\n  - key: steps\n"
LABELS = ONE + "    labels:\n"
ATTRIBUTES = ONE + "    attributes:\n"


def _label(fields: str) -> str:
    return f"      - {{{fields}}}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "It has no tier type, so nothing can be annotated by it."),
        (ONE + "languages: []\n", "It names no language; write languages: [en], or another."),
        (ONE + "  - key: steps\n", "There are two of the tier type 'steps'; give one of them another key."),
        (ONE + "    parent: {tier type: x}\n", "tier type 'steps': Its parent 'x' is no tier type of this scheme."),
        (
            ONE + "    parent: {tier type: b}\n  - key: b\n    parent: {tier type: steps}\n",
            "tier type 'steps': It lies in itself by way of its parents.",
        ),
        (
            ONE + "    shape: point\n    cover: partition\n",
            "tier type 'steps': Only intervals can leave no gaps; make the shape interval, or the cover free.",
        ),
        (
            ONE + "    cover: partition\n    overlap: any\n",
            "tier type 'steps': What leaves no gaps can't overlap either; make overlap none, or the cover free.",
        ),
        (
            ONE + "    labels from: list\n",
            "tier type 'steps': Its labels can come from the procedure, not from 'list'.",
        ),
        (
            LABELS + _label("id: a") + _label("id: a"),
            "tier type 'steps': There are two of the label 'a'; give one of them another key.",
        ),
        (
            LABELS + _label("id: a, parent: b"),
            "tier type 'steps', label 'a': Its parent 'b' is no label of this tier type.",
        ),
        (
            LABELS + _label("id: a, parent: b") + _label("id: b, parent: a"),
            "tier type 'steps', label 'a': It is below itself in the tree.",
        ),
        (
            LABELS + _label("id: a, shortcut: q") + _label("id: b, shortcut: Q"),
            "tier type 'steps', label 'b': The shortcut 'Q' is that of 'a' already.",
        ),
        (
            LABELS + _label("id: a, shortcut: F5"),
            "tier type 'steps', label 'a': The shortcut 'F5' must be one letter, digit or sign, "
            "or that with Alt+ before it.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: choice"),
            "tier type 'steps', attribute 'a': The kind choice needs values to choose from.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: text, values: [b]"),
            "tier type 'steps', attribute 'a': The kind text has no values to choose from; take them away.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: choice, values: [b], default: c"),
            "tier type 'steps', attribute 'a': The default 'c' is none of the values.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: number, low: 2, high: 1"),
            "tier type 'steps', attribute 'a': The lowest value 2 is above the highest, 1.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: number, low: 2, default: 1"),
            "tier type 'steps', attribute 'a': The default 1 is out of range.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: number, default: many"),
            "tier type 'steps', attribute 'a': The default 'many' must be a number.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: bool, low: 1"),
            "tier type 'steps', attribute 'a': Only a number can have a lowest and a highest value.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: drawing, carry over: true"),
            "tier type 'steps', attribute 'a': A drawing belongs to one annotation only; leave carry over away.",
        ),
        (
            ATTRIBUTES + _label("key: a, kind: label, of: x"),
            "tier type 'steps', attribute 'a': It takes labels of 'x', which is no tier type of this scheme.",
        ),
        (
            ONE + "links:\n  - {key: l, from: [steps], to: [x]}\n",
            "link 'l': It joins 'x', which is no tier type of this scheme, and neither turn nor question.",
        ),
        (
            ONE + "links:\n  - {key: l, from: [steps], to: []}\n",
            "link 'l': It must say from what and to what it goes.",
        ),
        (
            ONE + "links:\n  - {key: l, from: [steps], to: [turn], at least: 2, at most: 1}\n",
            "link 'l': At most 1 can't be, with at least 2.",
        ),
        (
            ONE + "moves:\n  - {kind: merged, tier type: steps, from: a, to: [b]}\n",
            "move of 'a': It moves to 'b', which this version of 'steps' doesn't have.",
        ),
        (
            LABELS + _label("id: b") + "moves:\n  - {kind: split, tier type: steps, from: a, to: [b]}\n",
            "move of 'a': What is split can't become 1 other.",
        ),
    ],
)
def test_what_is_wrong_is_an_error(text: str, words: str) -> None:
    found = [each.words for each in check(scheme_from_text(text)) if each.level == Level.ERROR]
    assert words in found


def test_a_key_of_the_editor_is_a_warning() -> None:
    scheme = scheme_from_text(LABELS + _label("id: a, shortcut: q"))
    assert check(scheme, taken_keys="xyz") == []
    (found,) = check(scheme, taken_keys="XQ")
    assert (found.level, found.place) == (Level.WARNING, "tier type 'steps', label 'a'")
    assert found.sentence == "The editor uses the key 'q' itself; choose another shortcut."


def test_a_yes_or_no_is_never_missing() -> None:
    (found,) = check(scheme_from_text(ATTRIBUTES + _label("key: a, kind: bool, required: always")))
    assert (found.level, "is never missing" in found.sentence) == (Level.WARNING, True)


def test_a_sound_scheme_has_no_finding() -> None:
    assert check(scheme_from_text(LABELS + _label("id: a, shortcut: q") + _label("id: b, parent: a"))) == []
