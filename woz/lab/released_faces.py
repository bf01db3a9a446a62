"""What a release asks of a project about faces, and what its card tells of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from woz.base.counts import counted
from woz.dataset.release.faces import FacesOfFilms
from woz.deidentifying.faces import Decision, Faces
from woz.deidentifying.keeping import load_faces
from woz.deidentifying.proving import Count, together
from woz.lab.blurring import session_objection
from woz.lab.face_proof import proof_of
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.recording.folder.session_folder import SessionFolder


def faces_of_films(project: Project) -> FacesOfFilms:
    """As a release asks for it."""
    if not project.blurring.required:
        return FacesOfFilms()
    return FacesOfFilms(
        True,
        lambda session_id: session_objection(project, session_id),
        lambda sessions: _told(project, sessions),
    )


def _told(project: Project, sessions: Sequence[SessionId]) -> tuple[str, ...]:
    """How each was found; what was counted of all together: few samples of one session say little of it."""
    lines, counts = list[str](), dict[SessionId, Count]()
    for session_id in sessions:
        ego = SessionFolder(project.session_dir(session_id)).ego
        faces = load_faces(ego)
        if faces is None:
            continue
        lines.append(_found(session_id, faces))
        if proof := proof_of(ego, faces):
            counts[session_id] = proof.count
    if counts:
        of = f"Samples of {len(counts)} of {len(sessions)} sessions" if len(counts) > 1 else next(iter(counts))
        lines.append(f"{of}: {_figures(together(counts.values()))}")
    return tuple(lines)


def _found(session_id: SessionId, faces: Faces) -> str:
    facts, counts = faces.detector, Counter(track.decision for track in faces.tracks)
    shown = counts[Decision.CONSENTED]
    return (
        f"{session_id}: {counted(counts[Decision.BLUR], 'track')} of faces blurred, {shown} shown by consent; found"
        f" by {facts.name} ({facts.version}, weights {facts.weights_sha256[:12]}) from a score of {faces.least:g}"
        " on."
    )


def _figures(count: Count) -> str:
    """As a second person counted them."""
    told = count.figures()
    if not count.face_seconds and not count.tracks:
        return (
            f"in {counted(count.seconds, 'second')} of the copy that a second person looked at no face was seen; at"
            f" most {told['leaks_an_hour_at_most']:.1f} leaks an hour (95 %)."
        )
    return (
        f"of {counted(count.face_seconds, 'second')} of faces that a second person looked at in the copy,"
        f" {count.missed_face_seconds} were not all covered (recall at least"
        f" {told['recall_face_second_at_least']:.3f}); {count.leaking_tracks} of {counted(count.tracks, 'track')}"
        f" had an uncovered frame; {told['leaks_an_hour'] or 0:.1f} leaks an hour, at most"
        f" {told['leaks_an_hour_at_most']:.1f} (95 %)."
    )
