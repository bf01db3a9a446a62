"""Further views and takes of the sessions of a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, Interval, nanoseconds, seconds
from woz.importing.further_view import How, add_view, view_name
from woz.importing.making import origin_of
from woz.importing.material import ByHand, Say
from woz.importing.screen_gaze import GazeFile, GazeImported, import_gaze
from woz.importing.timesync import ByTable
from woz.lab.ports import Project
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, Take
from woz.model.stream import Stream, StreamKind
from woz.privacy.names.joined import JoinedNames
from woz.recording.folder.session_folder import SessionFolder


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How a view lies on session time: by its offset (s), by a table, else by its sound."""

    file: Path
    name: str = ""
    offset_s: float | None = None
    drift_ppm: float = 0.0
    table: Path | None = None
    camera: str = ""
    glasses: str = ""


def import_view(project: Project, session_id: SessionId, options: ViewOptions, say: Say) -> dict[str, Any]:
    """The answer says where it lies. Raises WozError, with project and session as they were."""
    name = options.name or _name_of(project, options.file)
    folder = SessionFolder.open(project.session_dir(project.sessions.get(session_id).id))
    manifest, placed = add_view(folder, options.file, name, _how(options, name), say)
    take_in(project, manifest)
    entry = manifest.stream(StreamKind.OTHER_VIEW, name)
    assert entry
    quality = placed.clock_map.quality
    return {
        "session_id": session_id,
        "view": name,
        "frames": entry.recorded,
        "start_s": seconds(entry.interval.start_ns),
        "end_s": seconds(entry.interval.end_ns),
        "placed": origin_of(placed),
        "residual_p95_ms": round(quality.residual_p95_ns / NS_PER_MS, 2) if quality.samples else None,
    }


def _name_of(project: Project, file: Path) -> str:
    """A view's name stands in packages and in names of films: it is no name of the project's list."""
    name = view_name(file)
    if found := JoinedNames(project.names.all()).in_file_name(name):
        raise WozError(
            f"The view would be called {name} after its file, and {found[0]!r} is on the project's list of names;"
            " give it another name with --name."
        )
    return name


def import_expert_gaze(project: Project, session_id: SessionId, file: GazeFile) -> GazeImported:
    """Raises WozError, with project and session as they were."""
    folder = SessionFolder.open(project.session_dir(project.sessions.get(session_id).id))
    manifest, done = import_gaze(folder, file)
    take_in(project, manifest)
    return done


def _how(options: ViewOptions, name: str) -> How:
    if options.offset_s is not None:
        if abs(options.drift_ppm) > 1000:
            raise WozError("A drift is at most 1000 ppm; correct --drift-ppm.")
        return ByHand(nanoseconds(options.offset_s), options.drift_ppm)
    if options.drift_ppm:
        raise WozError("A drift is set together with an offset; add --offset.")
    return ByTable(options.table, options.camera or name, options.glasses) if options.table else None


def views_of(streams: Sequence[Stream]) -> list[str]:
    """The cameras of further views, by name."""
    return sorted(stream.view for stream in streams if stream.kind == StreamKind.OTHER_VIEW and stream.view)


def add_take(project: Project, session_id: SessionId, take: Take) -> Session:
    """Raises WozError where the name is taken, the span isn't in the session, or the best view isn't of it."""
    session = project.sessions.get(session_id)
    views = views_of(project.streams.of_session(session_id))
    if not take.name.strip():
        raise WozError("A take needs a name.")
    if any(other.name == take.name for other in session.takes):
        raise WozError(f"{session_id} has a take {take.name!r} already; take it away first with --remove.")
    if session.duration_ns is not None and take.interval.end_ns > session.duration_ns:
        raise WozError(f"{session_id} is {seconds(session.duration_ns):.1f} s long; the take must lie in it.")
    if take.best_exo and take.best_exo not in views:
        raise WozError(
            f"{session_id} has no view {take.best_exo!r}; it has {', '.join(views) or 'none but its own'}."
        )
    takes = tuple(sorted((*session.takes, take), key=lambda each: each.interval))
    return _saved(project, replace(session, takes=takes))


def remove_take(project: Project, session_id: SessionId, name: str) -> Session:
    """Raises WozError where there is none of this name."""
    session = project.sessions.get(session_id)
    left = tuple(take for take in session.takes if take.name != name)
    if len(left) == len(session.takes):
        known = ", ".join(take.name for take in session.takes) or "none"
        raise WozError(f"{session_id} has no take {name!r}; it has {known}.")
    return _saved(project, replace(session, takes=left))


def _saved(project: Project, session: Session) -> Session:
    project.sessions.save(session)
    return session


def take_span(start_s: float, end_s: float) -> Interval:
    """Raises WozError for a span that isn't one."""
    if not 0 <= start_s < end_s <= 1e7:
        raise WozError("A take goes from a second of the session to a later one: --add NAME START END.")
    return Interval(nanoseconds(start_s), nanoseconds(end_s))


def take_facts(take: Take) -> dict[str, Any]:
    return {
        "name": take.name,
        "start_s": seconds(take.interval.start_ns),
        "end_s": seconds(take.interval.end_ns),
        "task": take.task or None,
        "best_exo": take.best_exo or None,
    }
