"""Which sessions' words and pictures may go to a model's server: to another computer only with consent."""

from __future__ import annotations

from collections.abc import Mapping

from woz.base.clock import SystemClock
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.dataset.models.endpoint import Endpoint
from woz.lab.blurring import quick_objection
from woz.lab.people import over_in
from woz.lab.ports import Project
from woz.lab.withholding import withheld_in
from woz.model.ids import SessionId
from woz.privacy.consent import release_reason
from woz.recording.folder.session_folder import SessionFolder


def staying(
    project: Project,
    counts: Mapping[SessionId, int],
    endpoint: Endpoint,
    send: bool,
    what: str,
    of: tuple[str, str] = ("question set", "question sets"),
    pictures: bool = False,
) -> dict[SessionId, str]:
    """The sessions that must stay here, each with why; `counts` are their question sets, or others (`of`: one,
    several), and `what` goes with each, `pictures` among it or not.

    Raises WozError, with nothing sent, where something would go to another computer and `send` is not given.
    """
    if endpoint.local:
        return {}
    why = why_pictures_stay if pictures else why_it_stays
    stay = {key: reason for key in counts if (reason := why(project, key))}
    going = [count for key, count in counts.items() if count and key not in stay]
    if going and not send:
        raise WozError(
            f"{counted(sum(going), *of)} of {counted(len(going), 'session')}, with {what},"
            f" would be sent to {endpoint.host}; give --send to send them."
            f" {counted(len(stay), 'session')} would stay."
        )
    return stay


def why_it_stays(project: Project, session_id: SessionId) -> str:
    """Empty where everybody in it agreed to public release, it isn't due to go, and none of it is kept out."""
    session = project.sessions.get(session_id)
    reason = release_reason(session, [project.participants.get(person) for person in session.participants])
    if not reason and withheld_in(project.annotations.load(session_id)):
        reason = "Stretches of it are kept out of releases, since a bystander asked, say; ask a model here."
    return reason or over_in(project, SystemClock().utc_ns()).get(session_id, "")


def why_pictures_stay(project: Project, session_id: SessionId) -> str:
    """As `why_it_stays`, and where the project asks for blurred faces and these are not approved."""
    folder = SessionFolder(project.session_dir(session_id))
    return why_it_stays(project, session_id) or quick_objection(project, folder)
