"""Who was given a tier type of a session once its gold was submitted: they are measured by it, as in a calibration
or by honeypots, and are no side of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from woz.annotation.logged import Version
from woz.annotation.tier_states import OPEN
from woz.lab.ports import Project
from woz.model.ids import SchemeId, TierId
from woz.model.item import ref_to
from woz.model.tier import Tier


def after_gold(project: Project, tiers: Iterable[Tier], golds: Collection[TierId]) -> frozenset[TierId]:
    """Those of the tiers that were made after one of the `golds` among them, of the same type, had been submitted
    for the first time. By the log, which no computer's clock puts out of order.
    """
    known = list(tiers)
    types = {each.type_id for each in known if each.id in golds}
    alike = [each for each in known if each.type_id in types]
    log = project.annotations.versions_by_item(map(ref_to, alike))
    closed: dict[tuple[SchemeId, str], int] = {}
    for gold in (each for each in alike if each.id in golds):
        if at := _first_closed(log[ref_to(gold)]):
            closed[gold.type_id] = min(at, closed.get(gold.type_id, at))
    return frozenset(
        each.id
        for each in alike
        if each.id not in golds and 0 < closed.get(each.type_id, 0) < _made(log[ref_to(each)])
    )


def _made(versions: Sequence[Version]) -> int:
    """The edit that made a tier; 0 for one that is older than the log. `versions` are the newest first."""
    first = versions[-1] if versions else None
    return first.edit_id if first and first.before is None else 0


def _first_closed(versions: Sequence[Version]) -> int | None:
    """The edit by which a tier was submitted first."""
    found = (each for each in reversed(versions) if isinstance(each.after, Tier) and each.after.state not in OPEN)
    return next((each.edit_id for each in found), None)
