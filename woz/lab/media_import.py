"""Takes recordings made elsewhere into a project: a new session, or a second view of one that is there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.importing.beginning import Beginning, beginning_of
from woz.importing.joining import join_view
from woz.importing.left_behind import left_behind
from woz.importing.making import make_session, origin_of
from woz.importing.material import ByHand, Say, ViewSource, VoiceFile, demand_sound, open_view, require_file
from woz.lab.planning import PlanOptions, draft, planned_session, save_plan
from woz.lab.ports import Project
from woz.lab.taking_in import take_back, take_in
from woz.model.ids import SessionId, new_session_id
from woz.model.people import Role
from woz.model.plan import Plan, problems
from woz.model.session import DataSetSource, SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

WHOLE = "view"


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """What the command line says of recordings made elsewhere; offsets in seconds and drifts in ppm, by role."""

    view: Path
    trainee_voice: Path | None = None
    expert_voice: Path | None = None
    offsets: tuple[str, ...] = ()
    drifts: tuple[str, ...] = ()
    join: str = ""
    session_id: str = ""
    start: str = ""
    plan: PlanOptions = field(default_factory=PlanOptions)
    provenance: DataSetSource | None = None
    title: str = ""
    """The procedure's name where it is left out."""
    place: str = ""

    @property
    def recordings(self) -> list[Path]:
        return [path for path in (self.view, self.trainee_voice, self.expert_voice) if path]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A new session that nothing speaks against yet."""

    id: SessionId
    began: Beginning
    view: ViewSource
    voices: list[VoiceFile]
    plan: Plan


def import_media(project: Project, options: MediaOptions, say: Say) -> dict[str, Any]:
    """The answer sums up what was made. Raises WozError, with project and session as they were."""
    known = _by_hand(options)
    if options.join:
        return _join(project, options, known.get(WHOLE), say)
    new = _prepared(project, options, known)
    sessions, name, left = project.sessions_dir, new.plan.procedure.name, _left(project, options)
    manifest, placed = make_session(sessions, new.id, new.began, name, new.view, new.voices, say, left)
    try:
        with project.at_once():
            _store(project, new.plan, manifest, options)
    except BaseException:
        if all(folder.path.name != manifest.session_id for folder in left):
            take_back(project, manifest.session_id)
        raise
    told = {"began": new.began.words, **_hdr(new.view)}
    return {**_summary(manifest, [origin_of(voice) for voice in placed]), **told}


def _left(project: Project, options: MediaOptions) -> list[SessionFolder]:
    """What a killed import may have left, of the id that is wanted."""
    found = left_behind(project.sessions_dir, {session.id for session in project.sessions.all()})
    return [folder for folder in found if options.session_id in ("", folder.path.name)]


def demand_importable(project: Project, options: MediaOptions) -> None:
    """Look at what can be known before a new session is made: its files open, its people and its id may be.

    Raises WozError as `import_media` would; whether voices have sound in common with the view is not looked at.
    """
    for path in options.recordings:
        require_file(path)
    new = _prepared(project, options, _by_hand(options))
    for voice in new.voices:
        demand_sound(new.view, options.view, voice)


def _prepared(project: Project, options: MediaOptions, known: dict[str, ByHand]) -> _Prepared:
    voices = _voices(options, known)
    view = open_view(options.view)
    began = _beginning(options, view.start_utc_ns)
    session_id = _identity(options, began)
    if any(session.id == session_id for session in project.sessions.all()):
        raise WozError(
            f"There is a session {session_id} already; nothing was overwritten. Give this one another id."
        )
    plan = draft(project, options.plan, "", SystemClock().utc_ns())
    if faults := problems(plan, project.participants.all()) if plan.people else []:
        raise WozError(" ".join(faults))
    return _Prepared(session_id, began, view, voices, plan)


def _store(project: Project, plan: Plan, manifest: Manifest, options: MediaOptions) -> None:
    save_plan(project, plan)
    planned = planned_session(plan, SystemClock())
    session = replace(
        planned,
        id=manifest.session_id,
        title=options.title or planned.title,
        state=SessionState.CLOSED,
        start_utc_ns=manifest.start_utc_ns,
        duration_ns=manifest.duration_ns,
        protocol=planned.protocol if options.plan.protocol else None,
        provenance=options.provenance,
        place=options.place,
    )
    project.sessions.save(session)
    take_in(project, manifest)


def media_words(made: dict[str, Any]) -> str:
    """The summary in some lines."""
    lines = [f"{made['session_id']}: {made['seconds']:.1f} s, {counted(made['frames'], 'frame')}."]
    if "began" in made:
        lines.append(f"  Began {made['began']}.")
    for voice in made["placed"]:
        at = f"begins at {voice['offset_ns'] / 1e9:+.4f} s, drift {voice['drift_ppm']:+.1f} ppm"
        sure = ""
        if "confidence" in voice:
            sure = f" ({voice['confidence']:.0%} of the windows with clear sound agree)"
        lines.append(f"  {voice['imported']} {at}, placed by {voice['placed_by']}{sure}.")
    if said := hdr_words(made):
        lines.append(f"  {said}")
    return "\n".join(lines)


def hdr_words(made: dict[str, Any]) -> str:
    """What is to be known of a view of HDR; empty for others."""
    if "hdr" not in made:
        return ""
    return (
        f"The view is HDR ({made['hdr']}): the session has 8 bits of each colour on the film's own curve, and looks"
        " pale where a player or a model doesn't know that; for plain colours export the film as SDR and import"
        " that, or switch HDR off in the camera."
    )


def _join(project: Project, options: MediaOptions, known: ByHand | None, say: Say) -> dict[str, Any]:
    if options.trainee_voice or options.expert_voice:
        raise WozError("A session that is joined with another view has its voices already; leave the voices out.")
    session = project.sessions.get(SessionId(options.join))
    folder = SessionFolder.open(project.session_dir(session.id))
    manifest, placed = join_view(folder, options.view, known, say)
    take_in(project, manifest)
    return {**_summary(manifest, [origin_of(placed)]), **_hdr(open_view(options.view))}


def _hdr(view: ViewSource) -> dict[str, str]:
    colours = view.info.colours
    return {"hdr": colours.hdr} if colours and colours.hdr else {}


def _voices(options: MediaOptions, known: dict[str, ByHand]) -> list[VoiceFile]:
    named = ((Role.TRAINEE, options.trainee_voice), (Role.EXPERT, options.expert_voice))
    voices = [VoiceFile(role, path, known.get(role)) for role, path in named if path]
    if stray := set(known) - {str(voice.role) for voice in voices}:
        raise WozError(f"There is no voice file of the {min(stray)} whose offset could be set.")
    return voices


def _by_hand(options: MediaOptions) -> dict[str, ByHand]:
    """Offsets and drifts by role; one without a name is that of the only recording that is placed."""
    roles = [WHOLE] if options.join else _roles(options)
    offsets, drifts = _numbers(options.offsets, roles, "--offset"), _numbers(options.drifts, roles, "--drift-ppm")
    if set(drifts) - set(offsets):
        raise WozError("A drift is set together with an offset; add --offset.")
    if any(abs(drift) > 1000 for drift in drifts.values()):
        raise WozError("A drift is at most 1000 ppm; correct --drift-ppm.")
    return {role: ByHand(round(seconds * 1e9), drifts.get(role, 0.0)) for role, seconds in offsets.items()}


def _roles(options: MediaOptions) -> list[str]:
    named = (("trainee", options.trainee_voice), ("expert", options.expert_voice))
    return [role for role, path in named if path]


def _numbers(texts: tuple[str, ...], roles: list[str], option: str) -> dict[str, float]:
    found = {}
    for text in texts:
        role, equals, number = text.rpartition("=")
        if not equals and len(roles) != 1:
            raise WozError(f"Say of which voice {option} is: {option} expert={text}, for example.")
        try:
            found[role if equals else roles[0]] = float(number)
        except ValueError:
            raise WozError(f"{option} must be a number, not {number!r}.") from None
    return found


def _beginning(options: MediaOptions, tagged_utc_ns: int | None) -> Beginning:
    if options.start:
        return Beginning(_start(options.start))
    return beginning_of(options.view, tagged_utc_ns, SystemClock().utc_ns())


def _identity(options: MediaOptions, began: Beginning) -> SessionId:
    session_id = SessionId(options.session_id) if options.session_id else new_session_id(began.utc_ns)
    if not session_id.replace("-", "").replace("_", "").isalnum():
        raise WozError(f"A session's id has letters, digits, - and _ only; {session_id!r} has others.")
    return session_id


def _start(text: str) -> int:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise WozError(f"--start is a date with a time, 2026-03-01T14:30:00Z for example, not {text!r}.") from None
    return round((start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp() * 1e9)


def _summary(manifest: Manifest, placed: list[dict[str, Any]]) -> dict[str, Any]:
    view = manifest.stream(StreamKind.VIEW)
    return {
        "session_id": manifest.session_id,
        "seconds": (manifest.duration_ns or 0) / 1e9,
        "frames": view.recorded if view else 0,
        "placed": placed,
    }
