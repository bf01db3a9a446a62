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
    tracks = (
        replace(each, decision=decision, by=by, checked="") if each.id in ids else each for each in faces.tracks
    )
    return replace(faces, tracks=tuple(tracks), signed=None)


def signed_off(faces: Faces, by: str, utc_ns: int) -> Faces:
    """With `by` under all tracks that others decided on; approved once none is left.

    Raises WozError where tracks are open, or nothing is left that somebody else decided on.
    """
    if faces.open:
        count = "1 track" if faces.open == 1 else f"{faces.open} tracks"
        raise WozError(f"Nobody decided on {count} yet; review them before they are signed off.")
    left = [track for track in faces.tracks if not track.checked]
    if left and all(track.by == by for track in left):
        raise WozError(f"{by} decided on these faces; somebody else has to sign them off.")
    seen = (replace(each, checked=by) if not each.checked and each.by != by else each for each in faces.tracks)
    checked = replace(faces, tracks=tuple(seen), signed=None)
    return checked if checked.unsigned else replace(checked, signed=SignOff(by, utc_ns, checked.digest))
