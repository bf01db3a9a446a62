"""What a file says otherwise than it would be written, kept and restored."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.equal_json import ANY_VALUE, equal
from woz.formats.datasets.remains import remains, restored

OBJECTS = st.dictionaries(st.sampled_from("abc"), ANY_VALUE | st.dictionaries(st.sampled_from("ab"), ANY_VALUE))


@given(OBJECTS, OBJECTS)
def test_what_the_file_said_is_written_whatever_would_have_been(original: Any, written: Any) -> None:
    kept = remains(original, written)
    assert equal(restored(copy.deepcopy(written), kept), original)
    assert bool(kept) is not equal(original, written)


@pytest.mark.parametrize(("original", "written"), [(0.0, -0.0), (1, 1.0), (1, True), ([1], [1.0]), (None, False)])
def test_values_that_python_takes_for_equal_are_not(original: object, written: object) -> None:
    assert equal(restored({"a": written}, remains({"a": original}, {"a": written})), {"a": original})


def test_what_was_changed_since_stays_changed_and_the_rest_is_restored() -> None:
    kept = remains({"a": 1, "b": {"c": [2], "e": 5}}, {"a": 3, "b": {"c": [4], "d": 6}})
    assert restored({"a": 7, "b": {"c": [4], "d": 8}}, kept) == {"a": 7, "b": {"c": [2], "d": 8, "e": 5}}
    assert restored({"a": 3, "b": 9}, kept) == {"a": 1, "b": 9}


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param("[" * 100_000, id="nested"), "{", "7", "{}", "[7]", '[{"is": 1}]', '[{"at": []}]',
        '[{"at": [[1]]}]', '[{"at": "a"}]',
    ],
)  # fmt: skip
def test_what_is_no_difference_changes_nothing(kept: str) -> None:
    assert restored({"a": 1}, kept) == {"a": 1}
