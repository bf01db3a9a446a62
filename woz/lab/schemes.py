"""The schemes of a project: found by name, taken in as the next version, begun in a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from woz.annotation.blindness import TypeId
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId, TierId, new_id
from woz.model.made import PROGRAM, Made
from woz.model.origin import Origin
from woz.model.scheme import Scheme
from woz.model.scheme_versions import following, says_the_same
from woz.model.tier import Tier
from woz.schemes.checking import check
from woz.schemes.effects import Effect, Path, Tiers
from woz.schemes.finding import errors


@dataclass(frozen=True, slots=True)
class Planned:
    """What taking a scheme in would do: `scheme` is what it would be kept as, `new` whether that is a new version.

    `closed` are tiers that would stay in the version they are in, since they are submitted or later.
    """

    scheme: Scheme
    new: bool
    effects: tuple[Effect, ...] = ()
    closed: tuple[Tier, ...] = ()
    moving: int = 0

    @property
    def affects(self) -> bool:
        """Whether anything that was annotated is concerned."""
        return bool(self.moving or self.closed)


@dataclass(frozen=True, slots=True)
class Moved:
    """A session whose tiers moved on: by which edit, or why not."""

    session_id: SessionId
    edit_id: int | None
    why_not: str = ""


def newest_schemes(project: Project) -> list[Scheme]:
    """By name."""
    newest = {each.id: each for each in sorted(project.schemes.all(), key=lambda scheme: scheme.version)}
    return sorted(newest.values(), key=lambda scheme: (scheme.name, scheme.id))


def scheme_named(project: Project, name: str) -> Scheme:
    """The newest version, by its name or its id. Raises WozError where there is none, or several."""
    known = newest_schemes(project)
    found = [each for each in known if each.id == name] or [each for each in known if each.name == name]
    if not found:
        names = ", ".join(each.id for each in known) or "none yet"
        raise WozError(f"This project has no scheme {name!r}; it has: {names}.")
    if len(found) > 1:
        raise WozError(f"{len(found)} schemes are named {name!r}; name one by its id: {_ids(found)}.")
    return found[0]


def type_named(project: Project, wanted: str) -> tuple[Scheme, str]:
    """A tier type's scheme, in its newest version, and its key. `wanted` is the key, as SCHEME/KEY where several
    schemes have it. Raises WozError where there is none, or several.
    """
    prefix, _, key = wanted.rpartition("/")
    schemes = newest_schemes(project)
    types = [(scheme, each.key) for scheme in schemes for each in scheme.tier_types]
    found = [(scheme, k) for scheme, k in types if k == key and prefix in ("", scheme.id, scheme.name)]
    if not found:
        known = ", ".join(f"{scheme.id}/{k}" for scheme, k in types) or "none yet"
        raise WozError(f"This project has no tier type {wanted}; it has: {known}.")
    if len(found) > 1:
        several = ", ".join(f"{scheme.id}/{k}" for scheme, k in found)
        raise WozError(f"Several schemes have a tier type {key}; name one: {several}.")
    return found[0]


def types_meant(project: Project, wanted: str) -> set[TypeId]:
    """All that `wanted`, KEY or SCHEME/KEY, may stand for, whether there is such a type or not."""
    prefix, _, key = wanted.rpartition("/")
    return {(scheme.id, key) for scheme in project.schemes.all() if prefix in ("", scheme.id, scheme.name)}


def _ids(found: list[Scheme]) -> str:
    return ", ".join(each.id for each in found)


def planned(project: Project, wanted: Scheme) -> Planned:
    """What taking a scheme in would do, of the tiers and marks that whoever reads the project sees; nothing is
    changed. Raises WozError for one that has errors.
    """
    wrong = errors(check(wanted))
    if wrong:
        raise WozError(f"The scheme {wanted.name} can't be taken in: {wrong[0].words}")
    versions = [each for each in project.schemes.all() if each.id == wanted.id]
    if not versions:
        return Planned(replace(wanted, version=1, moves=()), new=True)
    newest = max(versions, key=lambda scheme: scheme.version)
    if says_the_same(newest, wanted):
        return Planned(newest, new=False)
    scheme = following(newest, wanted)
    path, sessions = Path([*versions, scheme]), list(_tiers(project, scheme))
    tiers = [tier for session in sessions for tier, _ in session.tiers]
    moving = [tier for tier in tiers if path.goes_on(tier)]
    closed = [tier for tier in tiers if tier not in moving and tier.scheme_version < scheme.version]
    return Planned(scheme, True, tuple(path.effects(sessions)), tuple(closed), len(moving))


def take_in_scheme(project: Project, wanted: Scheme) -> Scheme:
    """As the next version, where it says something else than the newest; tiers stay where they are."""
    return project.schemes.keep(wanted)


def move_on(project: Project, scheme: Scheme) -> list[Moved]:
    """Move the open tiers of all sessions to the newest version of a scheme, by one edit a session; also those that
    somebody is blind to, which would stay behind. By whoever logs in on the project's server.

    Merged labels become the one they were merged into. A session where that can't be stays as it is.
    """
    path = Path(each for each in project.schemes.all() if each.id == scheme.id)
    by = project.logins.mine() or PROGRAM
    moved = []
    for session in _tiers(project.whole(), path.newest):
        edit = _moving(path, session)
        if not edit:
            continue
        try:
            logged = project.annotations.record(session.session_id, edit, by)
            moved.append(Moved(session.session_id, logged.id))
        except WozError as error:
            moved.append(Moved(session.session_id, None, str(error)))
    return moved


def _moving(path: Path, session: Tiers) -> Edit:
    before: list[Any] = []
    after: list[Any] = []
    for tier, held in session.tiers:
        if path.goes_on(tier):
            old, new = path.moved(tier, held)
            before += [tier, *old]
            after += [replace(tier, scheme_version=path.newest.version), *new]
    return Edit(f"Move to version {path.newest.version} of {path.newest.name}", tuple(before), tuple(after))


def _tiers(project: Project, scheme: Scheme) -> Iterator[Tiers]:
    """The tiers of every session that are of a scheme, in any version."""
    for session in project.sessions.all():
        items = project.annotations.load(session.id)
        tiers = [each for each in items if isinstance(each, Tier) and each.scheme_id == scheme.id]
        if tiers:
            by_tier: dict[TierId, list[Annotation]] = {tier.id: [] for tier in tiers}
            for item in items:
                if isinstance(item, Annotation) and item.tier_id in by_tier:
                    by_tier[item.tier_id].append(item)
            yield Tiers(session.id, tuple((tier, tuple(by_tier[tier.id])) for tier in tiers))


def begin_tiers(
    project: Project, session_id: SessionId, scheme: Scheme, annotator: Annotator | None = None
) -> list[Tier]:
    """A tier of each of a scheme's types in a session, as somebody's work; those that they have are left alone."""
    owner = annotator.id if annotator else None
    items = project.annotations.load(session_id)
    there = {
        (each.tier_type, each.annotator_id)
        for each in items
        if isinstance(each, Tier) and each.scheme_id == scheme.id
    }
    made = Made(Origin.MANUAL, owner or PROGRAM, SystemClock().utc_ns())
    new = [
        Tier(TierId(new_id()), session_id, scheme.id, scheme.version, each.key, each.name(), made, owner)
        for each in scheme.tier_types
        if (each.key, owner) not in there
    ]
    by_type = {tier.tier_type: tier.id for tier in new}
    parents = {each.key: each.parent.tier_type for each in scheme.tier_types if each.parent}
    new = [replace(tier, parent_id=by_type.get(parents.get(tier.tier_type, ""))) for tier in new]
    if new:
        project.annotations.record(session_id, Edit(f"Begin {scheme.name}", (), tuple(new)), owner or PROGRAM)
    return new
