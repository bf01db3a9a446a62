"""What a batch of faces is asked for."""

from __future__ import annotations

import pytest

from woz.base.errors import WozError
from woz.batch.kinds.faces import Faces, Parameters


@pytest.mark.parametrize("detector", ["centerface,", ",centerface", "", "a.jit,,centerface"])
def test_a_missing_detector_is_said(detector: str) -> None:
    with pytest.raises(WozError, match=f"“{detector}” lacks a detector; name one"):
        Faces().plan(None, (), Parameters(detector))  # type: ignore[arg-type]
