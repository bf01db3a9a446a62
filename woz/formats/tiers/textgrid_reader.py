"""Reads Praat's TextGrids; one that woz wrote comes back with its turns, words and further texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from woz.base.errors import WozError
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import told
from woz.formats.reading import Reading
from woz.formats.tiers.said import turn_from
from woz.formats.tiers.textgrid_names import (
    DOCUMENT,
    INTERVALS,
    POINTS,
    SCHEME,
    TURNS,
    WORDS,
    Place,
    places_of,
    speaker_from,
)
from woz.formats.tiers.textgrid_tokens import Tokens
from woz.formats.tiers.times import seconds_text
from woz.formats.tiers.values import CONFIDENCE, END_BEFORE_START, NOTE, attributes_from, confidence_from
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId, TurnId
from woz.model.scheme import Scheme, TierType
from woz.model.tier import Tier

_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE item (n INTEGER PRIMARY KEY, tier INTEGER, start INTEGER, end INTEGER, text TEXT);
"""
_INDEX = "CREATE INDEX of_tier ON item (tier, start)"
_AT_ONCE = 1000
Row = tuple[int, int, int | None, str]
"""Tier, start and end (ns), text; a point has no end."""


@dataclass(slots=True)
class _FileTier:
    name: str
    points: bool
    bounds: tuple[int, int]


@dataclass(slots=True)
class _Grid:
    rows: sqlite3.Connection
    bounds: tuple[int, int] = (0, 0)
    tiers: list[_FileTier] = field(default_factory=list)


def read_textgrid(reading: Reading) -> Iterator[Part]:
    with closing(sqlite3.connect("", isolation_level=None)) as rows:
        rows.executescript(_TABLE)
        rows.execute("BEGIN")
        grid = _Grid(rows)
        apart, together = reading.passes(2)
        _take(Tokens(apart), grid, reading)
        rows.execute(_INDEX)
        file = _File(reading, grid)
        yield from told(file.parts(), file.count, together)


def _take(tokens: Tokens, grid: _Grid, reading: Reading) -> None:
    tokens.header()
    grid.bounds = (tokens.time(), tokens.time())
    count = tokens.count() if tokens.flag() == "<exists>" else 0
    for number in range(count):
        kind = tokens.text()
        if kind not in ("IntervalTier", "TextTier"):
            raise WozError(f"{reading.path} has a tier of the kind {kind[:40]!r}, which no TextGrid has; mend it.")
        name = tokens.text()
        bounds = (tokens.time(), tokens.time())
        grid.tiers.append(_FileTier(name, kind == "TextTier", bounds))
        _take_items(tokens, grid, number, kind == "TextTier")


def _take_items(tokens: Tokens, grid: _Grid, tier: int, points: bool) -> None:
    waiting: list[Row] = []
    for _ in range(tokens.count()):
        start = tokens.time()
        end = None if points else tokens.time()
        waiting.append((tier, start, end, tokens.text()))
        if len(waiting) == _AT_ONCE:
            _keep(grid, waiting)
    _keep(grid, waiting)


def _keep(grid: _Grid, waiting: list[Row]) -> None:
    grid.rows.executemany("INSERT INTO item VALUES (NULL, ?, ?, ?, ?)", waiting)
    waiting.clear()


class _File:
    def __init__(self, reading: Reading, grid: _Grid) -> None:
        self._reading = reading
        self._grid = grid
        self._session = SessionId(reading.new_id())
        self._transcript = TranscriptId(reading.new_id())
        self._places = places_of(tier.name for tier in grid.tiers)
        self._keys: dict[Place, list[tuple[str, int]]] = {}
        for number, place in enumerate(self._places):
            if place.key:
                above = Place(place.base, place.part, place.lane)
                self._keys.setdefault(above, []).append((place.key, number))

    @property
    def count(self) -> int:
        """How many annotations and turns come of it."""
        own = [number for number, place in enumerate(self._places) if not place.key and place.part != WORDS]
        query = f"SELECT count(*) FROM item WHERE text <> '' AND tier IN ({', '.join(map(str, own))})"
        return int(self._grid.rows.execute(query).fetchone()[0])

    def parts(self) -> Iterator[Part]:
        wanted = self._reading.scheme
        schemes = (SCHEME, wanted) if wanted else (SCHEME,)
        title, language = self._reading.path.stem, self._reading.language
        yield Begin(
            "",
            self._session,
            self._transcript,
            title,
            schemes,
            duration_ns=max(0, self._grid.bounds[1]),
            language=language,
        )
        yield from self._document()
        made: dict[str, tuple[Tier, TierType]] = {}
        for number, place in enumerate(self._places):
            if place.key or place.part == WORDS:
                continue
            if place.part == TURNS:
                yield from self._turns(number, place)
                continue
            if place.base not in made:
                made[place.base] = self._tier(place.base, self._grid.tiers[number].points)
                yield made[place.base][0]
            yield from self._annotations(number, place, *made[place.base])

    def _document(self) -> Iterator[Part]:
        """The bounds of the file, where it does not begin at 0, and of tiers that have other ones."""
        grid = self._grid
        kept = [("TextGrid", "", grid.bounds)] if grid.bounds[0] else []
        kept += [("tier", tier.name, tier.bounds) for tier in grid.tiers if tier.bounds != grid.bounds]
        if kept:
            tier = self._new_tier(SCHEME, DOCUMENT, "TextGrid document")
            yield tier
            for label, name, (first, last) in kept:
                attributes = (Attribute("xmin", seconds_text(first)), Attribute("xmax", seconds_text(last)))
                new_id = AnnotationId(self._reading.new_id())
                yield Annotation(new_id, tier.id, None, None, label, self._reading.made, attributes, name)

    def _new_tier(self, scheme: Scheme, tier_type: str, name: str) -> Tier:
        tier_id = TierId(self._reading.new_id())
        return Tier(tier_id, self._session, scheme.id, scheme.version, tier_type, name, self._reading.made)

    def _tier(self, name: str, points: bool) -> tuple[Tier, TierType]:
        """Of the user's scheme where that has a tier type of this name."""
        wanted = self._reading.scheme
        types = wanted.tier_types if wanted else ()
        chosen = next((each for each in types if name in (each.key, each.name())), None)
        if wanted and chosen:
            return self._new_tier(wanted, chosen.key, name), chosen
        own = SCHEME.tier_type(POINTS if points else INTERVALS)
        return self._new_tier(SCHEME, own.key, name), own

    def _items(self, number: int) -> Iterator[Row]:
        rows = self._grid.rows
        yield from rows.execute("SELECT tier, start, end, text FROM item WHERE tier = ? ORDER BY n", (number,))

    def _annotations(self, number: int, place: Place, tier: Tier, tier_type: TierType) -> Iterator[Part]:
        """Empty intervals are the gaps between others."""
        ids = {name: str(each.id) for each in tier_type.labels for name in (each.name(), *each.names.values())}
        gaps, edges = -1, 0
        for _, start, end, text in self._items(number):
            values = dict(self._values(place, start, end))
            if not text and not values and end is not None:
                edges += gaps == start
                gaps = end
                continue
            backwards = end is not None and end < start
            more = (Attribute(END_BEFORE_START, end / 1e9),) if backwards and end is not None else ()
            yield Annotation(
                AnnotationId(self._reading.new_id()),
                tier.id,
                start,
                None if backwards else end,
                ids.get(text, text),
                self._reading.made,
                (*attributes_from(values.items()), *more),
                values.get(NOTE, ""),
                confidence_from(values.get(CONFIDENCE)),
            )
        if edges:
            yield Lost("edges between empty intervals", edges)

    def _values(self, place: Place, start: int, end: int | None) -> Iterator[tuple[str, str]]:
        query = "SELECT text FROM item WHERE tier = ? AND start = ? AND end IS ? LIMIT 1"
        for key, number in self._keys.get(place, ()):
            found = self._grid.rows.execute(query, (number, start, end)).fetchone()
            if found and found[0]:
                yield key, found[0]

    def _turns(self, number: int, place: Place) -> Iterator[Part]:
        words = Place(place.base, WORDS, place.lane)
        where = self._places.index(words) if words in self._places else None
        for _, start, end, text in self._items(number):
            values = dict(self._values(place, start, end))
            said = [] if where is None or end is None else self._words(where, words, start, end)
            if not (text or values or said):
                continue
            turn, backwards = turn_from(
                TurnId(self._reading.new_id()),
                self._transcript,
                speaker_from(place.base),
                (text, start, start if end is None else end),
                values,
                said,
            )
            yield turn
            if backwards:
                yield Lost("ends of turns that lie before their starts")

    def _words(self, number: int, place: Place, start: int, end: int) -> list[tuple[str, int, int, dict[str, str]]]:
        query = (
            "SELECT text, start, end FROM item WHERE tier = ? AND start >= ? AND start < ? AND end <= ? ORDER BY n"
        )
        found = self._grid.rows.execute(query, (number, start, end, end)).fetchall()
        return [(text, first, last, dict(self._values(place, first, last))) for text, first, last in found if text]
