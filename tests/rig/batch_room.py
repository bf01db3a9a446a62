"""Projects with recorded sessions for batches, and a kind of work that can be told to misbehave."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from storage import Project
from tests.core.recording_room import START_UTC_NS, make_room
from tests.core.recording_room import Session as Recorded
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.lab.ports import Project as AnyProject
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import AnnotationId, AnnotatorId, SessionId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.recording.folder.session_folder import SessionFolder

SMALL = "tests.rig.batch_room:Small"
SECONDS = 2


def recorded_project(path: Path, count: int) -> Project:
    """So many sessions of two seconds, alike but for their names."""
    project = Project.create(path, "Kitchen", SystemClock())
    scratch = Recorded(path.parent / "recorded")
    scratch.recorder.start()
    scratch.run(make_room(SECONDS), 0, SECONDS)
    scratch.recorder.close(SECONDS * NS_PER_S)
    for number in range(count):
        name = SessionId(f"20270115-0800{number:02d}-test")
        folder = SessionFolder(project.session_dir(name))
        shutil.copytree(scratch.folder.path, folder.path)
        replace(folder.manifest(), session_id=name).save(folder.manifest_path)
        state, length = SessionState.CLOSED, folder.manifest().duration_ns
        project.sessions.save(Session(name, "Cake", state, START_UTC_NS, duration_ns=length))
    return project


def mark_states(project: Project, count: int) -> None:
    """So many states in each session, beside each other."""
    ada = AnnotatorId("ada")
    project.annotators.save(Annotator(ada, "Ada"))
    project.schemes.keep(CONVERSATION)
    made, label = Made(Origin.MANUAL, ada), CONVERSATION.tier_type(STATES).labels[0].id
    length_ns = SECONDS * NS_PER_S // max(1, count)
    for session in project.sessions.all():
        tier = Tier(TierId(f"{session.id}-t"), session.id, CONVERSATION.id, 1, STATES, "Ada's", made, ada)
        spans = ((f"{session.id}-{n}", n * length_ns) for n in range(count))
        marks = (
            Annotation(AnnotationId(name), tier.id, start_ns, start_ns + length_ns, label, made)
            for name, start_ns in spans
        )
        project.annotations.record(session.id, Edit("Mark", (), (tier, *marks)), ada)


@dataclass(frozen=True, slots=True)
class Orders:
    """`count` items a session, each hashing `rounds` times.

    `orders` is a folder of files named by items that say how to misbehave.
    """

    count: int = 1
    orders: str = ""
    pause_s: float = 0.0
    rounds: int = 1000


class Small:
    """Hashes its number many times.

    A file of its name in `orders` holds "kill", "raise", "nothing", "once" or "warn".
    """

    name: ClassVar[str] = SMALL
    says: ClassVar[str] = "for tests"
    parameters: ClassVar[type[Any]] = Orders

    def tools(self, parameters: Any) -> dict[str, str]:
        return {"small": os.environ.get("WOZ_TEST_SMALL", "1")}

    def roots(self, project: AnyProject, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: AnyProject, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        for session in sessions:
            manifest = SessionFolder(project.session_dir(session)).manifest_path
            for number in range(parameters.count):
                yield Planned(f"{session}-{number:05d}", [(SESSIONS, manifest)], {"number": number})

    def work(self, item: Item, place: Place) -> Sequence[str]:
        with (place.out.parent.parent / "begun").open("a") as begun:
            begun.write(f"{item.id}\n")
        time.sleep(item.parameters["pause_s"])
        order = Path(item.parameters["orders"]) / item.id
        if item.parameters["orders"] and order.exists():
            _obey(order)
            if _is_told(order, "nothing"):
                return ()
        digest = item.id.encode()
        for _ in range(item.parameters["rounds"]):
            digest = hashlib.sha256(digest).digest()
        (place.out / "digest").write_bytes(digest)
        return ("It was told to warn.", "Twice.") if _is_told(order, "warn") else ()

    def collect(self, project: AnyProject, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = 0
        for result in results:
            taken(result)
            count += 1
        return f"{count} taken"


def _is_told(order: Path, what: str) -> bool:
    return order.is_file() and order.read_text() == what


def _obey(order: Path) -> None:
    match order.read_text():
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "once":
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise WozError("It was told to fail.")
