"""The rows of the time line: what they show, and where they lie below each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtGui import QColor

from ui.editor.timeline.spans import Spans
from ui.theme import colours
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.annotation.proposals.drafts import is_draft, tiers_in_sight
from woz.model.annotation import Annotation
from woz.model.ids import TierId, TranscriptId
from woz.model.item import ItemRef
from woz.model.own_schemes import MISTAKE, UNSURE
from woz.model.people import Role
from woz.model.scheme import TierType
from woz.model.tier import Tier, TierState
from woz.model.transcript import Turn

OPEN_QUIETLY = (TierState.IN_WORK, TierState.ASSIGNED)
"""States that nothing is said of beside a tier's name."""
WAVE, TURN, LANE, NARROW, GAP = 44, 26, 32, 20, 4
"""Heights; lanes are narrow where a tier has several."""
ROLES = ((Role.TRAINEE, "Trainee"), (Role.EXPERT, "Expert"))


@dataclass(slots=True)
class Row:
    """`spans` and the texts belong to `items`, by number; a row of sound has a voice, one of a tier its tier."""

    name: str
    height: int
    top: int = 0
    voice: Role | None = None
    tier: Tier | None = None
    items: Sequence[Annotation | Turn] = ()
    untimed: Sequence[Annotation] = ()
    spans: Spans | None = None
    palette: tuple[QColor, ...] = ()
    cues: tuple[int, ...] = ()
    """For each colour the number of its label in the tier type, by which a second cue is drawn."""
    tier_type: TierType | None = None
    texts: dict[int, str] | None = None
    draft: bool = False
    """Whether a machine proposes what is in it."""
    numbers: dict[str, int] | None = None

    @property
    def lane_height(self) -> float:
        return (self.height - GAP) / (self.spans.lane_count if self.spans else 1)

    def number_of(self, item_id: str | None) -> int | None:
        if self.numbers is None:
            self.numbers = {str(item.id): n for n, item in enumerate(self.items)}
        return self.numbers.get(str(item_id))

    def text(self, number: int) -> str:
        """What is written on an item."""
        assert self.texts is not None
        text = self.texts.get(number)
        if text is None:
            text = self.texts[number] = self._made_text(self.items[number])
        return text

    @property
    def untimed_texts(self) -> list[str]:
        return [self._made_text(item) + (f": {item.note}" if item.note else "") for item in self.untimed]

    def flat(self, height: int) -> Row:
        """The same in one lane of another height, as the strip of the whole session has it."""
        assert self.spans
        spans = replace(self.spans, lanes=np.zeros_like(self.spans.lanes), lane_count=1)
        return replace(self, height=height + GAP, spans=spans)

    def _made_text(self, item: Annotation | Turn) -> str:
        if isinstance(item, Turn):
            return item.text if item.doubt is None else f"⚑ {item.text}"
        assert self.tier_type
        sign = "⚠ " if item.value(MISTAKE) is True else "? " if self.draft else ""
        sign += "⚑ " if item.value(UNSURE) is True else ""
        sure = f"  {item.confidence:.0%}" if self.draft and item.confidence is not None else ""
        return sign + label_of(self.tier_type, item).name() + sure


class Rows:
    """Made of a document; only what has changed is made anew."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._transcript: TranscriptId | None = None
        self._tiers: dict[TierId, tuple[int, Row]] = {}
        self._turns_of: tuple[object, ...] = ()
        self._turn_rows: list[Row] = []
        self._rows: list[Row] = []
        self._by_tier: dict[TierId, Row] = {}
        self.refresh()

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    @property
    def height(self) -> int:
        return self._rows[-1].top + self._rows[-1].height if self._rows else 0

    def row_of(self, tier_id: TierId | None) -> Row | None:
        return self._by_tier.get(tier_id) if tier_id else None

    def place_of(self, ref: ItemRef) -> tuple[Row, int] | None:
        """Where an annotation or a turn lies; None where it isn't shown, or has no time."""
        item = self._document.item(ref)
        rows = [self.row_of(item.tier_id)] if isinstance(item, Annotation) else self._turn_rows
        for row in rows if item is not None else ():
            number = row.number_of(ref.id) if row else None
            if row is not None and number is not None:
                return row, number
        return None

    def at(self, y: float) -> Row | None:
        return next((row for row in self._rows if row.top <= y < row.top + row.height), None)

    def show_transcript(self, transcript_id: TranscriptId | None) -> None:
        self._transcript = transcript_id
        self.refresh()

    def recolour(self) -> None:
        """After a change of the theme."""
        self._turns_of, self._tiers = (), {}
        self.refresh()

    def refresh(self) -> None:
        """Have the rows as the document is now."""
        self._refresh_turns()
        spoken = {row.voice: row for row in self._turn_rows}
        rows: list[Row] = []
        for role, name in ROLES:
            rows += [Row(name, WAVE, voice=role), spoken[role]]
        rows += [spoken[Role.OTHER]] if Role.OTHER in spoken else []
        rows += [self._tier_row(tier) for tier in tiers_in_sight(self._document)]
        top = 0
        for row in rows:
            row.top = top
            top += row.height
        self._rows = rows
        self._by_tier = {row.tier.id: row for row in rows if row.tier}

    def _refresh_turns(self) -> None:
        turns = self._document.turns
        if self._turns_of and self._turns_of[0] is turns and self._turns_of[1] == self._transcript:
            return
        self._turns_of = (turns, self._transcript)
        shown = [turn for turn in turns if self._transcript in (None, turn.transcript_id)]
        voices = [Role.TRAINEE, Role.EXPERT]
        voices += [Role.OTHER] if any(_voice_of(turn) == Role.OTHER for turn in shown) else []
        self._turn_rows = [
            _turn_row(voice, [turn for turn in shown if _voice_of(turn) == voice]) for voice in voices
        ]

    def _tier_row(self, tier: Tier) -> Row:
        timed = self._document.timed(tier.id)
        version, row = self._tiers.get(tier.id, (-1, None))
        tier_type = self._document.tier_type(tier)
        if row is None or version != timed.version or row.tier != tier or row.tier_type is not tier_type:
            row = _tier_row(tier, tier_type, tuple(timed))
            self._tiers[tier.id] = (timed.version, row)
        row.untimed = self._document.untimed(tier.id)
        return row


def _voice_of(turn: Turn) -> Role:
    """Whose row it is in: all but trainee and expert share one."""
    return turn.speaker if turn.speaker in (Role.TRAINEE, Role.EXPERT) else Role.OTHER


def _turn_row(voice: Role, turns: list[Turn]) -> Row:
    name = "trainee" if voice == Role.TRAINEE else "expert" if voice == Role.EXPERT else "both"
    fill = QColor(colours().of(name))
    fill.setAlpha(70)
    spans = _spans(((t.interval.start_ns, t.interval.end_ns) for t in turns), np.zeros(len(turns), np.int32))
    height = TURN if spans.lane_count == 1 else spans.lane_count * NARROW + GAP
    title = "Others" if voice == Role.OTHER else ""
    return Row(title, height, voice=voice, items=tuple(turns), spans=spans, palette=(fill,), texts={})


def _tier_row(tier: Tier, tier_type: TierType, items: tuple[Annotation, ...]) -> Row:
    palette: dict[str, int] = {}
    by_label: dict[str, int] = {}
    kinds = np.empty(len(items), np.int32)
    for n, item in enumerate(items):
        kind = by_label.get(item.label)
        if kind is None:
            colour = label_of(tier_type, item).colour
            kind = by_label[item.label] = palette.setdefault(colour, len(palette))
        kinds[n] = kind
    spans = _spans(((a.start_ns or 0, (a.start_ns or 0) if a.end_ns is None else a.end_ns) for a in items), kinds)
    height = (LANE if spans.lane_count == 1 else spans.lane_count * NARROW) + GAP
    fills = tuple(QColor(colour) for colour in palette)
    first = {label.colour: n for n, label in reversed(list(enumerate(tier_type.labels)))}
    cues = tuple(first.get(colour, 0) for colour in palette)
    name = tier.name if tier.state in OPEN_QUIETLY else f"{tier.name}: {tier.state}"
    row = Row(
        name, height, tier=tier, items=items, spans=spans, palette=fills, cues=cues, tier_type=tier_type, texts={}
    )
    row.draft = is_draft(tier)
    return row


def _spans(edges: Iterable[tuple[int, int]], kinds: np.ndarray) -> Spans:
    table = np.array(list(edges), np.int64).reshape(-1, 2)
    starts, ends = np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])
    return Spans.of(starts, ends, kinds, ends == starts)
