"""A tier is returned to its annotator, with the reason and with comments at the times that are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.base.interval import nanoseconds, seconds
from woz.lab.commenting import Place, written
from woz.lab.ports import Project
from woz.lab.tiers import move_tier
from woz.model.annotator import Annotator
from woz.model.ids import SessionId, TierId
from woz.model.tier import TierState

_REMARK = re.compile(r"\s*(?:(\d+):)?(\d+(?:[.,]\d+)?)[\s=]+(\S.*)")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a time of the session (ns)."""

    at_ns: int
    text: str


def remarks_of(lines: Iterable[str]) -> tuple[Remark, ...]:
    """Of lines like "61.5 The screw is tight before that", or "1:01.5 …". Raises WozError for another one."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        match = _REMARK.fullmatch(line.rstrip())
        if match is None:
            raise WozError(f"A remark is a time and what is said of it, as 61.5 Too late; “{line.strip()}” is not.")
        minutes, of_minute, text = match.groups()
        at_s = 60 * int(minutes or 0) + float(of_minute.replace(",", "."))
        found.append(Remark(nanoseconds(at_s), text))
    return tuple(found)


def return_tier(
    project: Project, session_id: SessionId, tier: str, mover: Annotator, why: str, remarks: Sequence[Remark] = ()
) -> TierId:
    """Its annotator may change it again, and gets each remark as a comment; tells which tier it was.

    Raises WozError, and changes nothing, where that may not be, a remark lies after the session's end, or the store
    goes on the way.
    """
    duration_ns = project.sessions.get(session_id).duration_ns
    late = next((each for each in remarks if duration_ns and each.at_ns > duration_ns), None)
    if late:
        raise WozError(
            f"The session lasts {seconds(duration_ns or 0):.1f} s;"
            f" the remark at {seconds(late.at_ns):.1f} s lies after its end."
        )
    ordered = sorted(remarks, key=lambda each: each.at_ns)
    comments = [written(project, Place(session_id, each.at_ns, tier=tier), mover, each.text) for each in ordered]
    with project.at_once():
        returned = move_tier(project, session_id, tier, TierState.RETURNED, mover, why)
        for each in comments:
            project.comments.add(each)
    return returned
