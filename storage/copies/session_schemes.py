"""The schemes that a session's tiers and blind scopes name, found again in the project that it comes into, or
brought along.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.copies.renaming import SchemeKey, keeps_its_id
from storage.history.schemes import scheme_row, scheme_value
from storage.repositories.schemes import keep_scheme
from storage.tables.schemes import SchemeRow
from woz.model.ids import SchemeId
from woz.model.scheme import Scheme
from woz.model.scheme_versions import says_the_same


def versions_of(rows: Rows, ids: Iterable[str]) -> list[Scheme]:
    """All versions of schemes, by id and version."""
    query = select(SchemeRow).where(SchemeRow.id.in_(list(ids))).order_by(SchemeRow.id, SchemeRow.version)
    return [scheme_value(row) for row in rows.scalars(query)]


def bring_schemes(rows: Rows, coming: list[Scheme], used: set[SchemeKey], mark: str) -> dict[SchemeKey, SchemeKey]:
    """The answer leads from the used versions there to those here that say the same.

    A scheme that went another way in each project comes in under an id of its own, which `mark` makes.
    """
    found: dict[SchemeKey, SchemeKey] = {}
    for scheme_id in dict.fromkeys(scheme.id for scheme in coming):
        versions = [scheme for scheme in coming if scheme.id == scheme_id]
        found.update(_bring(rows, versions, {key for key in used if key[0] == scheme_id}, mark))
    return found


def _bring(rows: Rows, versions: list[Scheme], used: set[SchemeKey], mark: str) -> dict[SchemeKey, SchemeKey]:
    scheme_id = versions[0].id
    known = {scheme.version: scheme for scheme in versions_of(rows, [scheme_id])}
    if all(known.get(each.version, each) == each for each in versions):
        rows.add_all(scheme_row(each) for each in versions if each.version not in known)
        rows.flush()
        return {key: key for key in used}
    by_key = {(str(each.id), each.version): each for each in versions}
    same = {key: _same(by_key[key], known.values()) for key in used}
    if all(same.values()):
        return {key: (str(each.id), each.version) for key, each in same.items() if each}
    if keeps_its_id(scheme_id):
        return {key: _kept(rows, by_key[key]) for key in sorted(used)}
    new_id = f"{scheme_id}-{mark}"
    if scheme_id.endswith(mark):
        return {key: _kept(rows, by_key[key]) for key in sorted(used)}
    moved = [_called(each, new_id) for each in versions]
    taken = _bring(rows, moved, {(new_id, version) for _, version in used}, mark)
    return {(scheme_id, version): taken[new_id, version] for _, version in used}


def _same(scheme: Scheme, known: Iterable[Scheme]) -> Scheme | None:
    return next((each for each in known if says_the_same(each, scheme)), None)


def _kept(rows: Rows, scheme: Scheme) -> SchemeKey:
    kept = keep_scheme(rows, scheme)
    rows.flush()
    return str(kept.id), kept.version


def _called(scheme: Scheme, scheme_id: str) -> Scheme:
    return replace(scheme, id=SchemeId(scheme_id))
