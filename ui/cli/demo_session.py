"""The demo: one whole session with real parts in real processes, from the glasses to the exported questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from storage import Project
from ui.application.invitation import VARIABLE
from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.runtime import end_process
from woz.demo import pulse
from woz.demo.capacity import IdleWatch, measure, usable_cores
from woz.demo.pulse import PulseRoom, Seat
from woz.demo.script import Mark, Performance
from woz.demo.voices import perform, render, write_wav
from woz.lab.exporting import export_bundle, export_sessions
from woz.lab.taking_in import take_in_turns, transcript_of
from woz.model.ids import SessionId, TranscriptId, TurnId, new_id
from woz.model.origin import Origin
from woz.model.own_schemes import STATES, STEPS
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.recording.check.verification import Report, Sync, check
from woz.recording.expert_voice.heard_delay import heard_delay
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.sync_marks import next_mark_ns
from woz.transcription.models import require_installed, require_model

LEAD_NS = 4 * NS_PER_S
"""From the cue to the first line: the actors learn their devices' times meanwhile."""
PATIENCE_S = 300.0
"""A seat that ends is noticed at once; one that lives may be slow, on a machine with much else to do."""
SAID = "woz: "
"""How the command line begins the sentence with which it ends."""
CLOSING_PART = 0.1
"""Of a long session's length, so much more may pass until its files are read again and it is closed."""
ACTOR_ENDS_WITHIN_S = 5.0
NEXT_STEP_KEY, NOTE_TEXT, MISTAKE_TEXT = "N", "Cable near the edge", "Gear upside down"
FACTS = "languages=en,privacy=demo,recording=demo,transcription=demo,release=demo"
"""What holds for both scripted people; being files, they agree to everything."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the station can be reached, and the commands within which the two seats run (`ip netns exec NAME`)."""

    address: str = "127.0.0.1"
    station: tuple[str, ...] = ()
    console: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoOptions:
    out: Path
    seconds: int = 60
    source: str = ""
    headless: bool = False
    model: Path | None = None
    theme: str = "light"
    virtual_sound: bool = False
    places: Places = Places()


class Seated:
    """A station or a console in a process of its own, driven through its control lines."""

    def __init__(
        self, arguments: list[str], environment: Mapping[str, str], log: Path, within: Sequence[str] = ()
    ) -> None:
        self._log = log.open("w")
        self._child = subprocess.Popen(
            [*within, sys.executable, "-m", "ui.cli", *arguments, "--control"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, **environment},
        )
        self.name, self.log = arguments[0], log
        self._news: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name=f"news of {arguments[0]}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def tell(self, **command: Any) -> None:
        assert self._child.stdin
        self._child.stdin.write(json.dumps(command) + "\n")
        self._child.stdin.flush()

    def wait_for(self, patience_s: float = PATIENCE_S, **wanted: Any) -> dict[str, Any]:
        """The first news that has all these values (any value where it is None).

        Raises WozError where the process ends or says nothing of it in time.
        """
        deadline = time.monotonic() + patience_s
        with self._changed:
            while time.monotonic() < deadline:
                for news in self._news:
                    if all(key in news and value in (None, news[key]) for key, value in wanted.items()):
                        return news
                if self._child.poll() is not None and not self._reader.is_alive():
                    break
                self._changed.wait(0.2)
        raise WozError(
            self._own_words or f"The demo's {self.name} did not get to {', '.join(wanted)}; its log is {self.log}."
        )

    @property
    def _own_words(self) -> str:
        """The sentence with which the process ended; empty where it said none."""
        if self._child.poll() in (None, 0):
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return next((line.removeprefix(SAID) for line in reversed(lines) if line.startswith(SAID)), "")

    def quit(self) -> None:
        if self._child.poll() is None:
            self.tell(do="quit")
        self._child.wait(PATIENCE_S)

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        self._reader.join()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()
        self._log.close()

    def _read(self) -> None:
        assert self._child.stdout
        for line in self._child.stdout:
            with self._changed:
                self._news.append(json.loads(line))
                self._changed.notify_all()


class Demo:
    def __init__(self, options: DemoOptions, say: Any) -> None:
        """Raises WozError for a model with which nothing could be recognised."""
        if options.model:
            require_installed(then="")
            require_model("whisper", options.model)
        self._options = options
        self._say = say
        self._clock: Clock = SystemClock()
        self._sound = pulse.available() and not options.virtual_sound
        self._source = options.source
        self._actors: dict[Role, subprocess.Popen[str]] = {}
        self._late_s: dict[str, float | None] = {}
        out = options.out
        self._project, self._work, self._shots = out / "project", out / "work", out / "screenshots"

    def run(self) -> dict[str, Any]:
        """The whole demo; the answer is its summary. Raises WozError where a part fails."""
        self._make_folders()
        performance, start_ns = self._record()
        session_id = self._session_id
        with Project.open(self._project, self._clock) as project:
            self._say("Checking the recording")
            folder = SessionFolder.open(project.session_dir(session_id))
            report = check(folder)
            self._transcribe(project, folder, performance, start_ns)
            self._say("Exporting")
            exports = export_sessions(project, [session_id], self._options.out / "exports").files
            return self._summary(project, folder, report, exports)

    # the live part

    def _make_folders(self) -> None:
        try:
            for folder in (self._work, self._shots):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WozError(f"The demo can't write to {self._options.out} ({error.strerror}).") from error

    def _record(self) -> tuple[Performance, int]:
        """Perform and record; the answer is what was performed, and when it began (UTC)."""
        self._say("Preparing the voices")
        spoken_ns = (self._options.seconds - 1) * NS_PER_S - LEAD_NS // 2
        performance, sounds = perform(spoken_ns)
        for role in (Role.TRAINEE, Role.EXPERT):
            write_wav(self._wav(role), render(performance, sounds, role))
        self._size_up()
        with ExitStack() as stack:
            room = stack.enter_context(PulseRoom(self._work / "pulse")) if self._sound else None
            station = self._seat(stack, self._station_arguments(), room, Seat.STATION)
            ready = station.wait_for(invitation=None)
            self._session_id = SessionId(ready["session_id"])
            console = self._seat(stack, self._console_arguments(), room, Seat.CONSOLE, ready["invitation"])
            console.wait_for(joined=True)
            station.wait_for(link="live")
            self._say(f"Recording {self._options.seconds} s")
            return performance, self._perform(stack, station, console, room, performance)

    def _size_up(self) -> None:
        """Where no source was named, draw the view as large as this machine carries."""
        if self._source:
            return
        capacity = measure()
        self._source = f"synthetic?size={capacity.size}&task={self._options.seconds}"
        if capacity.words:
            self._say(capacity.words)

    def _seat(
        self, stack: ExitStack, arguments: list[str], room: PulseRoom | None, seat: Seat, invitation: str = ""
    ) -> Seated:
        environment = dict(room.environment(seat)) if room else {}
        if invitation:
            environment[VARIABLE] = invitation
        if self._options.headless:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        places = self._options.places
        within = places.station if seat == Seat.STATION else places.console
        seated = Seated(arguments, environment, self._work / f"{arguments[0]}.log", within)
        stack.callback(seated.end)
        return seated

    def _perform(
        self, stack: ExitStack, station: Seated, console: Seated, room: PulseRoom | None, performance: Performance
    ) -> int:
        start_ns = next_mark_ns(self._clock.utc_ns() + LEAD_NS)
        self._cue(stack, station, console, room, start_ns)
        self._until(start_ns - LEAD_NS // 2)
        station.tell(do="record")
        station.wait_for(phase="recording")
        idle = IdleWatch(usable_cores())
        shot = False
        for spoken in performance.spoken:
            self._until(start_ns + spoken.interval.start_ns)
            if spoken.line.mark:
                self._mark(console, spoken.line.mark)
            if not shot and spoken.interval.start_ns > performance.duration_ns // 2:
                station.tell(do="shot", path=str(self._shots / "station.png"))
                console.tell(do="shot", path=str(self._shots / "console.png"))
                shot = True
        self._until(start_ns + performance.duration_ns)
        self._left_cores = idle.free_cores()
        station.tell(do="stop")
        patience_s = PATIENCE_S + performance.duration_ns / NS_PER_S * CLOSING_PART
        station.wait_for(patience_s, closed=True)
        console.wait_for(safe_to_close=True)
        console.quit()
        station.quit()
        self._delays = console.wait_for(frames=None)
        self._late_s = {str(role): _late_s(actor) for role, actor in self._actors.items()}
        return start_ns

    def _cue(
        self, stack: ExitStack, station: Seated, console: Seated, room: PulseRoom | None, start_ns: int
    ) -> None:
        if room is None:
            for seated in (station, console):
                seated.tell(do="cue", utc_ns=start_ns)
            return
        for role, seat in ((Role.TRAINEE, Seat.TRAINEE), (Role.EXPERT, Seat.EXPERT)):
            command = [sys.executable, "-m", "woz.demo.actor", str(self._wav(role)), str(start_ns), "--json"]
            environment = {**os.environ, **room.environment(seat)}
            self._actors[role] = actor = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, text=True
            )
            stack.callback(end_process, actor, ACTOR_ENDS_WITHIN_S)

    @staticmethod
    def _mark(console: Seated, mark: Mark) -> None:
        if mark == Mark.NEXT_STEP:
            console.tell(do="press", key=NEXT_STEP_KEY)
        elif mark == Mark.MISTAKE:
            console.tell(do="mistake", text=MISTAKE_TEXT)
        else:
            console.tell(do="note", text=NOTE_TEXT)

    def _until(self, utc_ns: int) -> None:
        time.sleep(max(0.0, (utc_ns - self._clock.utc_ns()) / 1e9))

    def _wav(self, role: Role) -> Path:
        return self._work / f"{role}.wav"

    def _station_arguments(self) -> list[str]:
        source = self._source
        people = ["--trainee", f"P01,experience=none,skill=2,{FACTS}", "--expert", f"E01,experience=often,{FACTS}"]
        people += ["--protocol", "proactive", "--scenario", "Two scripted people put a small lamp together."]
        address = self._options.places.address
        where = ["--project", str(self._project), "--address", address, "--host", address]
        steps = [] if source.startswith("synthetic") else ["--demo-procedure"]
        return ["station", *where, "--source", source, *people, *steps, *self._devices(Role.TRAINEE)]

    def _console_arguments(self) -> list[str]:
        return ["join", "--recordings", str(self._work / "console"), *self._devices(Role.EXPERT)]

    def _devices(self, role: Role) -> list[str]:
        theme = ["--theme", self._options.theme]
        if self._sound:
            return ["--mic", pulse.DEVICE, "--speaker", pulse.DEVICE, *theme]
        return ["--mic", "virtual", "--speaker", "virtual", "--script", str(self._wav(role)), *theme]

    # afterwards

    def _transcribe(self, project: Project, folder: SessionFolder, performance: Performance, start_ns: int) -> None:
        if self._options.model:
            from woz.lab.transcribing import Wishes, transcribe_session
            from woz.transcription.task import Settings

            wishes = Wishes(Settings(model=str(self._options.model), language="en"))
            transcribe_session(project, self._session_id, wishes, self._say)
            return
        self._say("No speech model was given with --model: the script's own turns are imported, marked “script”")
        session_id = self._session_id
        transcript = transcript_of(session_id, Origin.SCRIPT, "woz demo script", self._clock, "en")
        turns = script_turns(performance, start_ns - folder.manifest().start_utc_ns, folder, transcript.id)
        take_in_turns(project, transcript, turns)

    def _summary(
        self, project: Project, folder: SessionFolder, report: Report, exports: Sequence[Path]
    ) -> dict[str, Any]:
        session_id = self._session_id
        bundle = export_bundle(project, session_id)
        files = sorted(p for p in folder.path.rglob("*") if p.is_file())
        return {
            "session_id": session_id,
            "project": str(self._project),
            "seconds": round(report.duration_ns / 1e9, 3),
            "frames": {
                "captured": report.frames_captured,
                "recorded": report.frames_in_file,
                "shown": self._delays["frames"],
            },
            "latency_ms": {"p50": self._delays["p50_ms"], "p95": self._delays["p95_ms"]},
            "sync_ms": {
                name: _worst(getattr(report, name)) for name in ("view_audio", "expert_said", "expert_heard")
            },
            "source": self._source,
            "cores_left": round(self._left_cores, 2),
            "actors_late_s": self._late_s,
            "turns": len(bundle.turns),
            "transcript_origin": bundle.origin,
            "steps": len(bundle.of_type(STEPS)),
            "states": len(bundle.of_type(STATES)),
            "questions": len(bundle.questions),
            "sound": "PulseAudio null sinks" if self._sound else "virtual devices",
            "check": {**asdict(report)},
            "files": [str(path) for path in files],
            "exports": [str(path) for path in exports],
            "screenshots": [str(path) for path in sorted(self._shots.glob("*.png"))],
        }


def script_turns(
    performance: Performance, offset_ns: int, folder: SessionFolder, transcript_id: TranscriptId
) -> list[Turn]:
    """The script's lines as turns: as said, and, for the expert, as heard by the measured delay."""
    delay = heard_delay(folder)
    turns = []
    for spoken in performance.spoken:
        said = spoken.interval.shifted(offset_ns)
        expert = spoken.line.speaker == Role.EXPERT
        turns.append(
            Turn(
                TurnId(new_id()),
                transcript_id,
                spoken.line.speaker,
                delay.heard(said) if expert else said,
                spoken.line.text,
                said if expert else None,
            )
        )
    return turns


def _late_s(actor: subprocess.Popen[str]) -> float | None:
    """How much of its track came too late to be heard; None where the actor didn't get to the end."""
    told, _ = actor.communicate(timeout=ACTOR_ENDS_WITHIN_S)
    late_s: float | None = json.loads(told)["late_s"] if actor.returncode == 0 else None
    return late_s


def _worst(sync: Sync | None) -> float | None:
    return sync.worst_ms if sync else None
