"""Gathers a session from the project's database and exports it."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from woz.base.clock import Clock, SystemClock
from woz.base.commands import with_project
from woz.base.errors import WozError
from woz.dataset import export
from woz.dataset.export import Exported
from woz.dataset.release.checking import frozen
from woz.dataset.release.staying_words import StayingWords
from woz.formats.bundle import SessionBundle
from woz.lab.naming import demand_judged, leaving, left_in
from woz.lab.people import over_in
from woz.lab.ports import Project
from woz.lab.withholding import without_withheld
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.link import Link
from woz.model.own_schemes import with_steps
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.privacy.consent import release_reason
from woz.recording.folder.session_folder import SessionFolder


def export_bundle(project: Project, session_id: SessionId) -> SessionBundle:
    """The newest transcript counts; of schemes it has those of its tiers. Raises WozError for a session that the
    project hasn't.
    """
    session = project.sessions.get(session_id)
    items = project.annotations.load(session_id)
    procedure = project.procedures.get(session.procedure_id) if session.procedure_id else None
    tiers = tuple(item for item in items if isinstance(item, Tier))
    used = {(tier.scheme_id, tier.scheme_version) for tier in tiers}
    own = (scheme for scheme in project.schemes.all() if (scheme.id, scheme.version) in used)
    schemes = (with_steps(each, procedure) if procedure else each for each in own)
    transcripts = project.transcripts.of_session(session_id)
    transcript = transcripts[-1] if transcripts else None
    turns = (i for i in items if isinstance(i, Turn) and transcript and i.transcript_id == transcript.id)
    return SessionBundle(
        session,
        SessionFolder(project.session_dir(session_id)).ego,
        tuple(project.participants.get(person) for person in session.participants),
        transcript,
        tuple(sorted(turns, key=lambda turn: turn.interval)),
        tiers,
        tuple(item for item in items if isinstance(item, Annotation)),
        {(scheme.id, scheme.version): scheme for scheme in schemes},
        tuple(sorted((item for item in items if isinstance(item, Question)), key=lambda q: q.clip)),
        {person.id: person.pseudonym for person in project.annotators.all()},
        tuple(item for item in items if isinstance(item, Link)),
        procedure,
        tuple(project.streams.of_session(session_id)),
    )


def _with_splits(project: Project, session_ids: Sequence[SessionId]) -> list[SessionBundle]:
    """Each with the split that the newest release gave it of those whose folder is there."""
    splits: dict[str, str] = {}
    for released in project.releases.all():
        with contextlib.suppress(WozError):
            splits |= {key: facts.split for key, facts in frozen(Path(released.path)).sessions.items()}
    return [replace(export_bundle(project, key), split=splits.get(key, "")) for key in session_ids]


def losses(project: Project, session_ids: Sequence[SessionId], names: Sequence[str]) -> list[str]:
    """What the named formats can't hold of these sessions, a sentence a format."""
    return export.losses(names, _with_splits(project, session_ids))


def export_sessions(
    project: Project,
    session_ids: Sequence[SessionId],
    folder: Path,
    names: Sequence[str] = (),
    overwrite: bool = False,
    release: bool = False,
    leave_out: bool = False,
    frame_rate: float | None = None,
    clock: Clock | None = None,
) -> Exported:
    """Sessions of a project, as `woz.dataset.export.export_sessions` writes them; for a release without those that
    are due to go by the clock (the system's where it is left out). Raises WozError as that does.
    """
    bundles, over = _with_splits(project, session_ids), dict[SessionId, str]()
    if release:
        demand_judged(project)
        over = over_in(project, (clock or SystemClock()).utc_ns())
        staying = _staying(project, over, bundles)
        bundles = [leaving(project, staying.less(without_withheld(bundle))) for bundle in bundles]
    made = export.export_sessions(bundles, folder, names, overwrite, release, leave_out, frame_rate, over)
    warnings, left_out = (
        tuple(with_project(each, project.path) for each in told) for told in (made.warnings, made.left_out)
    )
    leaks = left_in(project, folder, made.files) if release else ()
    return replace(made, warnings=warnings, left_out=left_out, leaks=leaks)


def _staying(project: Project, over: Container[SessionId], bundles: Iterable[SessionBundle]) -> StayingWords:
    """The words of the project's sessions that may not leave the lab, and of stretches of these that may not."""
    staying = StayingWords()
    for session in project.sessions.all():
        people = map(project.participants.get, session.participants)
        if session.id in over or release_reason(session, people):
            staying.add(item for item in project.annotations.load(session.id) if isinstance(item, Question))
    for bundle in bundles:
        going = {each.id for each in without_withheld(bundle).questions}
        staying.add(each for each in bundle.questions if each.id not in going)
    return staying
