"""View and sound of the form: what is chosen is open at once, to be seen and heard before the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QVBoxLayout, QWidget

from ui.application.bridge import Bridge
from ui.application.holding import start_with
from ui.station.device_row import DeviceRow
from ui.theme import GRID
from ui.widgets.meter import Meter
from ui.widgets.parts import button, label, panel, row
from ui.widgets.video_view import VideoView
from woz.base.supervision import Supervisor
from woz.capture.bench import Bench
from woz.capture.chime import Chime
from woz.capture.choices import NAMED, WITHOUT_EARPIECE, WITHOUT_MICROPHONE, Choice, Choices, Chosen
from woz.capture.source_spec import SOURCES
from woz.capture.trial import Trial
from woz.sound.level import SILENCE_DB, Level

METER_MS = 50
VIEW, MICROPHONE, EARPIECE = "view", "microphone", "earpiece"
OPENING = "Opening …"
FILES = "Recordings and videos (*.vrs *.mp4 *.mkv *.mov *.avi *.webm);;All files (*)"


class DeviceCard(QWidget):
    """Opens nothing until it is asked to `try_all`. A device is opened, closed and looked for on other threads."""

    _told = Signal(str, str, str)
    _looked = Signal(object)

    def __init__(self, chosen: Chosen, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._level, self._chime, self._bridge = Level(), Chime(), Bridge()
        self._bridge.setParent(self)
        self._view = VideoView(OPENING)
        self._meter = Meter("Level of the microphone")
        self._file, self._other = button("File …", "open"), button("Other …", "annotate")
        self._play, self._again = button("Play a chime", "play"), button("Look for devices again", "loop")
        without = {MICROPHONE: WITHOUT_MICROPHONE, EARPIECE: WITHOUT_EARPIECE}
        self.rows = {
            VIEW: DeviceRow("View", chosen.source, (row(self._file, self._other),), named=NAMED.sources),
            MICROPHONE: DeviceRow(
                "Microphone", chosen.microphone, (self._meter,), without[MICROPHONE], NAMED.microphones
            ),
            EARPIECE: DeviceRow(
                "Earpiece", chosen.earpiece, (row(self._play),), without[EARPIECE], NAMED.earpieces
            ),
        }
        self._faults = dict.fromkeys(self.rows, "")
        self._build()
        self._trials = {name: Trial(name, self._opener(name), partial(self._told.emit, name)) for name in self.rows}
        self._told.connect(self._show_told)
        self._looked.connect(self._show_choices)
        self._bridge.picture_arrived.connect(self._view.show_picture)
        for name, each in self.rows.items():
            each.chosen.connect(partial(self._try, name))
        self._metering = QTimer(self)
        self._metering.setInterval(METER_MS)
        self._metering.timeout.connect(lambda: self._meter.set_level(self._level.db))

    @property
    def chosen(self) -> Chosen:
        return Chosen(*(self.rows[name].spec for name in (VIEW, MICROPHONE, EARPIECE)))

    def try_all(self) -> None:
        """Open what is chosen, now, and whenever another choice is made."""
        for name, each in self.rows.items():
            self._try(name, each.spec)
        self._metering.start()

    def look(self) -> None:
        """List what is plugged in now, and try again what failed."""
        self._again.setEnabled(False)
        look = Supervisor().thread("look for devices", lambda: self._looked.emit(self._bench.look()), daemon=True)
        start_with(look, self)

    def play_chime(self) -> None:
        self._chime.ring()

    def release(self) -> None:
        """Close all that is tried; to be called on another thread than the window's, since it waits."""
        for trial in self._trials.values():
            trial.want("")
        for trial in self._trials.values():
            trial.release()

    def end(self) -> None:
        self._metering.stop()
        for trial in self._trials.values():
            trial.end()

    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "A recording or a video for the view", "", FILES)
        if path:
            kind = "vrs" if path.lower().endswith(".vrs") else "file"
            self.rows[VIEW].choose(Choice(f"{kind}:{path}", Path(path).name))

    def choose_other(self) -> None:
        forms = "\n".join(f"{spec}: {text}" for spec, text in SOURCES.items())
        spec, entered = QInputDialog.getText(self, "Another source", forms, text=self.rows[VIEW].spec)
        if entered and spec.strip():
            self.rows[VIEW].choose(Choice(spec.strip(), spec.strip()))

    def _opener(self, name: str) -> Callable[[str], Callable[[], None]]:
        bench = self._bench

        def open_one(spec: str) -> Callable[[], None]:
            tell = partial(self._told.emit, name, spec)
            if name == VIEW:
                return bench.view(spec, self._bridge.preview, tell)
            if name == MICROPHONE:
                return bench.microphone(spec, self._level, tell)
            return bench.earpiece(spec, self._chime, tell)

        return open_one

    def _try(self, name: str, spec: str) -> None:
        self.rows[name].tell("")
        if name == VIEW:
            self._view.clear(OPENING)
        elif name == MICROPHONE:
            self._level.db = SILENCE_DB
        self._trials[name].want(spec)

    def _show_told(self, name: str, spec: str, fault: str) -> None:
        """Of a choice that isn't the one any more nothing is told."""
        if self.rows[name].spec != spec:
            return
        self.rows[name].tell(fault)
        self._faults[name] = fault
        if name == VIEW and fault:
            self._view.clear("No picture")

    def _show_choices(self, found: Choices) -> None:
        self._again.setEnabled(True)
        for name, choices in (
            (VIEW, found.sources),
            (MICROPHONE, found.microphones),
            (EARPIECE, found.earpieces),
        ):
            self.rows[name].offer(choices)
            if self._faults[name]:
                self._try(name, self.rows[name].spec)

    def _build(self) -> None:
        self._view.setAccessibleName("How the view looks")
        for each, name in (
            (self._file, "Take the view from a file"),
            (self._other, "Take the view from another source"),
            (self._play, "Play a chime in the earpiece"),
        ):
            each.setAccessibleName(name)
        self._file.clicked.connect(self.choose_file)
        self._other.clicked.connect(self.choose_other)
        self._play.clicked.connect(self.play_chime)
        self._again.clicked.connect(self.look)
        choices = QVBoxLayout()
        choices.setSpacing(GRID)
        for line in (*self.rows.values(), self._again):
            choices.addWidget(line)
        choices.addStretch(1)
        body = QWidget()
        beside = QHBoxLayout(body)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GRID * 2)
        beside.addWidget(self._view, 1)
        beside.addLayout(choices, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(label("View and sound", "heading"), body))
        stops = [*self.rows[VIEW].stops, self._file, self._other, *self.rows[MICROPHONE].stops]
        earpiece, without = self.rows[EARPIECE].stops
        stops += [earpiece, self._play, without, self._again]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)
