"""What adjudication changed of somebody's, once the gold is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from woz.annotation.adjudication.clusters import MatterKind, Side
from woz.annotation.adjudication.origins import Changed, changed
from woz.annotation.adjudication.state import DROPPED
from woz.annotation.tier_states import OPEN
from woz.base.interval import Interval
from woz.lab.adjudicating import TOLERANCE_NS
from woz.lab.after_gold import after_gold
from woz.lab.coders import with_ids
from woz.lab.item_names import ItemNames, names_of
from woz.lab.ports import Project
from woz.lab.session_windows import golds_of
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import AnnotationId, SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Scheme, named
from woz.model.tier import Tier


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What adjudication changed of somebody's tier in one session. `tier` says which, where they have several."""

    session_id: SessionId
    tier_type: str
    changes: tuple[Changed, ...]
    scheme_id: str = ""
    tier: str = ""


def changes_of(project: Project, person: Annotator, tolerance_ns: int = TOLERANCE_NS) -> list[ChangedLine]:
    """For an annotator, in all sessions. Boundaries that nobody disputed count from the tolerance on."""
    sessions = project.sessions.all()
    return [line for each in sessions for line in session_changes(project, each.id, person, tolerance_ns)]


def session_changes(
    project: Project, session_id: SessionId, person: Annotator, tolerance_ns: int = TOLERANCE_NS
) -> list[ChangedLine]:
    """Only where the gold is submitted, so that nothing is told while it is made, and only of tiers that went into
    it and are closed: who still works on theirs, or did windows of it later, learns nothing of the gold. Of all
    that is there, also of what they are blind to: that is what they are told. Each of several tiers of a type is a
    side of its own, and only what none of them has was missed.
    """
    project = project.seen_by(person.id).whole()
    golds = golds_of(project.assignments.all(session_id))
    if not golds:
        return []
    given = project.assignments.given(session_id)
    items = project.annotations.load(session_id)
    every = [each for each in items if isinstance(each, Tier)]
    tiers, apart = [each for each in every if each.state not in OPEN], golds | after_gold(project, every, golds)
    lines: list[ChangedLine] = []
    for gold in (each for each in tiers if each.id in golds):
        alike = [each for each in tiers if each.type_id == gold.type_id and each.id not in apart]
        own = [_side(items, each, given.get(each.id, ())) for each in alike if each.annotator_id == person.id]
        lines += _lines(items, own, gold, person.pseudonym, tolerance_ns)
    return lines


def _side(items: Sequence[Item], own: Tier, windows: tuple[Interval, ...]) -> Side:
    marks = tuple(each for each in items if isinstance(each, Annotation) and each.tier_id == own.id)
    return Side(own.name, own, marks, windows)


def _lines(
    items: Sequence[Item], own: Sequence[Side], gold: Tier, whose: str, tolerance_ns: int
) -> Iterator[ChangedLine]:
    """Of each tier that went into the gold; what all of them missed is told with the first that was asked."""
    made = _side(items, gold, ()).marks
    links = [each for each in items if isinstance(each, Link)]
    used = [each for each in own if _went_in(each.marks, made, links, gold)]
    found = [(each, changed(each.marks, made, links, tolerance_ns)) for each in used]
    missed = [{change.gold.id for change in some if change.gold and not change.mark} for _, some in found]
    none_has = set.intersection(*missed) if missed else set()
    names = with_ids({str(each.tier.id): whose for each in used}) if len(used) > 1 else {}
    for side, some in found:
        changes = tuple(each for each in some if each.mark or _is_missed(each, side, none_has))
        none_has = none_has - {each.gold.id for each in changes if each.gold and not each.mark}
        if changes:
            yield ChangedLine(
                side.tier.session_id, gold.tier_type, changes, gold.scheme_id, names.get(side.tier.id, "")
            )


def _is_missed(each: Changed, side: Side, none_has: Set[AnnotationId]) -> bool:
    """What was missed counts in the windows that somebody had."""
    missed = each.gold
    if missed is None or missed.id not in none_has:
        return False
    return missed.start_ns is None or side.asked(missed.interval)


def _went_in(own: Sequence[Annotation], gold: Sequence[Annotation], links: Sequence[Link], tier: Tier) -> bool:
    """Whether the adjudicator had these marks before them; of none at all that can't be told, and they count."""
    refs = {ref_to(each) for each in own}
    used: set[ItemRef] = {source.item for each in gold for source in each.made.sources}
    used |= {each.source for each in links if each.type == DROPPED and each.target == ref_to(tier)}
    return not refs or bool(refs & used)


def changes_words(project: Project, lines: Sequence[ChangedLine]) -> list[str]:
    """As "7 of yours were changed", and a line for each."""
    words = change_words(project, lines)
    told = []
    for line in lines:
        yours = sum(each.mark is not None for each in line.changes)
        missed = len(line.changes) - yours
        parts = [f"{yours} of yours {'was' if yours == 1 else 'were'} changed"] if yours else []
        parts += [f"{missed} {'was' if missed == 1 else 'were'} missed"] if missed else []
        which = f", {line.tier}" if line.tier else ""
        told.append(f"{line.session_id}  {line.tier_type}{which}: {', '.join(parts)}")
        told += [f"  {_when(each)}{next(words)}" for each in line.changes]
    return told


def change_words(project: Project, lines: Sequence[ChangedLine]) -> Iterator[str]:
    """Of each change, in the order of the lines, the label and what became of it."""
    items = [item for line in lines for each in line.changes for item in (each.mark, each.gold)]
    names = names_of(project.whole(), items)
    schemes = project.schemes.all()
    return (
        _words(each, names, links)
        for line in lines
        for links in (_link_words(schemes, line.scheme_id),)
        for each in line.changes
    )


def _link_words(schemes: Iterable[Scheme], own: str) -> dict[str, str]:
    """Of links that differ, by the name of the matter: as the own scheme calls them, in its newest version."""
    return {
        f"{MatterKind.LINK} {each.key}": f"other links “{named(each.names, 'en', each.key)}”"
        for scheme in sorted(schemes, key=lambda scheme: (scheme.id == own, scheme.version))
        for each in scheme.links
    }


def place_of(each: Changed) -> Annotation:
    """Where it is: one's own mark, or what the gold has where one has none."""
    there = each.mark or each.gold
    assert there
    return there


def _when(each: Changed) -> str:
    start_ns = place_of(each).start_ns
    return "" if start_ns is None else f"{start_ns / 1e9:8.1f} s  "


def _words(each: Changed, names: ItemNames, links: Mapping[str, str]) -> str:
    there = place_of(each)
    label = names.of(there).get(there.label, there.label)
    now = names.of(each.gold).get(each.gold.label, each.gold.label) if each.gold else ""
    what = [f"now {now}" if word == "label" else links.get(word, word) for word in each.what]
    return f"{label}: {'; '.join(what)}"
