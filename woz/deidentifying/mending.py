"""How a person mends the tracks of a film: draws one, takes it on, cuts it back."""

from __future__ import annotations

from dataclasses import replace

from woz.base.errors import WozError
from woz.deidentifying.carrying import Carried
from woz.deidentifying.faces import Decision, Faces, Track

DRAWN = "d"
"""How the names of drawn tracks begin; the detector's begin with f."""


def with_drawn(faces: Faces, carried: Carried, by: str) -> tuple[Faces, Track]:
    """With a new track, which is blurred; whoever drew it decided on it."""
    taken = {each.id for each in faces.tracks}
    name = next(f"{DRAWN}{n}" for n in range(1, len(taken) + 2) if f"{DRAWN}{n}" not in taken)
    scores = (0.0,) * len(carried.boxes)
    track = Track(name, carried.first, carried.boxes, scores, Decision.BLUR, by, drawn=True)
    return replace(faces.with_track(track), signed=None), track


def cut_to(faces: Faces, track: Track, first: int, last: int, by: str) -> Faces:
    """Only the frames from `first` to `last` of a track. Raises WozError where none would be left."""
    first, last = max(first, track.first), min(last, track.last)
    if first > last:
        raise WozError(f"Nothing of {track.id} would be left; call it no face instead.")
    kept = slice(first - track.first, last - track.first + 1)
    return _with(faces, replace(track, first=first, boxes=track.boxes[kept], scores=track.scores[kept]), by)


def taken_on(faces: Faces, track: Track, more: Carried, by: str) -> Faces:
    """With boxes right before the track or right after it. Raises WozError for others."""
    length = len(more.boxes)
    zeros = (0.0,) * length
    if more.first == track.last + 1:
        longer = replace(track, boxes=(*track.boxes, *more.boxes), scores=(*track.scores, *zeros))
    elif more.first + length == track.first:
        longer = replace(track, first=more.first, boxes=(*more.boxes, *track.boxes), scores=(*zeros, *track.scores))
    else:
        raise WozError(f"{track.id} was changed meanwhile; try again.")
    return _with(faces, longer, by)


def reaching(track: Track, carried: tuple[Carried, ...], number: int) -> Carried:
    """What takes a track on to a frame: as it was carried, and from where that ends, where it was last."""
    forwards = number > track.last
    count = number - track.last if forwards else track.first - number
    found = [box for each in carried for box in (each.boxes if forwards else each.boxes[::-1])][:count]
    last = found[-1] if found else (track.boxes[-1] if forwards else track.boxes[0])
    boxes = [*found, *[last] * (count - len(found))]
    return Carried(track.last + 1, tuple(boxes)) if forwards else Carried(number, tuple(boxes[::-1]))


def _with(faces: Faces, track: Track, by: str) -> Faces:
    """Whoever changes where something is blurred answers for it; what is open stays so."""
    by = track.by if track.decision == Decision.OPEN else by
    return replace(faces.with_track(replace(track, by=by, checked="")), signed=None)
