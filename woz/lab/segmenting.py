"""Two tiers of a project as labels a frame, to be scored against each other."""

from __future__ import annotations

from collections.abc import Mapping

from woz.annotation.measures.segment import GAP, Segment, segments_of
from woz.annotation.measures.segmentation_scores import Frames
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.ids import SessionId, TierId
from woz.model.tier import Tier


def tiers_as_frames(
    project: Project, session_id: SessionId, reference: str, predicted: str, frame_rate: float
) -> Mapping[str, tuple[Frames, Frames]]:
    """By the session's id; tiers by id or name, sampled in the middle of each frame. What has no label is "".

    Raises WozError for a tier that isn't there, or a name that several have.
    """
    if not 0 < frame_rate <= 1000:
        raise WozError(f"A frame rate lies between 0 and 1000 a second, which {frame_rate} does not.")
    items = project.annotations.load(session_id)
    tiers = [item for item in items if isinstance(item, Tier)]
    duration_ns = project.sessions.get(session_id).duration_ns or 0
    count = round(duration_ns * frame_rate / NS_PER_S)
    found = []
    for name in (reference, predicted):
        tier_id = _tier(tiers, session_id, name)
        segments = segments_of(i for i in items if isinstance(i, Annotation) and i.tier_id == tier_id)
        found.append(_frames(segments, count, frame_rate))
    return {session_id: (found[0], found[1])}


def _tier(tiers: list[Tier], session_id: SessionId, name: str) -> TierId:
    found = [tier.id for tier in tiers if name in (tier.id, tier.name)]
    if len(found) != 1:
        known = ", ".join(f"{tier.name} ({tier.id})" for tier in tiers) or "none"
        number = "several tiers" if found else "no tier"
        raise WozError(f"{session_id} has {number} {name!r}; its tiers are: {known}.")
    return found[0]


def _frames(segments: tuple[Segment, ...], count: int, frame_rate: float) -> Frames:
    """Where segments overlap, the one that began last counts."""
    frames = [GAP] * count
    for each in segments:
        first, last = (_first_after(t, frame_rate) for t in (each.start_ns, each.end_ns))
        frames[first:last] = [each.label] * (min(last, count) - min(first, count))
    return frames


def _first_after(t_ns: int, frame_rate: float) -> int:
    """The first frame whose middle isn't before a time."""
    return max(0, -round(-(t_ns * frame_rate / NS_PER_S - 0.5) // 1))
