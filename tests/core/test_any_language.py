"""Labels, turns and notes in German, Italian, Japanese and Arabic come back from every format that holds them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.format_room import bundles_of, parts_of
from tests.core.recorded_session import BUNDLE, FRAME_RATE, SCHEME, sample
from woz.formats.bundle import SessionBundle
from woz.formats.registry import readers
from woz.model.procedure import Procedure

WORDS = ("Schräubchen lösen", "Lubrificare è più", "手順を確認する", "ضع الغطاء على الصندوق")
HOLD = {"egoexo4d-commentary": (1,), "egoexo4d-proficiency": (0,)}
"""Which of both a format holds, that does not hold the two: the expert's turn, the text of a mistake."""
NO_TURNS = {"rttm", "ctm"}
"""Who speaks alone, or words alone."""


def _named(first: str, second: str) -> SessionBundle:
    """With steps, turns and a note that are called so."""
    (tier_type,) = SCHEME.tier_types
    labels = tuple(
        replace(label, names={"en": name}) for label, name in zip(tier_type.labels, (first, second), strict=True)
    )
    scheme = replace(SCHEME, tier_types=(replace(tier_type, labels=labels),))
    assert BUNDLE.procedure
    steps = tuple(
        replace(step, name=name) for step, name in zip(BUNDLE.procedure.steps, (first, second), strict=True)
    )
    procedure: Procedure = replace(BUNDLE.procedure, steps=steps)
    turns = tuple(
        replace(turn, text=text, words=()) for turn, text in zip(BUNDLE.turns, (first, second), strict=True)
    )
    marks = tuple(replace(each, note=first) if each.note else each for each in BUNDLE.annotations)
    schemes = {**BUNDLE.schemes, (scheme.id, 1): scheme}
    return replace(BUNDLE, schemes=schemes, procedure=procedure, turns=turns, annotations=marks)


def _texts(bundle: SessionBundle) -> set[str]:
    """All that a session calls its steps and says, however the format keeps it; MS-TCN's labels have no blanks."""
    told = {turn.text for turn in bundle.turns} | {each.note for each in bundle.annotations}
    told |= {str(at.value) for each in bundle.annotations for at in each.attributes}
    tiers = {tier.id: tier for tier in bundle.tiers}
    told |= {bundle.label_name(tiers[each.tier_id], each.label) for each in bundle.annotations}
    told |= {step.name for step in bundle.procedure.steps} if bundle.procedure else set()
    return {text.replace("_", " ") for text in told}


@pytest.mark.parametrize("pair", [WORDS[:2], WORDS[2:]], ids=["German, Italian", "Japanese, Arabic"])
@pytest.mark.parametrize("name", sorted(readers().keys() - NO_TURNS))
def test_texts_of_any_language_come_back(name: str, pair: tuple[str, str], tmp_path: Path) -> None:
    path = sample(name, tmp_path, _named(*pair))
    (back,) = bundles_of(parts_of(name, path, frame_rate=FRAME_RATE))
    wanted = (
        {pair[1]} if name == "egoexo4d-commentary" else {pair[0]} if name == "egoexo4d-proficiency" else set(pair)
    )
    assert wanted <= _texts(back)
