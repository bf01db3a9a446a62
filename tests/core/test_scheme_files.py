"""Schemes as files: read, written, refused with the place."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.yaml_text import MOST_BYTES
from woz.model.ids import LabelId, SchemeId
from woz.model.scheme import (
    AttributeType,
    Choice,
    Cover,
    Label,
    Level,
    LinkType,
    Move,
    MoveKind,
    Overlap,
    Parent,
    Relation,
    Rule,
    Scheme,
    Shape,
    Subject,
    TierType,
    ValueKind,
)
from woz.schemes.checking import check
from woz.schemes.finding import errors
from woz.schemes.form import json_schema
from woz.schemes.reading import scheme_from_text
from woz.schemes.shipped import shipped, shipped_names, shipped_text
from woz.schemes.writing import scheme_to_text

SMALL = """
scheme: small
name: Small
tier types:
  - key: steps
    labels:
      - id: fit-gear
        name: Fit gear
"""
EVERYTHING = Scheme(
    SchemeId("all"),
    "All: of it",
    7,
    (
        TierType(
            "steps",
            {"en": "Steps", "ja": "手順"},
            Shape.INTERVAL,
            Cover.PARTITION,
            Overlap.NONE,
            Parent("tasks", Relation.SUBDIVIDES, Level.ERROR),
            Subject.ROLE,
            True,
            (
                Label(LabelId("1"), "one", {"en": "no"}, "#ABCDEF", "1", None, "Starts: here", "# ends", ("a", "")),
                Label(LabelId("2"), "2", {}, parent=LabelId("1")),
                Label(LabelId("3"), "3", {"ja": "三"}, parent=LabelId("2"), retired=True),
                Label(LabelId("4"), "4", parent=LabelId("1")),
                Label(LabelId("5"), "5"),
                Label(LabelId("6"), "6", parent=LabelId("1")),
            ),
            (
                AttributeType("right", ValueKind.BOOL, default=True),
                AttributeType("how", ValueKind.CHOICE, values=(Choice("yes"), Choice("no", {"en": "No: never"}))),
                AttributeType("rating", ValueKind.NUMBER, low=1, high=10.5, unit="points", default=3),
                AttributeType("why", ValueKind.TEXT, default="", required="how = 'no'", carry_over=True),
            ),
            "procedure",
        ),
        TierType("tasks", shape=Shape.ANY, overlap=Overlap.OTHER_LABEL),
    ),
    (LinkType("corrects", ("steps",), ("turn", "tasks"), {"en": "corrects"}, 1, 2, "right = true"),),
    (Rule("r", "duration < 1", {"en": "Too short", "ja": "短い"}, Level.WARNING),),
    (Move(MoveKind.MERGED, "steps", "9", ("1",)), Move(MoveKind.RETIRED, "steps", "old", (), True)),
    ("en", "ja"),
)


def test_what_is_written_is_read_again_as_the_same() -> None:
    text = scheme_to_text(EVERYTHING)
    assert scheme_from_text(text) == EVERYTHING
    assert scheme_to_text(scheme_from_text(text)) == text
    jsonschema.validate(yaml.safe_load(text), json_schema())


def test_labels_stand_as_a_tree() -> None:
    tree = yaml.safe_load(scheme_to_text(EVERYTHING))["tier types"][0]["labels"]
    assert [(label["id"], label.get("parent")) for label in tree] == [("1", None), ("5", None), ("6", "1")]
    assert [label["id"] for label in tree[0]["labels"]] == ["2", "4"]


def test_words_stay_words_and_what_is_empty_is_left_out() -> None:
    scheme = scheme_from_text(SMALL + "        shortcut: 1\n        examples: [no, 12:30, 1.0, ~]\n        key:\n")
    label = scheme.tier_types[0].labels[0]
    assert (label.shortcut, label.examples, label.key) == ("1", ("no", "12:30", "1.0", "~"), "fit-gear")
    assert label.name() == "Fit gear"


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (
            "        colr: red\n",
            "Line 7: tier type 'steps', label 'fit-gear': 'colr' is no key that a scheme has here; "
            "leave it away or mend its spelling.",
        ),
        (
            "        colour: red\n",
            "Line 9: tier type 'steps', label 'fit-gear': 'colour' must be written as \"#rrggbb\", in quotes.",
        ),
        ("      - name: X\n", "Line 9: tier type 'steps', label 2: the key 'id' is missing."),
        (
            "    shape: round\n",
            "Line 9: tier type 'steps': 'shape' can't be 'round'; it is one of: interval, point, session, any.",
        ),
        ("    open: perhaps\n", "Line 9: tier type 'steps': 'open' must be true or false."),
        ("version: new\n", "Line 9: 'version' must be a whole number."),
        ("links: none\n", "Line 9: 'links' must be a list."),
        ("    key: tasks\n", "Line 9: 'key' stands here twice; keep one of them."),
        ("rules: &a []\n", "Line 9: anchors and aliases (& and *) are not taken; write it out."),
        ("rules: *a\n", "Line 9: anchors and aliases (& and *) are not taken; write it out."),
        ("rules: !!python/object:os.system []\n", "Line 9: tags (!) are not taken; leave it away."),
        ("rules: " + "[" * 30 + "]" * 30 + "\n", "Line 9: it is nested too deep."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(added: str, sentence: str) -> None:
    with pytest.raises(WozError) as caught:
        scheme_from_text(SMALL + added)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n", "This is no scheme"),
        ("", "This is no scheme"),
        ("a: [", "Line 2: this is no YAML"),
        ("a: b\x00", "This is no YAML"),
        (b"name: \xff", "no text in UTF-8"),
        ("a: b\n---\nc: d", "no YAML"),
        ("#" * (MOST_BYTES + 1), "too large for a scheme"),
        ("a: " + "{a: " * 100_000, "Line 1"),
    ],
)
def test_what_is_no_scheme_is_refused_in_a_sentence(text: str | bytes, sentence: str) -> None:
    with pytest.raises(WozError, match=sentence):
        scheme_from_text(text)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_scheme_is_sound_by_schema_and_by_check(name: str) -> None:
    jsonschema.validate(yaml.safe_load(shipped_text(name)), json_schema())
    scheme = shipped(name)
    assert errors(check(scheme)) == []
    assert scheme_from_text(scheme_to_text(scheme)) == scheme
    assert scheme.id == name


def test_those_that_are_shipped() -> None:
    assert {"egoinstruct", "ego-extra", "proassist", "dialogue-acts"} <= set(shipped_names())
    assert len(shipped("ego-extra").tier_type("questions").labels) == 13
    with pytest.raises(WozError, match="it has: "):
        shipped("nothing")


def test_the_json_schema_beside_them_is_that_of_the_form() -> None:
    text = (files("woz.schemes.shipped") / "scheme.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == json_schema()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"scheme": "a", "name": "b", "more": 1}, json_schema())


@given(st.data())
@settings(max_examples=scaled(150), deadline=None)
def test_whatever_is_changed_in_a_file_it_is_a_scheme_or_refused_in_a_sentence(data: st.DataObject) -> None:
    text = shipped_text(data.draw(st.sampled_from(("dialogue-acts", "ego-extra", "egoinstruct", "proassist"))))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        put = data.draw(st.text("[]{}:-\n\"'&*!|>%@\t 0~#é\x00,kinds", max_size=6))
        text = text[:start] + put + text[end:]
    try:
        scheme = scheme_from_text(text)
    except WozError:
        return
    check(scheme)
    assert scheme_from_text(scheme_to_text(scheme)) == scheme
