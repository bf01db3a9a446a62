"""Parameters of batches that are not as they should be: which it is, what it should be, and what stands there."""

from __future__ import annotations

import pytest

from woz.base.errors import WozError
from woz.batch.registry import kind_named, parameters_of


@pytest.mark.parametrize(
    ("kind", "name", "value", "sentence"),
    [
        ("frames", "rate", "fast", "rate of frames is a number, not “fast”; correct --set rate=…"),
        (
            "clips",
            "pictures",
            "2.5",
            "pictures of clips is a whole number, not “2.5”; correct --set pictures=…",
        ),
        (
            "proposals",
            "send",
            "maybe",
            "send of proposals is true or false, not “maybe”; correct --set send=…",
        ),
        ("frames", "speed", "2", "frames has no parameter speed; it has rate."),
    ],
)
def test_a_wrong_parameter_is_named_with_what_it_should_be(kind: str, name: str, value: str, sentence: str) -> None:
    with pytest.raises(WozError) as refused:
        parameters_of(kind_named(kind), {name: value})
    assert str(refused.value) == sentence


def test_what_a_command_gives_as_text_is_taken() -> None:
    assert parameters_of(kind_named("clips"), {"pictures": "3"}).pictures == 3
    assert parameters_of(kind_named("proposals"), {"send": "true"}).send is True


def test_a_kind_that_cant_be_imported_says_what_to_do() -> None:
    with pytest.raises(WozError, match=r"nowhere:Kind can't be imported here .*; install its package beside woz"):
        kind_named("nowhere:Kind")
