"""What holds all of a session is made by whoever sees all of it."""

from __future__ import annotations

from collections.abc import Iterable

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.lab.item_names import pseudonyms
from woz.lab.ports import Project
from woz.model.ids import SessionId

_NAMED = 3
"""So many sessions are named."""


def demand_seeing_all(project: Project, session_ids: Iterable[SessionId], what: str) -> None:
    """Raises WozError where whoever reads the project is blind to something of these sessions; `what`, as "a copy",
    would hold it, or lack it in silence.
    """
    if project.viewer is None:
        return
    wanted, mine = set(session_ids), [s for s in project.annotators.scopes() if s.annotator_id == project.viewer]
    hidden = sorted({each.session_id for each in mine} & wanted)
    if not hidden:
        return
    name, more = pseudonyms(project)[project.viewer], len(hidden) - _NAMED
    where = ", ".join(hidden[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    raise WozError(
        f"You see the project as {name}, who is blind to others' work in {where}, and {what} holds all of it: have"
        f" somebody make it who sees all, or take that away (woz annotators list {quoted(project.path)} names it,"
        f" woz annotators blind {quoted(project.path)} {name} --lift ID takes it away)."
    )
