"""Keys that mean something else on the editor's time line, so that no label can have them."""

from __future__ import annotations

EDITOR_KEYS = frozenset("IOSMXN[]+-=JKLFPRD,.")
"""Single keys; the window adds what else it takes."""
