"""Who annotates in a project: enters and lists them, by pseudonym, and what they don't see."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.lab.ports import Project
from woz.lab.schemes import type_named
from woz.model.annotator import ANY_SCHEME, Annotator, AnnotatorRole, BlindScope, BlindTo
from woz.model.ids import AnnotatorId, BlindScopeId, SchemeId, SessionId, new_id
from woz.model.plan import is_pseudonym, no_pseudonym
from woz.remote.facts import package_in

ALL_ROLES = tuple(AnnotatorRole)
PASSWORD_BYTES = 15


def add_annotator(project: Project, pseudonym: str, roles: Sequence[AnnotatorRole] = ()) -> Annotator:
    """A new annotator. The first of a project has all roles, since somebody must be able to give them.

    Raises WozError for what is no pseudonym, and for one that somebody has.
    """
    if not is_pseudonym(pseudonym):
        raise WozError(no_pseudonym(pseudonym))
    usual = (AnnotatorRole.ANNOTATOR,) if project.annotators.all() else ALL_ROLES
    made = Annotator(AnnotatorId(new_id()), pseudonym, tuple(roles) or usual)
    project.annotators.save(made)
    return made


def annotator_named(project: Project, pseudonym: str) -> Annotator:
    """Raises WozError for one whom the project doesn't know, or who has retired; in an opened package for anybody
    but whom it is for, since the others are in it only as those whose work is seen.
    """
    found = project.annotators.named(pseudonym)
    if found.retired and (facts := package_in(project.path)):
        raise WozError(
            f"This is a package for {facts.pseudonym}: nobody else works in it, and {pseudonym} is in it only as"
            f" one whose work {facts.pseudonym} sees. {pseudonym} works in the project that it was made from."
        )
    if found.retired:
        undone = f"woz annotators retire {quoted(project.path)} {pseudonym} --back undoes it"
        raise WozError(f"{pseudonym} has retired from this project; {undone}.")
    return found


def rename_annotator(project: Project, pseudonym: str, new: str) -> Annotator:
    """All that they did is theirs under the new pseudonym. Raises WozError as `add_annotator`."""
    if not is_pseudonym(new):
        raise WozError(no_pseudonym(new))
    with project.at_once():
        renamed = replace(project.annotators.named(pseudonym), pseudonym=new)
        project.annotators.save(renamed)
    return renamed


def retire_annotator(project: Project, pseudonym: str, back: bool = False) -> Annotator:
    """They stay known, and can change nothing any more. Raises WozError for the only manager, and where somebody
    has a login that isn't the asker's to change: the project's owner may.
    """
    return _with_rights(project, pseudonym, lambda person: replace(person, retired=not back))


def remove_annotator(project: Project, pseudonym: str) -> None:
    """Somebody who was entered by mistake. Raises WozError for who has worked or been given work, for the only
    manager, and for who has a login.
    """
    with project.at_once():
        person = project.annotators.named(pseudonym)
        if AnnotatorRole.MANAGER in person.roles:
            _demand_another_manager(project, person)
        if person.id in project.logins.all().values():
            closes = f"woz annotators retire {quoted(project.path)} {pseudonym} closes it"
            raise WozError(f"{pseudonym} has a login on the server; {closes}.")
        project.annotators.remove(person)


def give_roles(project: Project, pseudonym: str, roles: Sequence[AnnotatorRole]) -> Annotator:
    """Raises WozError where nobody would be left who may give roles, and as `retire_annotator` for a login."""
    return _with_rights(project, pseudonym, lambda person: replace(person, roles=tuple(dict.fromkeys(roles))))


def blind(
    project: Project, pseudonym: str, session: str, tier_type: str, span: Interval | None, to: BlindTo
) -> BlindScope:
    """From now on they don't see others' work there. `tier_type` is SCHEME/KEY, a KEY in every scheme, or empty for
    any type. Raises WozError for an unknown annotator or session, and for a SCHEME/KEY that there isn't.
    """
    person = project.annotators.named(pseudonym)
    known = project.sessions.get(SessionId(session))
    scheme_id, key = _type_meant(project, tier_type)
    scope = BlindScope(BlindScopeId(new_id()[:8]), person.id, known.id, key, span, to, scheme_id)
    project.annotators.save_scope(scope)
    return scope


def lift(project: Project, scope_id: str) -> None:
    """Raises WozError for a scope that the project hasn't."""
    if scope_id not in {scope.id for scope in project.annotators.scopes()}:
        names = f"woz annotators list {quoted(project.path)} names them"
        raise WozError(f"There is no blind scope {scope_id}; {names}.")
    project.annotators.remove_scope(BlindScopeId(scope_id))


def make_login(project: Project, pseudonym: str, name: str = "") -> tuple[str, str]:
    """A login on the project's server for somebody, or a new password for it: its name, and the password, which is
    kept nowhere else. Raises WozError for who has retired, and where the project is a file.
    """
    person = annotator_named(project, pseudonym)
    login, password = name or person.pseudonym.lower(), secrets.token_urlsafe(PASSWORD_BYTES)
    project.logins.make(person, login, password)
    return login, password


def annotator_words(person: Annotator) -> str:
    """One line."""
    return f"{person.pseudonym}  {', '.join(person.roles)}{'; retired' if person.retired else ''}"


def scope_words(scope: BlindScope, pseudonym: str) -> str:
    """One line."""
    hidden = {BlindTo.PEOPLE: "other people's", BlindTo.MACHINES: "machines'", BlindTo.BOTH: "all others'"}[
        scope.to
    ]
    named = "/".join(filter(None, (scope.scheme_id, scope.tier_type)))
    tiers = f"{named} tiers" if named else "tiers"
    where = ""
    if scope.interval:
        start, end = (f"{seconds(t):g}" for t in (scope.interval.start_ns, scope.interval.end_ns))
        where = f" from {start} to {end} s"
    return f"{scope.id}  {pseudonym} does not see {hidden} {tiers} of {scope.session_id}{where}"


def _type_meant(project: Project, tier_type: str) -> tuple[SchemeId, str]:
    if "/" not in tier_type:
        return ANY_SCHEME, tier_type
    scheme, key = type_named(project, tier_type)
    return scheme.id, key


def _demand_another_manager(project: Project, person: Annotator) -> None:
    if not any(_manages(each) for each in project.annotators.all() if each.id != person.id):
        raise WozError(f"{person.pseudonym} is the only manager of this project; make somebody else one first.")


def _with_rights(project: Project, pseudonym: str, change: Callable[[Annotator], Annotator]) -> Annotator:
    """As they are then, so that of two managers who take each other's role at once one stays; with what the server
    lets them do, or not at all.
    """
    with project.at_once():
        before = project.annotators.named(pseudonym)
        person = change(before)
        if _manages(before) and not _manages(person):
            _demand_another_manager(project, before)
        project.annotators.save(person)
        project.logins.keep(person)
    return person


def _manages(person: Annotator) -> bool:
    return AnnotatorRole.MANAGER in person.roles and not person.retired
