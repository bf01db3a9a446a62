"""What the window of faces says, and its colours of decisions."""

from __future__ import annotations

from collections.abc import Mapping

from ui.theme import colours
from ui.widgets.parts import clock_text
from woz.base.counts import counted
from woz.deidentifying.faces import Decision, Faces, Track

KEYS: Mapping[Decision, str] = {Decision.BLUR: "B", Decision.NO_FACE: "N", Decision.CONSENTED: "C"}
NAMES: Mapping[Decision, str] = {
    Decision.OPEN: "open",
    Decision.BLUR: "Blur",
    Decision.NO_FACE: "Not a face",
    Decision.CONSENTED: "Has consented",
}
_COLOURS = {
    Decision.OPEN: "warning",
    Decision.BLUR: "accent",
    Decision.NO_FACE: "none",
    Decision.CONSENTED: "success",
}
NOT_LOOKED = "Nobody looked for faces in this film yet. Close this window, run woz blur detect, and come back."
NO_TRACKS = (
    "No face was found in this film: there is none, or all are blurred already. Play it (Space), draw around what"
    " you see (drag, or D), and sign off (S)."
)
DRAWING = "Arrows move the box, Shift and arrows change its size; Enter keeps it and follows it, Escape leaves."
FOLLOWING = "Following it forwards and backwards … Escape stops."
BUSY = "What was drawn last is still being followed; wait, or press Escape."


def colour_of(decision: Decision) -> str:
    """The name of its colour in the theme."""
    return _COLOURS[decision]


def colour_value(decision: Decision) -> str:
    return str(getattr(colours(), colour_of(decision)))


def track_words(track: Track, times: list[int]) -> str:
    """Of a track, in three lines."""
    begin, end = (times[min(n, len(times) - 1)] for n in (track.first, track.last))
    found = "drawn by hand" if track.drawn else f"score {track.score:.2f}"
    people = [track.by] if track.by else []
    people += [f"signed {track.checked}"] if track.checked else []
    by = f" ({', '.join(people)})" if people else ""
    span = f"{track.id}   {clock_text(begin)} to {clock_text(end)}"
    return "\n".join((span, found, f"{NAMES[track.decision]}{by}"))


def state_words(faces: Faces, by: str) -> str:
    """How far the film is, and what is to be done next."""
    count = len(faces.tracks)
    tracks = counted(count, "track")
    if faces.approved:
        return f"{tracks}, all signed off. Next: woz blur burn"
    if faces.open:
        return f"{tracks}, {faces.open} open"
    mine = sum(track.by == by and not track.checked for track in faces.tracks)
    waiting = [f"{faces.unsigned - mine} to be signed off (S)"] if faces.unsigned > mine else []
    waiting += [f"{mine} for somebody else to sign off"] if mine else []
    return ", ".join((tracks, *waiting)) if waiting else f"{tracks}; sign off (S)"
