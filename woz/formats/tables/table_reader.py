"""Reads a table of annotations: woz's own, or another program's with a start, an end and a label."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from woz.base.errors import WozError
from woz.formats.csv_text import csv_rows
from woz.formats.identities import Identities
from woz.formats.parents import parents_first
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.formats.tables.own_columns import ANNOTATION, is_own
from woz.formats.tables.own_reader import own_rows, told
from woz.formats.tables.plain_columns import plain_rows
from woz.formats.tables.record import LinkFacts, Record, TierFacts
from woz.formats.vocabulary import Place, Vocabulary
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LinkId, SessionId, TierId, TranscriptId
from woz.model.item import ItemRef
from woz.model.link import Link
from woz.model.tier import Tier

Undo = Callable[[str], str]
"""What a cell was before it was guarded."""
Row = Callable[[Sequence[str]], Record]
"""A record of a row. Raises ValueError for one that isn't as it should be."""
Columns = Callable[[Sequence[str]], Row]
"""How rows below a header are read. Raises ValueError for a header of another table."""


def same(cell: str) -> str:
    return cell


def known_rows(header: Sequence[str]) -> Row:
    return own_rows(header) if is_own(header) else plain_rows(header)


def read_table(
    reading: Reading, origin: str, title: str, undo: Undo = same, columns: Columns = known_rows
) -> Iterator[Part]:
    """The table is read twice, and a third time where it has links."""
    first, rest = passes(reading, 2)
    contents = _Contents(reading, origin, title)
    for record in _records(first, undo, columns):
        contents.note(record)
    contents.demand()
    second, third = passes(rest, 2) if contents.linked else (rest, rest)
    again = groupby(_records(third, undo, columns), _session_of)
    for key, records in groupby(_records(second, undo, columns), _session_of):
        taking = _Taking(contents, key)
        yield from taking.begin()
        for record in records:
            yield from taking.take(record)
        yield from taking.end(again)


def _session_of(record: Record) -> str:
    return record.session


def _records(reading: Reading, undo: Undo, columns: Columns) -> Iterator[Record]:
    rows = csv_rows(reading)
    header = [undo(cell).strip() for cell in next(rows, (0, [""]))[1]]
    try:
        made = columns(header)
    except ValueError as error:
        raise WozError(f"{reading.path} can't be read as a table of annotations: {error}.") from error
    for line, row in rows:
        try:
            yield made([undo(cell) for cell in row])
        except ValueError as error:
            raise told(reading.path, line, error) from error


@dataclass(slots=True)
class _Session:
    tiers: dict[str, TierFacts] = field(default_factory=dict)
    identities: Identities | None = None
    linked: bool = False


class _Contents:
    """What the file holds, without the annotations themselves."""

    def __init__(self, reading: Reading, origin: str, title: str) -> None:
        self.reading = reading
        self.words = Vocabulary(origin, title, reading.scheme)
        self.sessions: dict[str, _Session] = {}
        self._last: str | None = None

    def note(self, record: Record) -> None:
        if record.session != self._last and record.session in self.sessions:
            raise WozError(
                f"{self.reading.path} has rows of {record.session} here and there; sort it by session first."
            )
        self._last = record.session
        session = self.sessions.setdefault(record.session, _Session())
        session.identities = session.identities or Identities(self.reading.new_id)
        tier = session.tiers.setdefault(record.tier.key, record.tier)
        self.words.tier_type(tier.tier_type, tier.name)
        if not record.empty:
            self._note_annotation(record, session, f"{record.session}\n{tier.key}")

    def _note_annotation(self, record: Record, session: _Session, tier: str) -> None:
        assert session.identities is not None
        kind = record.tier.tier_type
        self.words.label(kind, record.label, record.label_name)
        self.words.note(kind, tier, record.start_ns, record.end_ns, record.attributes)
        session.identities.refer(record.parent)
        for ref in _refs(record.attributes):
            session.identities.refer(ref.id)
        for link in record.links:
            session.linked = True
            session.identities.refer(record.id)
            session.identities.refer(link.target)
            self.words.link(link.type)

    @property
    def linked(self) -> bool:
        return any(session.linked for session in self.sessions.values())

    def demand(self) -> None:
        if not self.sessions:
            raise WozError(f"{self.reading.path} has no rows; there is nothing to import.")


def _refs(attributes: Sequence[Attribute]) -> list[ItemRef]:
    return [each.value for each in attributes if isinstance(each.value, ItemRef)]


class _Taking:
    """Makes the parts of one session."""

    def __init__(self, contents: _Contents, key: str) -> None:
        self.key = key
        self._contents, self._reading = contents, contents.reading
        self._session = contents.sessions[key]
        assert self._session.identities is not None
        self._identities = self._session.identities
        self._id = SessionId(self._reading.new_id())
        self._tiers: dict[str, TierId] = {}
        self._places: dict[str, Place] = {}
        self._waiting: dict[str, list[Record]] = {}
        self._refs: list[str] = []

    def begin(self) -> Iterator[Part]:
        words = self._contents.words
        yield Begin(self.key, self._id, TranscriptId(self._reading.new_id()), schemes=words.schemes)
        by_key = {
            facts.key: _Node(facts.key, facts.parent or None, facts) for facts in self._session.tiers.values()
        }
        for node in parents_first(by_key.values()):
            yield self._tier(node.facts)

    def _tier(self, facts: TierFacts) -> Tier:
        place = self._contents.words.fit(facts.tier_type)
        tier_id = TierId(self._reading.new_id())
        self._tiers[facts.key], self._places[facts.key] = tier_id, place
        return Tier(
            tier_id,
            self._id,
            place.scheme.id,
            place.scheme.version,
            place.tier_type.key,
            facts.name,
            facts.made or self._reading.made,
            subject=facts.subject,
            parent_id=self._tiers.get(facts.parent),
            state=facts.state,
        )

    def take(self, record: Record) -> Iterator[Part]:
        """A child that comes before its parent waits for it."""
        if record.empty:
            return
        if record.parent and self._identities.known(record.parent) is None:
            self._waiting.setdefault(record.parent, []).append(record)
            return
        yield self._annotation(record)
        for child in self._waiting.pop(record.id, []):
            yield from self.take(child)

    def _annotation(self, record: Record) -> Annotation:
        place = self._places[record.tier.key]
        parent = self._identities.known(record.parent)
        return Annotation(
            AnnotationId(self._identities.new(record.id)),
            self._tiers[record.tier.key],
            record.start_ns,
            record.end_ns,
            place.label(record.label, record.label_name),
            record.made or self._reading.made,
            tuple(self._referring(each) for each in place.attributes(record.attributes)),
            record.note,
            record.confidence,
            AnnotationId(parent) if parent else None,
        )

    def _referring(self, attribute: Attribute) -> Attribute:
        if not isinstance(attribute.value, ItemRef):
            return attribute
        self._refs.append(attribute.value.id)
        return replace(attribute, value=ItemRef(ANNOTATION, self._identities.promised(attribute.value.id)))

    def end(self, again: Iterable[tuple[str, Iterator[Record]]]) -> Iterator[Part]:
        """`again` are the records of each session once more, for links."""
        orphans = [record for waiting in self._waiting.values() for record in waiting]
        for record in orphans:
            yield self._annotation(record)
        if orphans:
            yield Lost("parents that are not in the file", len(orphans))
        if dangling := sum(self._identities.known(ref) is None for ref in self._refs):
            yield Lost("values that point at what is not in the file", dangling)
        if self._identities.twice:
            yield Lost("ids that stand in the file again", self._identities.twice)
        if self._session.linked:
            yield from self._links(next(records for key, records in again if key == self.key))

    def _links(self, records: Iterator[Record]) -> Iterator[Part]:
        dangling = 0
        for record in records:
            for link in record.links:
                source, target = self._identities.known(record.id), self._identities.known(link.target)
                if source is None or target is None:
                    dangling += 1
                else:
                    yield self._link(link, source, target)
        if dangling:
            yield Lost("links to what is not in the file", dangling)

    def _link(self, link: LinkFacts, source: str, target: str) -> Link:
        made = link.made or self._reading.made
        ends = ItemRef(ANNOTATION, source), ItemRef(ANNOTATION, target)
        return Link(LinkId(self._reading.new_id()), self._id, link.type, *ends, made, link.note, link.doubt)


@dataclass(frozen=True, slots=True)
class _Node:
    """A tier of the file as one that hangs on another."""

    id: str
    parent_id: str | None
    facts: TierFacts
