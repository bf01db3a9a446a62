"""Who sits at this computer, and what they are told of the figures of people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from woz.lab.drifting import drift_seen
from woz.lab.own_figures import figures_asked, sees_own_alone
from woz.lab.ports import Project
from woz.lab.progress import Progress, progress_of
from woz.model.ids import AnnotatorId


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sits here, by id, and the project as they see it. `only` is the pseudonym of the one of whose figures
    they are told; empty for everybody's.
    """

    id: AnnotatorId
    project: Project
    only: str


def reader_here(project: Project, last: str) -> Reader | None:
    """Who logs in, else who annotated at this computer last (`last`, a pseudonym). None where the project doesn't
    know them: then nobody's figures are told.
    """
    own = project.logins.mine()
    known = [each for each in project.annotators.all() if not each.retired]
    person = next((each for each in known if (each.id == own if own else each.pseudonym == last)), None)
    if person is None:
        return None
    return Reader(person.id, project.seen_by(person.id), person.pseudonym if sees_own_alone(person) else "")


def progress_here(project: Project, last: str) -> Progress:
    """As who logs in sees it; of drift what `reader_here` may know, in a file, too, where else roles only guide."""
    only, reader = figures_asked(project), reader_here(project, last)
    if reader and only == reader.only and _sees_alike(project, reader):
        return progress_of(project, only)
    told = drift_seen(reader.project, reader.only) if reader else []
    return replace(progress_of(project, only, drift=False), drift=tuple(told))


def _sees_alike(project: Project, reader: Reader) -> bool:
    """Whether they see as much as whom the project is open for: all is counted once."""
    scopes = project.annotators.scopes()
    return project.viewer == reader.id or all(each.annotator_id != reader.id for each in scopes)
