"""What people decide on the faces of a film."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from woz.base.errors import WozError
from woz.deidentifying.faces import Decision, Faces, SignOff


def decided(faces: Faces, ids: Collection[str], decision: Decision, by: str) -> Faces:
    """Raises WozError for a track that isn't there."""
    known = {track.id for track in faces.tracks}
    if unknown := sorted(set(ids) - known):
        raise WozError(f"There is no track {unknown[0]}; woz blur review PROJECT --list names those that are.")
    tracks = (replace(each, decision=decision, by=by) if each.id in ids else each for each in faces.tracks)
    return replace(faces, tracks=tuple(tracks), signed=None)


def signed_off(faces: Faces, by: str, utc_ns: int) -> Faces:
    """Raises WozError where tracks are open, or the same person decided on them."""
    if faces.open:
        tracks = "1 track" if faces.open == 1 else f"{faces.open} tracks"
        raise WozError(f"Nobody decided on {tracks} yet; review them before they are signed off.")
    if by in faces.reviewers():
        raise WozError(f"{by} decided on these faces; somebody else has to sign them off.")
    return replace(faces, signed=SignOff(by, utc_ns, faces.digest))
