"""A voice's level with its peak and a sign of clipping, which stays for a while."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.theme import GRID
from ui.widgets.meter import Meter
from ui.widgets.parts import label
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationStatus

BARE = "⚠ has no microphone"


class Levels(QWidget):
    """The trainee's voice and the expert's."""

    def __init__(self) -> None:
        super().__init__()
        self._meters = {name: Meter(f"Level of the {name.lower()}'s voice") for name in ("Trainee", "Expert")}
        self._clips: dict[str, QLabel] = {}
        self._none = {name: label("is not recorded", "muted") for name in self._meters}
        self._bare = label(BARE, "warning")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID)
        grid.setColumnStretch(1, 1)
        for line, (name, meter) in enumerate(self._meters.items()):
            self._clips[name] = label("", "danger")
            self._clips[name].setMinimumWidth(56)
            self._clips[name].setAccessibleName(f"Whether the {name.lower()}'s voice clips")
            for column, widget in enumerate((label(name, "muted"), meter, self._clips[name])):
                grid.addWidget(widget, line, column)
            grid.addWidget(self._none[name], line, 1)
            self._none[name].hide()
        self._bare.setAccessibleName("The expert has no microphone")
        grid.addWidget(self._bare, list(self._meters).index("Expert"), 1, 1, 2)
        self._bare.hide()

    def show_status(self, status: StationStatus) -> None:
        for name, db, clipped, taken in (
            ("Trainee", status.trainee_level_db, status.trainee_clipped, status.takes_trainee),
            ("Expert", status.expert_level_db, status.expert_clipped, True),
        ):
            self._meters[name].set_level(db)
            self._clips[name].setText("⚠ CLIPS" if clipped else "")
            self._meters[name].setVisible(taken)
            self._none[name].setVisible(not taken)
        bare = status.link == LinkState.LIVE and not status.expert_has_microphone
        self._meters["Expert"].setVisible(not bare)
        self._clips["Expert"].setVisible(not bare)
        self._bare.setVisible(bare)
