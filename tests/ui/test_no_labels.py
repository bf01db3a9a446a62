"""In a tier without labels each key that wants one says where some come from; no empty list opens."""

from __future__ import annotations

import pytest

from tests.ui.desk_room import Hand, hand, recorded
from ui.application.background import waited
from woz.model.ids import SchemeId
from woz.model.own_schemes import OWN_STEPS
from woz.model.scheme import Scheme, TierType

__all__ = ["hand", "recorded"]

NO_PROCEDURE = "was given no procedure with steps"


@pytest.mark.parametrize(
    ("scheme_id", "labels_from", "words"),
    [
        (f"{OWN_STEPS}free", "", NO_PROCEDURE),
        ("filled", "procedure", NO_PROCEDURE),
        ("empty", "", "no labels in its scheme"),
    ],
)
def test_a_tier_without_labels_says_where_some_come_from(
    hand: Hand, scheme_id: str, labels_from: str, words: str
) -> None:
    bare = TierType("bare", {"en": scheme_id}, labels_from=labels_from)
    scheme, keep = Scheme(SchemeId(scheme_id), "Bare", 1, (bare,)), hand.window._subject.schemes.keep
    hand.document.know(waited(lambda: keep(scheme)))
    hand.new_tier(scheme_id)
    hand.press("I")
    for key in ("1", "F", "O"):
        hand.window.tell("")
        hand.press(key)
        assert hand.said.startswith(f"{scheme_id} has no labels"), key
        assert words in hand.said
        assert "Ctrl+N" in hand.said
