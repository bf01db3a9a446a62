"""A lab that sends a recorded session to an annotator elsewhere, and takes back what they did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from storage import Project
from tests.core.recording_room import Session as Recording
from tests.core.recording_room import make_room
from tests.storage.examples import TRANSCRIPT, TURN, segment
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.clock import ManualClock
from woz.base.interval import NS_PER_S, Interval
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.package_making import Tell, make_package
from woz.lab.package_returning import return_package
from woz.lab.package_taking import Choice, TakenPackage, take_package
from woz.lab.packing import PackageOrder, plan_package
from woz.lab.taking_in import take_in, take_in_turns
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import PackageId, ParticipantId, SessionId, TierId
from woz.model.own_schemes import STATES
from woz.model.package import Package
from woz.model.people import Attendance, Consent, ConsentKind, Participant, Role
from woz.model.session import Session, SessionState
from woz.model.tier import Tier, TierState
from woz.remote.keys import Lock, Opener, new_identity, recipient_of
from woz.remote.opening import open_package

WORDS = "four words of ours"
IDENTITY = new_identity()
"""A passphrase costs two seconds to seal and two to open; what depends on none goes to a key."""
LOCK, OPENER = Lock(recipient=recipient_of(IDENTITY)), Opener(identity=IDENTITY)
UNTIL = date(2027, 3, 1)
NOW_NS = 1_800_000_000_000_000_000
"""2027-01-15."""
DAY_NS = 86_400 * NS_PER_S


def package_for(whose: Annotator, session: SessionId, holds: tuple[str, ...] = (), until: date = UNTIL) -> Package:
    name = PackageId(f"package-{whose.pseudonym}")
    return Package(name, whose.id, whose.pseudonym, (session,), holds, NOW_NS, "A01", until)


class Lab:
    """A01 manages; A02 codes the states of a recorded session, A03 again, blind to A02, perhaps in windows."""

    def __init__(
        self, project: Project, folder: Path, until: date = UNTIL, windows: tuple[Interval, ...] = ()
    ) -> None:
        self.project, self.folder, self.clock = project, folder, ManualClock(utc_ns=NOW_NS)
        self.until = until
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        recording = Recording(project.sessions_dir)
        recording.recorder.start()
        recording.run(make_room(2), 0, 2)
        manifest = recording.recorder.close(2 * NS_PER_S)
        self.session_id = manifest.session_id
        self.people = (self._participant("P01", Role.TRAINEE), self._participant("E01", Role.EXPERT))
        attendance = tuple(Attendance(each.id, each.role) for each in self.people)
        ids = tuple(each.id for each in self.people)
        session = Session(
            self.session_id,
            "Tea",
            SessionState.RECORDING,
            manifest.start_utc_ns,
            None,
            participants=ids,
            attendance=attendance,
            place="Room 7",
        )
        project.sessions.save(session)
        take_in(project, manifest)
        transcript = replace(TRANSCRIPT, session_id=self.session_id)
        take_in_turns(project, transcript, [replace(TURN, text="Warm the pot.", words=())])
        first = assign(project, self.session_id, Order(STATES, self.ada, self.boss), self.clock)
        bens = Order(STATES, self.ben, self.boss, Part.SECOND, windows)
        second = assign(project, self.session_id, bens, self.clock)
        self.tiers = {self.ada: first.tier_id, self.ben: second.tier_id}

    def _participant(self, name: str, role: Role) -> Participant:
        made = Participant(ParticipantId(name.lower()), name, role, (Consent(ConsentKind.RELEASE, "1", NOW_NS),))
        self.project.participants.save(made)
        return made

    def mark(self, project: Project, whose: Annotator, name: str, start_ms: int, end_ms: int) -> Annotation:
        """An edit of theirs, in the lab or in a package."""
        new = segment(name, start_ms * 1_000_000, end_ms * 1_000_000)
        new = replace(new, tier_id=self.tiers[whose])
        project.annotations.record(self.session_id, Edit(f"Mark {name}", (), (new,)), whose.id)
        return self.now(project, name)

    @property
    def length_ms(self) -> int:
        """How long the session is, and no less."""
        return -(-(self.project.sessions.get(self.session_id).duration_ns or 0) // 1_000_000)

    def tier(self, project: Project, whose: Annotator) -> Tier:
        """Their own, as it is now."""
        items = project.annotations.load(self.session_id)
        return next(each for each in items if isinstance(each, Tier) and each.id == self.tiers[whose])

    def move(self, project: Project, whose: Annotator, *states: TierState) -> None:
        """Their own tier, one state after the other; what it lacks isn't asked."""
        for state in states:
            edit = moved(self.tier(project, whose), state, whose)
            project.annotations.record(self.session_id, edit, whose.id)

    def change(self, project: Project, whose: Annotator, name: str, **fields: object) -> None:
        was = self.now(project, name)
        edit = Edit(f"Change {name}", (was,), (replace(was, **fields),))  # type: ignore[arg-type]
        project.annotations.record(self.session_id, edit, whose.id)

    def now(self, project: Project, name: str) -> Annotation:
        found = {str(item.id): item for item in project.annotations.load(self.session_id)}[name]
        assert isinstance(found, Annotation)
        return found

    def marks(self, project: Project, tier: TierId) -> set[str]:
        items = project.annotations.load(self.session_id)
        return {str(item.id) for item in items if isinstance(item, Annotation) and item.tier_id == tier}

    def order(self, because: str = "") -> PackageOrder:
        return PackageOrder(self.ben, self.boss, (self.session_id,), self.until, because)

    def send(self, because: str = "", tell: Tell = lambda *_: None) -> Path:
        """The file that goes to A03."""
        out = self.folder / f"package-{len(self.project.packages.all())}.woz"
        plan = plan_package(self.project, self.order(because), self.clock.utc_ns())
        make_package(self.project, plan, LOCK, out, self._founded, self.clock, tell)
        return out

    @contextmanager
    def _founded(self, folder: Path, name: str) -> Iterator[Project]:
        with Project.create(folder, name, self.clock) as made:
            yield made

    @contextmanager
    def opened(self, file: Path) -> Iterator[Project]:
        """The package where A03 works; opened once, then gone on with."""
        folder = file.with_suffix("")
        if not folder.exists():
            open_package(file, folder, OPENER, self.clock.utc_ns())
        with Project.open(folder, self.clock) as project:
            yield project

    def returned(self, package: Project, clock: ManualClock | None = None) -> Path:
        out = self.folder / "returned.age"
        return_package(package, out, clock or self.clock)
        return out

    def take(self, file: Path, choice: Choice | None = None) -> TakenPackage:
        return take_package(self.project, file, self.boss, choice or Choice(), self.clock)
