"""The Edit menu names what would be undone and redone, also in a program that was started again."""

from __future__ import annotations

from pathlib import Path

from tests.ui.test_editor import recorded  # noqa: F401
from tests.ui.test_two_windows import THIRD, Window, steps  # noqa: F401


def test_the_menu_names_edits_over_restarts(recorded: Path, steps: list[str]) -> None:  # noqa: F811
    first = steps[0]
    window = Window(recorded, "ada")
    assert window.wait_for(lambda told: True)["menu"] == ["", ""]
    window.say(do="note", item=first, note="seen")
    window.say(do="relabel", item=first, label=THIRD)
    window.wait_for(lambda told: told["menu"] == ["Undo Change label", ""])
    assert window.close() == 0

    window = Window(recorded, "ada")
    assert window.wait_for(lambda told: True)["menu"] == ["Undo Change label", ""]
    window.say(do="undo")
    window.wait_for(lambda told: told["menu"] == ["Undo Change note", "Redo Change label"])
    assert window.close() == 0

    window = Window(recorded, "ada")
    assert window.wait_for(lambda told: True)["menu"] == ["Undo Change note", "Redo Change label"]
    window.say(do="redo")
    told = window.wait_for(lambda told: told["menu"] == ["Undo Change label", ""])
    assert told["shown"][first] == [THIRD, "seen"]
    assert window.close() == 0
