"""What comes back of a package beside its edits: what was said, and how long somebody worked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from woz.base.errors import UnreachableError, WozError
from woz.lab.ports import Project
from woz.model.comment import Comment
from woz.model.package import Package
from woz.privacy.names.restoring import named_again
from woz.remote.returned import Returned


@dataclass(frozen=True, slots=True)
class Beside:
    """How many comments are new here, or closed now, and how much work (ns); a sentence for each that isn't
    taken."""

    comments: int
    work_ns: int
    told: tuple[str, ...]


def take_beside(project: Project, package: Package, returned: Returned, now_ns: int) -> Beside:
    """Each comment and each second once, however often the package comes back."""
    told = []
    comments = 0
    for each in _theirs(project, package, returned, now_ns):
        try:
            comments += project.comments.take(each)
        except UnreachableError:
            raise
        except WozError as error:
            told.append(f"The comment “{each.text[:60]}” was not taken: {error}")
    pieces = [each for each in returned.work if each.session_id in package.sessions]
    return Beside(comments, project.packages.take_work(package.id, pieces), tuple(told))


def _theirs(project: Project, package: Package, returned: Returned, now_ns: int) -> Iterator[Comment]:
    """What the annotator wrote, and the talks of this project that they closed and where nobody answered since."""
    known = {each.id: each for each in project.comments.all()}
    answered = {each.answers: each.made_utc_ns for each in known.values()}
    people = {each.id for each in project.annotators.all()}
    names = project.names.all()
    for each in returned.comments:
        here = known.get(each.id)
        if each.session_id not in package.sessions or (here and here.session_id != each.session_id):
            continue
        if here and each.closed_utc_ns is not None and each.closed_utc_ns > answered.get(here.id, 0):
            yield replace(here, closed_by=each.closed_by, closed_utc_ns=_time(package, each.closed_utc_ns, now_ns))
        elif not here and each.by == package.annotator_id and each.text.strip():
            yield replace(
                each,
                text=named_again(each, None, names).text,
                made_utc_ns=_time(package, each.made_utc_ns, now_ns) or now_ns,
                closed_utc_ns=_time(package, each.closed_utc_ns, now_ns),
                to=each.to if each.to in people else None,
            )


def _time(package: Package, utc_ns: int | None, now_ns: int) -> int | None:
    """As their clock had it; now where that can't be."""
    return utc_ns if utc_ns is None or package.made_utc_ns <= utc_ns <= now_ns else now_ns
