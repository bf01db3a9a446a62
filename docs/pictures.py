"""Takes the pictures of both desks and of other windows anew, from the real windows in the states that matter.

`python docs/pictures.py FOLDER [light|dark] [STATE ...]`, from the repository's root; those of the docs are made by
`python docs/pictures.py docs/images light` and again with `dark`. A display is needed (Xvfb does); for pictures at
twice the size set QT_SCALE_FACTOR=2 on a display of at least 2560 by 1600.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[1]))

import av
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.application import application
from ui.application.bridge import Bridge
from ui.console.window import ConsoleWindow
from ui.home.batch_dialog import BatchDialog
from ui.home.join_dialog import JoinDialog
from ui.home.parts_dialog import Offer, PartsDialog
from ui.home.sessions import SessionLine
from ui.home.transcription_window import TranscriptionDialog
from ui.home.window import HomeWindow
from ui.procedures.window import ProcedureWindow
from ui.schemes.run import ProjectStore
from ui.schemes.window import SchemeWindow
from ui.station.checking import Finding
from ui.station.device_card import DeviceCard
from ui.station.form import PlanForm
from ui.station.saved import Saved
from ui.station.window import StationWindow
from woz.base.clock import SystemClock
from woz.capture.bench import Show, Tell
from woz.capture.chime import Chime
from woz.capture.choices import USUAL, Choice, Choices
from woz.capture.source import DeviceStatus, GazeSample
from woz.capture.tabletop import PROCEDURE, TableTop
from woz.capture.trial import Close
from woz.lab.library import DEMANDED, SessionFacts, TierFact
from woz.lab.schemes import scheme_named, take_in_scheme
from woz.link.ends.link_state import LinkState
from woz.link.handshake.invitation import Invitation
from woz.live.seats.console_seat import ConsoleSeat, ConsoleStatus, ViewFrame
from woz.live.seats.expert_log import Deed
from woz.live.seats.station_seat import Absence, StationPhase, StationStatus
from woz.model.events import Event, EventKind
from woz.model.ids import ProcedureId, SessionId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.plan import Plan, person_of
from woz.model.procedure import Procedure
from woz.model.protocol import ON_DEMAND
from woz.model.session import Session, SessionState
from woz.model.tier import TierState
from woz.parts.known import PARTS, Part, gigabytes
from woz.procedures.editing import changed, requiring
from woz.procedures.outline import steps_from_outline
from woz.schemes.shipped import shipped
from woz.sound.level import Level

NOW = 1_772_000_000_000_000_000
SIGNED = "privacy=2.1,recording=2.1,transcription=2.1"
GOOD = StationStatus(
    StationPhase.READY,
    LinkState.LIVE,
    trainee_level_db=-18.0,
    expert_level_db=-24.0,
    view_fps=20.0,
    delay_ms=74.0,
    disk_free_bytes=75_200_000_000,
    disk_minutes=412.0,
    device=DeviceStatus(battery_percent=82.0, temperature_c=36.0),
    view_fps_wanted=20.0,
    trainee_heard_ago_s=1.0,
    expert_heard_ago_s=3.0,
    expert_speaking=True,
    earpiece_heard=True,
    clock_residual_ms=0.3,
    loss=0.0,
    bit_rate=3_900_000.0,
)
RUNNING = replace(
    GOOD, phase=StationPhase.RECORDING, elapsed_ns=754 * 10**9, captured=15_080, recorded=15_080, observers=1
)
STATES: dict[str, StationStatus] = {
    "-ready": GOOD,
    "-checks": replace(
        GOOD,
        link=LinkState.WAITING,
        view_fps=11.0,
        device=DeviceStatus(battery_percent=12.0),
        trainee_clipped=True,
        trainee_level_db=-0.2,
        earpiece_heard=False,
        disk_minutes=9.0,
        disk_free_bytes=540_000_000,
        expert_speaking=False,
        delay_ms=None,
        problem="The glasses are hot and may stop soon; take them off for some minutes.",
    ),
    "": RUNNING,
    "-poor-link": replace(
        RUNNING, delay_ms=870.0, loss=0.13, bit_rate=600_000.0, dropped=214, trainee_clipped=True
    ),
    "-lost-link": replace(
        RUNNING,
        link=LinkState.LOST,
        delay_ms=None,
        expert_level_db=-90.0,
        expert_speaking=False,
        absence=Absence(731 * 10**9),
    ),
    "-without-sound": replace(GOOD, takes_trainee=False, has_earpiece=False, earpiece_heard=None),
}


GUIDING = ConsoleStatus(
    LinkState.LIVE,
    recording=True,
    elapsed_ns=754 * 10**9,
    delay_ms=74.0,
    own_level_db=-18.0,
    trainee_level_db=-24.0,
    heard=True,
    current_step=PROCEDURE.steps[2].id,
    deeds=(
        Deed(181 * 10**9, EventKind.STEP, PROCEDURE.steps[1].name, "a"),
        Deed(312 * 10**9, EventKind.MISTAKE, "", "b"),
        Deed(340 * 10**9, EventKind.CORRECTION, "", "c"),
        Deed(455 * 10**9, EventKind.STEP, PROCEDURE.steps[2].name, "d"),
        Deed(601 * 10**9, EventKind.MARK, "Question", "e"),
        Deed(733 * 10**9, EventKind.NOTE, "Holds the axle the wrong way round", "f"),
    ),
)
CONSOLE_STATES: dict[str, ConsoleStatus] = {
    "": GUIDING,
    "-poor-link": replace(GUIDING, delay_ms=870.0, unsent=3, open_mistakes=1, cue="Take the red gear first."),
    "-lost-link": replace(GUIDING, link=LinkState.LOST, delay_ms=None, heard=False, unsent=5),
    "-muted": replace(GUIDING, muted=True, heard=False, own_level_db=-90.0),
    "-handing-over": replace(GUIDING, recording=False, upload=0.4),
}


BEGUN = {deed: step.id for deed in GUIDING.deeds for step in PROCEDURE.steps if step.name == deed.text}
DONE = [
    Event(deed.t_ns, deed.kind, Role.EXPERT, {"id": deed.id, "name": deed.text, "step_id": BEGUN.get(deed)})
    for deed in GUIDING.deeds
]

SESSION = SessionId("20260225-061320-7c1e")
LINK = Invitation("192.0.2.17", 40905, SESSION, NOW // 10**9, bytes(range(32)), bytes(range(16))).link


class Seat:
    """What a window shows of a station that isn't there."""

    session_id = SESSION
    invitation = observer_invitation = LINK
    procedure = PROCEDURE
    session_ns: int | None = None
    gaze: GazeSample | None = GazeSample(0, 0, 0.08, -0.05, 0.6)

    def record(self) -> None: ...

    def stop(self) -> None: ...

    def note(self, text: str, at_ns: int | None = None) -> bool:
        return True

    def mark(self, name: str) -> bool:
        return True

    def bystander(self, asked: bool) -> bool:
        return True

    def chime(self) -> None: ...

    def chime_heard(self, heard: bool) -> None: ...


def form(folder: Path) -> QWidget:
    """The form, half filled in."""
    trainee = person_of(Role.TRAINEE, f"P07,experience=2,skill=3,languages=it+en,{SIGNED}", (), NOW)
    expert = person_of(Role.EXPERT, f"E01,experience=often,languages=en,{SIGNED},release=2.1", (), NOW)
    scenario = "The lamp lies in parts on the tray. The trainee has seen a picture of the finished one."
    card = DeviceCard(USUAL, PicturedBench())
    return PlanForm(Plan(PROCEDURE, ON_DEMAND, scenario, (trainee, expert)), [], [], [], NOW, card)


class PicturedBench:
    """Devices that aren't there, for the form."""

    def look(self) -> Choices:
        usual = Choice("default", "The system's microphone")
        return Choices((Choice("synthetic", "A drawn task, no camera"),), (usual,), (Choice("default", "Headset"),))

    def view(self, spec: str, show: Show, tell: Tell) -> Close:
        show(av.VideoFrame.from_ndarray(TableTop(320).draw(0.7), format="rgb24"))
        return _nothing

    def microphone(self, spec: str, level: Level, tell: Tell) -> Close:
        level.db = -18.0
        return _nothing

    def earpiece(self, spec: str, chime: Chime, tell: Tell) -> Close:
        return _nothing


def _nothing() -> None: ...


def station(status: StationStatus) -> Callable[[Path], QWidget]:
    def made(folder: Path) -> QWidget:
        bridge = Bridge()
        unasked = ("P07",) if status.view_fps < 15 else ()
        settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        window = StationWindow(Seat(), bridge, unasked, settings)
        bridge.setParent(window)
        window.show()
        bridge.status(status)
        for event in DONE if status.phase == StationPhase.RECORDING else ():
            bridge.journalled(event)
        bridge.preview(av.VideoFrame.from_ndarray(TableTop(320).draw(0.7), format="rgb24"))
        return window

    return made


def saved(folder: Path) -> QWidget:
    """The station after stopping."""
    window = station(RUNNING)(folder)
    assert isinstance(window, StationWindow)
    window._show_status(replace(RUNNING, phase=StationPhase.CLOSED))
    files = (("ego.mkv", 812_345_678), ("expert.mka", 6_123_456), ("events.jsonl", 43_210))
    faults = ("5:12  The microphone has stalled for 1.6 s and is opened again.", "5:20  the microphone comes again")
    place = Path("/home/lab/lamp-study/sessions/20260225-061320-7c1e")
    window.show_saved(Saved(place, 754 * 10**9, 15_080, 15_080, files, faults), checked=True)
    window.show_finding(Finding("good"))
    return window


class Expert:
    """What the expert's window shows of a console that isn't there; nothing done there has a consequence."""

    observing = False

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: None


def console(status: ConsoleStatus) -> Callable[[Path], QWidget]:
    def made(folder: Path) -> QWidget:
        bridge = Bridge()
        window = ConsoleWindow(cast(ConsoleSeat, Expert()), bridge, folder / "lists")
        bridge.setParent(window)
        window.show()
        bridge.procedure(PROCEDURE)
        bridge.protocol(replace(ON_DEMAND, gaze_shown=True, pointing_allowed=True))
        bridge.status(status)
        picture = av.VideoFrame.from_ndarray(TableTop(320).draw(0.7), format="rgb24")
        bridge.view(ViewFrame(picture, 0, (0.44, 0.57)))
        return window

    return made


def drawing(folder: Path) -> QWidget:
    """The console while the expert draws around something and writes a note."""
    window = console(GUIDING)(folder)
    assert isinstance(window, ConsoleWindow)
    QTest.qWait(200)
    stroke = window._view._strokes.begin((0.72, 0.5), time.monotonic_ns())
    turns = [math.tau * part / 40 for part in range(40)]
    stroke.points = [(0.6 + 0.12 * math.cos(turn), 0.5 + 0.12 * math.sin(turn)) for turn in turns]
    window._note.setFocus()
    QTest.keyClicks(window._note, "looks for the")
    return window


def join(folder: Path) -> QWidget:
    """The way in, with an invitation that ran out."""
    window = JoinDialog(None)
    window.link.setPlainText(LINK)
    return window


def parts(folder: Path) -> QWidget:
    """The heavy parts, none of which is here."""

    def offer(part: Part) -> Offer:
        where = "For the processor it" if part.for_gpus else "It"
        takes = f"{where} takes about {gigabytes(part.takes['cpu'])} GB; about half of that is fetched."
        return Offer(part.name, part.does, f"{part.name} is not here.", takes, f"Add {part.name} now")

    return PartsDialog([offer(part) for part in PARTS])


def batch(folder: Path) -> QWidget:
    """Work over all sessions, before it is started."""
    dialog = BatchDialog("lab", QSettings(str(folder / "batch.ini"), QSettings.Format.IniFormat))
    dialog.choose("voices")
    return dialog


def transcription(folder: Path) -> QWidget:
    """A transcription on its way."""
    settings = QSettings(str(folder / "transcription.ini"), QSettings.Format.IniFormat)
    window = TranscriptionDialog(["project"], settings)
    window._choices.setEnabled(False)
    window._start.setEnabled(False)
    window._close.setText("Cancel")
    window._close.setFocus()
    window.running._show_stage(42, "recognition of the trainee's track, 3 min left")
    window.running.log.appendPlainText("Language: English.\nNo GPU: it runs on the CPU.")
    return window


def procedures(folder: Path) -> QWidget:
    """A procedure in a tree, with what must be done before the step that is chosen."""
    window = ProcedureWindow()
    text = (
        "Set out bowl and mug\nMake the batter\n  Mix flour, sugar and baking powder\n  Add water and oil\n  Stir\n"
    )
    text += "Line the mug\nPour the batter into the mug\nMicrowave for 60 seconds\nSugar on top\n"
    steps = steps_from_outline(text)
    ids = [step.id for step in steps]
    made = Procedure(ProcedureId("mug-cake"), "Mug cake", steps)
    for after, before in ((1, 0), (3, 2), (4, 3), (5, 0), (6, 1), (6, 5), (7, 6), (8, 7)):
        made = requiring(made, ids[after], ids[before], True)
    made = changed(made, ids[8], optional=True)
    described = "Until no lumps remain."
    window.show_procedure(
        changed(made, ids[4], description=described, tools=("whisk",), repeatable=True), saved=True
    )
    window.show_known(["Mug cake", "Pour-over coffee"], 0)
    window._choose(ids[6])
    return window


def schemes(folder: Path) -> QWidget:
    """A scheme with two layers, and the label that is chosen."""
    project = Project.create(folder / "lab", "Table tasks", SystemClock())
    take_in_scheme(project, shipped("egoinstruct"))
    window = SchemeWindow(ProjectStore(project), "Table tasks")
    window.open_scheme(scheme_named(project, "egoinstruct"))
    window.draft.choose("conversation", "instruction")
    window.show_page(window.label_panel)
    return window


def _line(
    days_ago: int, title: str, people: str, minutes: int, state: SessionState, coded: TierState | None = None
) -> SessionLine:
    """Who was there agreed; `coded` is how far the steps of it are, None where nobody began."""
    start = NOW - days_ago * 86_400 * 10**9 - minutes * 97 * 10**9
    running = state == SessionState.RECORDING
    length = None if running else minutes * 67 * 10**9
    session = Session(SessionId(f"session-{days_ago}"), title, state, start, length, protocol=ON_DEMAND)
    there = tuple(people.split(", "))
    facts = SessionFacts(
        session,
        title,
        there,
        consents=tuple((who, kind, start, None) for who in there for kind in DEMANDED),
        transcript="" if running else Origin.RECOGNISED,
        tiers=(TierFact("steps", "steps", coded, "A1"),) if coded else (),
        touched_utc_ns=start,
    )
    return SessionLine(session.id, title, state, start, length, people, running, facts)


def home(folder: Path) -> QWidget:
    """The home window with the sessions of a project."""
    window = HomeWindow()
    lines = (
        _line(0, "Assemble the lamp", "P09, E01", 3, SessionState.RECORDING),
        _line(1, "Assemble the lamp", "P08, E01", 14, SessionState.CLOSED),
        _line(2, "Change a bicycle tube", "P08, E02", 21, SessionState.CLOSED, TierState.IN_WORK),
        _line(6, "Assemble the lamp", "P07, E01", 12, SessionState.RECOVERED, TierState.SUBMITTED),
        _line(7, "Change a bicycle tube", "P07, E02", 18, SessionState.CLOSED, TierState.ACCEPTED),
    )
    window.show_project("Table tasks", lines)
    return window


def home_empty(folder: Path) -> QWidget:
    """The home window as somebody meets it who has nothing yet."""
    return HomeWindow()


def take(window: QWidget, path: Path) -> None:
    window.show()
    QTest.qWait(1_500)
    window.grab().save(str(path), quality=0)


def main() -> None:
    folder = Path(sys.argv[1])
    theme = sys.argv[2] if len(sys.argv) > 2 else "light"
    makers: dict[str, Callable[[Path], QWidget]] = {"home": home, "home-empty": home_empty, "station-form": form}
    makers |= {f"station{name}": station(status) for name, status in STATES.items()}
    makers |= {f"console{name}": console(status) for name, status in CONSOLE_STATES.items()}
    makers |= {"station-saved": saved, "console-drawing": drawing, "join": join, "transcription": transcription}
    makers |= {"procedures": procedures, "schemes": schemes, "parts": parts, "batch": batch}
    wanted = sys.argv[3:] or list(makers)
    folder.mkdir(parents=True, exist_ok=True)
    app = application(theme)
    with tempfile.TemporaryDirectory() as settings:
        for name in wanted:
            window = makers[name](Path(settings))
            take(window, folder / f"{name}{'-dark' if theme == 'dark' else ''}.png")
            window.hide()
            app.processEvents()


if __name__ == "__main__":
    main()
