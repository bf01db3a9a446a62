"""What all tests of windows share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked whether to close a window that records says yes, so that a test's end waits for nobody."""
    for window in ("ui.console.window", "ui.windows.station"):
        monkeypatch.setattr(f"{window}.sure", lambda *a: True, raising=False)
