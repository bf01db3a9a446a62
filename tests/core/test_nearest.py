"""A mistyped word is answered with the one that was meant."""

from __future__ import annotations

import pytest

from woz.base.errors import WozError
from woz.base.nearest import choices, nearest
from woz.batch.registry import KINDS, kind_named
from woz.procedures.formats import format_named

KNOWN = ("annotate", "annotators", "batch", "agree")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("anotate", "annotate"), ("annotator", "annotators"), ("BATCH", "batch"), ("tea", None), ("", None)],
)
def test_the_word_most_like_it_is_found_or_none(typed: str, meant: str | None) -> None:
    assert nearest(typed, KNOWN) == meant


def test_a_sentence_ends_with_the_nearest_and_all() -> None:
    assert choices("baatch", KNOWN[2:]) == "did you mean batch? Those are batch, agree."
    assert choices("tea", KNOWN[2:]) == "those are batch, agree."


def test_kinds_of_batches_and_formats_of_procedures_are_suggested() -> None:
    with pytest.raises(WozError) as told:
        kind_named("proposal")
    assert str(told.value).startswith(
        "There is no kind of batch “proposal”; did you mean proposals? Those are blur, "
    )
    assert all(kind in str(told.value) for kind in KINDS)
    with pytest.raises(WozError, match=r"'yml' is no format of procedures; did you mean yaml\? Those are "):
        format_named("yml")
