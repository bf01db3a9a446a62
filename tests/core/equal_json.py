"""Files of data sets in and out again, compared as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.core.format_room import bundles_of, parts_of, written

_LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(-1e12, 1e12) | st.text(max_size=6)
ANY_VALUE = st.recursive(
    _LEAVES | st.sampled_from(["none", "7", "", "1", "0"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def equal(one: object, other: object) -> bool:
    """1, 1.0 and true are three values; the order of an object's names doesn't matter."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def there_and_back(name: str, path: Path, out: Path) -> Any:
    """What a file says after it was read and written."""
    [file] = written(name, bundles_of(parts_of(name, path)), out)
    return json.loads(file.read_text(encoding="utf-8"))


def comes_back(name: str, path: Path, out: Path) -> bool:
    return equal(json.loads(path.read_text(encoding="utf-8")), there_and_back(name, path, out))
