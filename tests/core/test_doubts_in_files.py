"""What somebody doubts, with why: each format brings it back, or says at the export that it can't."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.format_room import bundles_of, lost_by, parts_of
from tests.core.recorded_session import BUNDLE, FRAME_RATE, MADE, SID, sample
from woz.formats.bundle import SessionBundle
from woz.formats.registry import readers, writers
from woz.model.annotation import Attribute
from woz.model.ids import LinkId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.own_schemes import UNSURE

WHY = 'the "left" hand? = perhaps, or; not'
BOTH_WAYS = sorted(readers().keys() & writers().keys())
CARRIED = {
    "activitynet": {"annotation"},
    "boris": {"annotation"},
    "csv": {"annotation", "link"},
    "spreadsheet": {"annotation", "link"},
    "label-studio": {"annotation", "turn", "link"},
    "textgrid": {"annotation", "turn", "word"},
    "eaf": {"annotation", "turn", "word", "link"},
}
_OF_STEPS = {"other attributes of steps", "values of attributes", "names of attributes"}
KINDS = {
    "annotation": {"annotations", "annotations in other tiers", *_OF_STEPS},
    "turn": {"turns", "turns that are doubted", "doubts about turns"},
    "word": {"turns", "turns' words with times", "words with times", "words that are doubted, or were found right"},
    "link": {"links", "doubts about links"},
}
"""What a format says that it leaves out, where the doubt goes with it."""


def _plain() -> SessionBundle:
    """With a link, and with a note at the step that is doubted below."""
    first, second, *others = BUNDLE.annotations
    link = Link(
        LinkId("l"), SID, "repeats", ItemRef("annotation", second.id), ItemRef("annotation", first.id), MADE
    )
    return replace(BUNDLE, annotations=(replace(first, note=WHY), second, *others), links=(link,))


def _doubted() -> SessionBundle:
    """A step, both turns, one of them without a reason, a word of the first, and the link."""
    plain = _plain()
    step, *others = plain.annotations
    asked, answered = plain.turns
    word = replace(asked.words[0], doubt=True)
    return replace(
        plain,
        annotations=(replace(step, attributes=(*step.attributes, Attribute(UNSURE, True))), *others),
        turns=(replace(asked, doubt=WHY, words=(word, *asked.words[1:])), replace(answered, doubt="")),
        links=(replace(plain.links[0], doubt=WHY),),
    )


def _back(name: str, folder: Path) -> SessionBundle:
    path = sample(name, folder, _doubted())
    (found,) = bundles_of(parts_of(name, path, frame_rate=FRAME_RATE))
    return found


def _found(back: SessionBundle) -> set[str]:
    """The kinds of items of which every doubt is there, with its reason."""
    turns = {turn.text: turn.doubt for turn in back.turns}
    unsure = [each.note for each in back.annotations if each.value(UNSURE) is True]
    whole = {
        "annotation": unsure == [WHY],
        "turn": turns == {"Like this?": WHY, "No, turn it.": ""},
        "word": [word.doubt for turn in back.turns for word in turn.words] == [True, None],
        "link": [link.doubt for link in back.links] == [WHY],
    }
    return {kind for kind, comes_back in whole.items() if comes_back}


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_is_doubted_comes_back_with_its_reason_or_is_told(name: str, tmp_path: Path) -> None:
    found, lost = _found(_back(name, tmp_path)), lost_by(name, [_doubted()])
    assert found == CARRIED.get(name, set())
    for kind in KINDS.keys() - found:
        assert KINDS[kind] & lost.keys(), (kind, lost)


def test_a_reason_that_looks_like_none_comes_back(tmp_path: Path) -> None:
    for name, why in itertools.product(("eaf", "textgrid", "label-studio"), ("yes", '"yes"', '"', "true", "=1")):
        asked, answered = _doubted().turns
        bundle = replace(_doubted(), turns=(replace(asked, doubt=why), answered))
        path = sample(name, tmp_path / f"{name} {why.encode().hex()}", bundle)
        (back,) = bundles_of(parts_of(name, path, frame_rate=FRAME_RATE))
        assert [turn.doubt for turn in back.turns] == [why, ""]
