"""What adjudication changed of somebody's, once the gold is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.adjudication.clusters import MatterKind, Side
from woz.annotation.adjudication.origins import Changed, changed
from woz.annotation.adjudication.state import DROPPED
from woz.annotation.tier_states import OPEN
from woz.base.interval import Interval
from woz.lab.adjudicating import TOLERANCE_NS
from woz.lab.after_gold import after_gold
from woz.lab.item_names import ItemNames, names_of
from woz.lab.ports import Project
from woz.lab.session_windows import golds_of
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Scheme, named
from woz.model.tier import Tier


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What adjudication changed of somebody's tier in one session."""

    session_id: SessionId
    tier_type: str
    changes: tuple[Changed, ...]
    scheme_id: str = ""


def changes_of(project: Project, person: Annotator, tolerance_ns: int = TOLERANCE_NS) -> list[ChangedLine]:
    """For an annotator, in all sessions. Boundaries that nobody disputed count from the tolerance on."""
    sessions = project.sessions.all()
    return [line for each in sessions for line in session_changes(project, each.id, person, tolerance_ns)]


def session_changes(
    project: Project, session_id: SessionId, person: Annotator, tolerance_ns: int = TOLERANCE_NS
) -> list[ChangedLine]:
    """Only where the gold is submitted, so that nothing is told while it is made, and only of a tier that went into
    it and is closed: who still works on theirs, or did windows of it later, learns nothing of the gold. Of all that
    is there, also of what they are blind to: that is what they are told.
    """
    project = project.seen_by(person.id).whole()
    golds = golds_of(project.assignments.all(session_id))
    if not golds:
        return []
    given = project.assignments.given(session_id)
    items = project.annotations.load(session_id)
    every = [each for each in items if isinstance(each, Tier)]
    tiers, apart = [each for each in every if each.state not in OPEN], golds | after_gold(project, every, golds)
    lines = []
    for gold in (each for each in tiers if each.id in golds):
        alike = (each for each in tiers if each.type_id == gold.type_id and each.id not in apart)
        own = next((each for each in alike if each.annotator_id == person.id), None)
        if own is not None:
            changes = tuple(_changes(items, own, gold, given.get(own.id, ()), tolerance_ns))
            lines += [ChangedLine(session_id, gold.tier_type, changes, gold.scheme_id)] if changes else []
    return lines


def _changes(
    items: Sequence[Item], own: Tier, gold: Tier, windows: tuple[Interval, ...], tolerance_ns: int
) -> Iterator[Changed]:
    """What was missed counts in the windows that somebody had."""
    marks = [each for each in items if isinstance(each, Annotation)]
    links = [each for each in items if isinstance(each, Link)]
    mine = tuple(each for each in marks if each.tier_id == own.id)
    side = Side(own.name, own, mine, windows)
    made = [each for each in marks if each.tier_id == gold.id]
    if not _went_in(mine, made, links, gold):
        return
    for each in changed(mine, made, links, tolerance_ns):
        missed = each.gold if each.mark is None else None
        if missed is None or missed.start_ns is None or side.asked(missed.interval):
            yield each


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
        told.append(f"{line.session_id}  {line.tier_type}: {', '.join(parts)}")
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
