"""Praat's TextGrid: both forms are read, the long one is written (Praat's manual, "TextGrid file formats").

In a tier of intervals one begins where the one before ends, from the beginning to the end, with empty ones between
those that hold something. Overlapping items go to further tiers; points stand in tiers of points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, Writing, each_session
from woz.formats.parts import Lost
from woz.formats.tiers.lanes import unused
from woz.formats.tiers.layers import Entry, Layer, LayerKind, layers_of
from woz.formats.tiers.textgrid_names import DOCUMENT, POINTS, TURNS, WORDS, Place, speaker_name
from woz.formats.tiers.textgrid_reader import read_textgrid
from woz.formats.tiers.times import seconds_text, whole_ns
from woz.formats.tiers.values import END_BEFORE_START

Item = tuple[int, int | None, str]
"""Start, end (ns), text; a point has no end."""


@dataclass(slots=True)
class _Tier:
    place: Place
    points: bool
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class _Lane:
    """`entries` of one layer that don't overlap."""

    place: Place
    points: bool
    entries: list[Entry] = field(default_factory=list)

    def tiers(self) -> Iterator[_Tier]:
        """The lane's own, and one for each of the further texts."""
        yield _Tier(self.place, self.points, [(*_span(entry), entry.value) for entry in self.entries])
        for key in dict.fromkeys(key for entry in self.entries for key, _ in entry.values):
            place = Place(self.place.base, self.place.part, self.place.lane, key)
            texts = ((entry, text) for entry in self.entries for found, text in entry.values if found == key)
            yield _Tier(place, self.points, [(*_span(entry), text) for entry, text in texts])


def _span(entry: Entry) -> tuple[int, int | None]:
    assert entry.start_ns is not None
    end = entry.end_ns if entry.end_ns != entry.start_ns else None
    backwards = dict(entry.marks).get(END_BEFORE_START)
    return entry.start_ns, round(float(backwards) * 1e9) if backwards else end


class _Laid:
    """The session as tiers, and what has no place in them."""

    def __init__(self, bundle: SessionBundle) -> None:
        self.lost = Counter[str]()
        self.lanes: list[_Lane] = []
        self._names: set[str] = set()
        self._turns: dict[str, tuple[_Lane, Entry]] = {}
        self._worded = {str(turn.id) for turn in bundle.turns if turn.words}
        for layer in layers_of(bundle, frozenset((END_BEFORE_START,)), DOCUMENT):
            if layer.kind is LayerKind.WORDS:
                self.lanes += self._words(layer)
            elif layer.kind is LayerKind.TURNS:
                self.lanes += self._said(layer)
            else:
                self.lanes += self._items(layer)

    def _items(self, layer: Layer) -> list[_Lane]:
        base = unused(layer.name, self._names)
        self.lost["names of tiers that others have, too"] += base != layer.name
        shown = self._shown(layer)
        spans = [entry for entry in shown if _is_span(entry)]
        points = [entry for entry in shown if not _is_span(entry)]
        self.lost["intervals without a length"] += sum(entry.end_ns is not None for entry in points)
        lanes = _apart(spans, base, "", points=False) if spans or not points else []
        return lanes + (_apart(points, base, POINTS if spans else "", points=True) if points else [])

    def _said(self, layer: Layer) -> list[_Lane]:
        shown = self._shown(layer)
        self.lost["turns without a length"] += sum(not _is_span(entry) for entry in shown)
        spans = [entry for entry in shown if _is_span(entry)]
        lanes = _apart(spans, speaker_name(layer.speaker, layer.voice), TURNS, points=False)
        self._turns.update({entry.id: (lane, entry) for lane in lanes for entry in lane.entries})
        return lanes

    def _shown(self, layer: Layer) -> list[Entry]:
        """What has a time, and a text."""
        timed = [entry for entry in layer.entries if entry.start_ns is not None]
        self.lost["items without a time"] += len(layer.entries) - len(timed)
        shown = [entry for entry in timed if entry.value or entry.values or entry.id in self._worded]
        self.lost["items without a label"] += len(timed) - len(shown)
        self.lost["parents of items"] += sum(bool(entry.parent) for entry in shown)
        return shown

    def _words(self, layer: Layer) -> list[_Lane]:
        """Of the turns of each lane, those that lie in their turn one after the other."""
        found: dict[int, _Lane] = {}
        for entry in layer.entries:
            turns, turn = self._turns.get(entry.parent, (None, None))
            number = turns.place.lane if turns else 0
            before = found[number].entries if number in found else []
            if turns and turn and _fits(entry, turn, before):
                lane = _Lane(Place(turns.place.base, WORDS, number), False)
                found.setdefault(number, lane).entries.append(entry)
            else:
                self.lost["words outside their turn, over others, or without a length or a text"] += 1
        return [found[number] for number in sorted(found)]


def _is_span(entry: Entry) -> bool:
    long = entry.start_ns is not None and entry.end_ns is not None and entry.end_ns > entry.start_ns
    return long or END_BEFORE_START in dict(entry.marks)


def _apart(entries: Sequence[Entry], base: str, part: str, points: bool) -> list[_Lane]:
    """Each in the first lane that has room; points there come one after the other."""
    lanes = [_Lane(Place(base, part), points)]
    for entry in entries:
        lane = next((each for each in lanes if _has_room(each, entry)), None)
        if lane is None:
            lane = _Lane(Place(base, part, len(lanes) + 1), points)
            lanes.append(lane)
        lane.entries.append(entry)
    return lanes


def _has_room(lane: _Lane, entry: Entry) -> bool:
    if not lane.entries:
        return True
    (start, _), (before, end) = _span(entry), _span(lane.entries[-1])
    return before < start if lane.points else max(before, end or before) <= start


def _fits(entry: Entry, turn: Entry, before: Sequence[Entry]) -> bool:
    (start, end), (first, last) = _span(entry), _span(turn)
    free = not before or (_span(before[-1])[1] or 0) <= start
    return bool(entry.value) and end is not None and last is not None and first <= start and end <= last and free


def _write(bundle: SessionBundle, writing: Writing) -> Iterable[str]:
    laid = _Laid(bundle)
    tiers = [tier for lane in laid.lanes for tier in lane.tiers()]
    kept = dict(_kept(bundle))
    edges = [edge for tier in tiers for start, end, _ in tier.items for edge in (start, end) if edge is not None]
    first = min([whole_ns(kept[""][0]) if "" in kept else 0, *edges])
    last = max([bundle.session.duration_ns or 0, first + 1, *edges])
    yield f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = {seconds_text(first)} \n'
    yield f"xmax = {seconds_text(last)} \ntiers? <exists> \nsize = {len(tiers)} \nitem []: \n"
    for number, tier in enumerate(tiers, 1):
        yield f"    item [{number}]:\n"
        yield from _tier(tier, *_bounds(tier, kept.get(tier.place.name), first, last))


def _kept(bundle: SessionBundle) -> Iterator[tuple[str, tuple[str, str]]]:
    """Bounds of the file (under no name) and of tiers, as they came."""
    tiers = {tier.id for tier in bundle.tiers if tier.tier_type == DOCUMENT}
    for each in bundle.annotations:
        if each.tier_id in tiers:
            bounds = (str(each.value("xmin")), str(each.value("xmax")))
            if all(map(_is_time, bounds)):
                yield each.note, bounds


def _is_time(text: str) -> bool:
    try:
        whole_ns(text)
    except ValueError:
        return False
    return True


def _bounds(tier: _Tier, kept: tuple[str, str] | None, first: int, last: int) -> tuple[int, int]:
    """Those that a tier came with, where its items still lie in them."""
    if kept:
        low, high = whole_ns(kept[0]), whole_ns(kept[1])
        if all(low <= start and (end or start) <= high for start, end, _ in tier.items):
            return low, high
    return first, last


def _tier(tier: _Tier, first: int, last: int) -> Iterator[str]:
    pad = " " * 8
    kind = "TextTier" if tier.points else "IntervalTier"
    yield f'{pad}class = "{kind}" \n{pad}name = {_text(tier.place.name)} \n'
    yield f"{pad}xmin = {seconds_text(first)} \n{pad}xmax = {seconds_text(last)} \n"
    items = tier.items if tier.points else list(_tiled(tier.items, first, last))
    word = "points" if tier.points else "intervals"
    yield f"{pad}{word}: size = {len(items)} \n"
    for number, (start, end, text) in enumerate(items, 1):
        yield f"{pad}{word} [{number}]:\n"
        if end is None:
            yield f"{pad}    number = {seconds_text(start)} \n{pad}    mark = {_text(text)} \n"
        else:
            yield f"{pad}    xmin = {seconds_text(start)} \n{pad}    xmax = {seconds_text(end)} \n"
            yield f"{pad}    text = {_text(text)} \n"


def _tiled(items: Iterable[Item], first: int, last: int) -> Iterator[Item]:
    place = first
    for start, end, text in items:
        if start > place:
            yield place, start, ""
        yield start, end, text
        place = start if end is None else max(place, end)
    if place < last:
        yield place, last, ""


def _text(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    for bundle in bundles:
        for what, count in _Laid(bundle).lost.items():
            yield Lost(what, count)
        yield Lost("links", len(bundle.links))
        yield Lost("questions and answers", len(bundle.questions))


FORMATS = (
    Format(
        "textgrid",
        "tiers, turns and words for Praat, TextGrid",
        "TextGrid",
        (
            "tiers of intervals and points",
            "labels by their names",
            "attributes, notes",
            "turns, words, translations, voices, what is checked or doubted",
        ),
        ("schemes and parents", "links", "items without a time", "questions"),
        'Praat\'s manual, "TextGrid file formats"',
        read=read_textgrid,
        write=each_session("TextGrid", _write),
        losses=_losses,
    ),
)
