"""A procedure of more than nine steps in the editor: its tree, and keys beyond the digits."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, SID, record_session
from woz.lab.taking_in import save_procedure, take_in
from woz.model.ids import ProcedureId
from woz.model.own_schemes import STEPS
from woz.model.procedure import Procedure
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.procedures.outline import steps_from_outline

TEXT = "Set out\n  Bowl\n  Mug\n" + "".join(f"Do {number}\n" for number in range(3, 13))
CAKE = Procedure(ProcedureId("cake"), "Cake", steps_from_outline(TEXT))


def test_steps_beyond_nine_and_whole_steps_have_keys(qtbot: QtBot, tmp_path: Path) -> None:
    """Bowl, Mug and Do 3 to Do 9 have the digits, Do 10 has Alt+1, and the whole step the key after the last."""
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as project:
        save_procedure(project, CAKE)
        begun = Session(SID, "Cake", SessionState.RECORDING, CLOCK.utc_ns(), procedure_id=CAKE.id)
        project.sessions.save(begun)
        take_in(project, record_session(project.sessions_dir))
        [tier] = [i for i in project.annotations.load(SID) if isinstance(i, Tier) and i.tier_type == STEPS]
        window = editor_at_once(project, SID, "ada")
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        while window._tier != tier:
            qtbot.keyClick(window, Qt.Key.Key_Tab)
        keys = (
            (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "bowl"),
            (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier, "do-10"),
            (Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier, "set-out"),
        )
        for key, modifier, label in keys:
            qtbot.keyClick(window, key, modifier)
            assert window._document.annotations(tier.id)[0].label == label
