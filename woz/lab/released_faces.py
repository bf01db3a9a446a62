"""What a release asks of a project about faces, and what its card tells of them."""

from __future__ import annotations

from collections import Counter

from woz.base.counts import counted
from woz.dataset.release.faces import FacesOfFilms
from woz.deidentifying.faces import Decision
from woz.deidentifying.keeping import load_faces
from woz.deidentifying.proving import Count
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
        lambda session_id: _told(project, session_id),
    )


def _told(project: Project, session_id: SessionId) -> tuple[str, ...]:
    ego = SessionFolder(project.session_dir(session_id)).ego
    faces = load_faces(ego)
    if faces is None:
        return ()
    facts, counts = faces.detector, Counter(track.decision for track in faces.tracks)
    shown = counts[Decision.CONSENTED]
    proof = proof_of(ego, faces)
    lines = (
        f"{session_id}: {counted(counts[Decision.BLUR], 'track')} of faces blurred, {shown} shown by consent; found"
        " by"
        f" {facts.name} ({facts.version}, weights {facts.weights_sha256[:12]}) from a score of {faces.least:g} on.",
    )
    return lines if proof is None else (*lines, f"{session_id}: {_figures(proof.count)}")


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
