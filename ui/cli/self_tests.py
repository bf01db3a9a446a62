"""The tests of `woz --self-test` that need no display: each answers in a sentence, or raises what is amiss."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError

ROOMS = ("woz", "storage", "ui")
EXTRAS = (
    *("torch", "torchaudio", "whisperx", "pyannote", "scipy", "jiwer", "keyring", "transformers", "faster_whisper"),
    *("ctranslate2", "nltk", "dask", "distributed", "bokeh", "psycopg", "aria", "projectaria_tools", "inspect_ai"),
)
"""What extras bring, left out here: they take long to load, and what is amiss with them is told by `woz doctor`."""
NO_MODULES = ("storage.migrations", "woz.dataset.harness.lmms_utils", "ui.cli.__main__")
"""Run by others than this program, or run as it is imported."""
CHILD_WITHIN_S = 120


def parts() -> str:
    """Import every module, so that none is found missing in the middle of a session."""
    loaded = lacking = 0
    with _left_out(EXTRAS):
        for name in _modules():
            try:
                importlib.import_module(name)
                loaded += 1
            except ImportError as error:
                if (error.name or "").partition(".")[0] not in EXTRAS:
                    raise WozError(f"{name} can't be loaded ({error}); install woz again.") from error
                lacking += 1
    return f"{loaded} modules load; {lacking} are for extras"


@contextmanager
def _left_out(names: Iterable[str]) -> Iterator[None]:
    """Packages that aren't loaded yet can't be, meanwhile."""
    blocked = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]


def _modules() -> list[str]:
    found = [
        module.name
        for room in ROOMS
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}.")
    ]
    return [name for name in found if not name.startswith(NO_MODULES)]


def children() -> str:
    """Windows, readers and models live in processes of their own, each started like this one."""
    from ui.application.programs import program

    asked = subprocess.run(
        program("--version"), capture_output=True, text=True, timeout=CHILD_WITHIN_S, check=False
    )
    if asked.returncode or not asked.stdout.startswith("woz "):
        raise WozError(f"A process of its own ends with {asked.returncode} ({asked.stderr.strip()[-200:]}).")
    return f"{asked.stdout.strip()} starts processes of its own"


def sound() -> str:
    from woz.capture.sound import devices

    found = devices()
    return f"the sound library loads and finds {counted(len(found), 'device')}"


def recording(project: Path) -> str:
    """A session of ten seconds, recorded, decoded, checked and taken into a new project."""
    from storage import Project
    from woz.demo.short_recording import SIZE, record
    from woz.lab.taking_in import take_in
    from woz.model.session import Session, SessionState

    with Project.create(project, "Self-test", SystemClock()) as made:
        done = record(made.sessions_dir, SystemClock().utc_ns())
        session = Session(done.manifest.session_id, "Self-test", SessionState.CLOSED, done.manifest.start_utc_ns)
        made.sessions.save(session)
        take_in(made, done.manifest)
    seconds = (done.manifest.duration_ns or 0) / 1e9
    return f"{seconds:.1f} s at {SIZE}x{SIZE} recorded; {len(done.decoded)} pictures and both voices read again"


def migration(folder: Path) -> str:
    """A project of the first schema, brought to this one's."""
    from storage import Project
    from storage.copies.oldest import NAME, SESSION, make_oldest

    make_oldest(folder)
    with Project.open(folder, SystemClock()) as project:
        kept = [session.id for session in project.sessions.all()]
        if project.name != NAME or kept != [SESSION]:
            raise WozError(f"A migrated project is {project.name!r} with the sessions {kept}; install woz again.")
        return f"a project of the first woz is brought to schema {project.database.revision()}"
