"""Whose figures somebody is told: curators and managers everybody's, all others their own."""

from __future__ import annotations

from woz.annotation.tier_states import KEEPERS
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.model.annotator import Annotator


def figures_asked(project: Project, asked: str = "") -> str:
    """The pseudonym of the one person whose figures are told to who logs in here; empty for everybody's.

    `asked` is a pseudonym, empty for all that may be seen. Raises WozError where these are somebody else's.
    """
    own = _own_alone(project)
    if own and asked not in ("", own):
        raise WozError(f"You log in as {own} and see your own figures, not {asked}'s; leave --annotator out.")
    return own or asked


def counted_of(project: Project) -> Project:
    """The project of which it is counted how far the work is: all of it to curators and managers, also where they
    are blind to what others made.
    """
    viewer = next((each for each in project.annotators.all() if each.id == project.viewer), None)
    return project if viewer is None or sees_own_alone(viewer) else project.whole()


def sees_own_alone(person: Annotator) -> bool:
    return not KEEPERS & set(person.roles)


def _own_alone(project: Project) -> str:
    own = project.logins.mine()
    person = next((each for each in project.annotators.all() if each.id == own), None) if own else None
    return person.pseudonym if person and sees_own_alone(person) else ""
