"""Where a new segment goes and what gives way to it, gaps, edges brought onto others, and doubts: all by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject

from ui.editor.keys import Keys, Place
from ui.editor.marking import CHOOSE_FIRST, NO_TIER, Marking
from ui.editor.player import Player
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.placing import Way, nearest_edge, next_gap, ripple_delete
from woz.annotation.proposals.drafts import is_draft
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.own_schemes import UNSURE
from woz.model.transcript import Turn

LEAST_GAP_NS = 40_000_000
"""What is shorter is a frame's rounding, and no gap."""
SNAP_NS = 2 * NS_PER_S
FAR_OFF = f"No other edge is within {SNAP_NS // NS_PER_S} seconds of this one."


class PlacingKeys(QObject):
    """`turns` gives the turns that are shown, whose edges others are brought onto."""

    def __init__(
        self, document: Document, marking: Marking, player: Player, turns: Callable[[], Iterable[Turn]]
    ) -> None:
        super().__init__(marking)
        self._document, self._marking, self._player, self._turns = document, marking, player, turns

    def add_keys(self, keys: Keys) -> None:
        here = Place.TIME_LINE
        keys.add("Next gap of the tier", "Ctrl+G", lambda: self.go(1), here)
        keys.add("Previous gap of the tier", "Ctrl+Shift+G", lambda: self.go(-1), here)
        keys.add("How a new segment goes in: the next way", "Ctrl+I", self.next_way, here)
        keys.add("Delete the segment, and close up behind it", "Shift+Delete", self.close_up, here)
        keys.add("Doubtful, or no longer; the note says why", "Shift+U", self.doubt, here)
        keys.add("The nearest edge onto that of another tier, or of a turn", "Shift+S", self.snap, here)

    def go(self, direction: int) -> None:
        """To where a gap begins; the line says how long it is."""
        marking = self._marking
        if marking.tier is None:
            marking.said.emit(NO_TIER)
            return
        length = marking.duration_ns
        found = next_gap(marking.segments, marking.here_ns, direction, length, LEAST_GAP_NS)
        if found is None:
            way = "after" if direction > 0 else "before"
            marking.said.emit(f"There is no gap in {marking.tier.name} {way} this.")
            return
        marking.choose(marking.tier.id, None)
        self._player.seek(found[0])
        marking.said.emit("")
        marking.hinted.emit(f"Gap of {(found[1] - found[0]) / NS_PER_S:.1f} s")

    def next_way(self) -> None:
        ways = list(Way)
        self._marking.way = way = ways[(ways.index(self._marking.way) + 1) % len(ways)]
        self._marking.passes.changed.emit()
        self._marking.said.emit(f"A new segment {way.value}.")

    def close_up(self) -> None:
        marking = self._marking
        chosen = marking.chosen
        if chosen is None or chosen.end_ns is None:
            marking.said.emit(CHOOSE_FIRST if marking.tier else NO_TIER)
        elif marking.many or marking.deciding:
            marking.said.emit(
                "Only one segment of your own at a time can be taken out with what follows closing up."
            )
        elif marking.apply(lambda: self._closed_up(chosen)):
            marking.choose(chosen.tier_id, None)

    def _closed_up(self, gone: Annotation) -> Edit:
        marking = self._marking
        return ripple_delete(marking.segments, gone, self._document.links, marking.times)

    def doubt(self) -> None:
        """A flag on all that is chosen; it stands in the list of what is missing, with the note."""
        chosen = self._marking.chosen
        flag = None if chosen is not None and chosen.value(UNSURE) is True else True

        def flagged(item: Annotation) -> Edit:
            return Edit("Doubtful" if flag else "No longer doubtful", (item,), (item.with_value(UNSURE, flag),))

        if self._marking.edit(flagged) and flag:
            self._marking.hinted.emit("Doubtful: N writes why, Ctrl+E lists all that are, Shift+U takes it back")

    def snap(self) -> None:
        """The edge of the chosen segment that is nearest to the play head, onto the nearest edge elsewhere."""
        marking = self._marking
        chosen = marking.chosen
        if chosen is None or chosen.start_ns is None:
            marking.said.emit(CHOOSE_FIRST if marking.tier else NO_TIER)
            return
        span = chosen.interval
        at_start = abs(marking.here_ns - span.start_ns) <= abs(marking.here_ns - span.end_ns)
        edge_ns = span.start_ns if at_start else span.end_ns
        to_ns = nearest_edge(list(self._others(chosen)), edge_ns, SNAP_NS)
        if to_ns is None:
            marking.said.emit(FAR_OFF)
        elif marking.edges.move_to(at_start, to_ns):
            self._player.seek(to_ns)

    def _others(self, chosen: Annotation) -> Iterator[int]:
        """Edges of what is seen in other tiers, and the frames at those of the turns."""
        for turn in self._turns():
            yield from map(self._marking.snapped, (turn.interval.start_ns, turn.interval.end_ns))
        for tier in self._document.tiers:
            if tier.id != chosen.tier_id and not is_draft(tier):
                for each in self._document.timed(tier.id):
                    yield from {each.interval.start_ns, each.interval.end_ns}
