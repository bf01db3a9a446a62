"""A pass over the edges of a tier: each is played round, slowly, until it is right; Enter goes on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from PySide6.QtCore import QObject, Signal

from ui.editor.marking import NO_TIER, Marking
from ui.editor.rounds import Rounds
from woz.annotation.document import Document
from woz.annotation.refining import Edge, by_doubt, edges_of
from woz.model.ids import TierId

Place = tuple[str, bool]
WORDS = "Enter: right; Tab: next; , . move it; F5: end"


class Refining(QObject):
    """`changed` after each step; the edge it stands at is None where no pass is on."""

    changed = Signal()

    def __init__(self, document: Document, marking: Marking, rounds: Rounds) -> None:
        super().__init__(marking)
        self._document, self._marking, self._rounds = document, marking, rounds
        self._doubtful = False
        self._seen: list[Place] = []
        """The places of edges that were looked at in this pass, the last one here."""
        self._known: _Known | None = None

    @property
    def on(self) -> bool:
        return bool(self._seen)

    @property
    def edge(self) -> Edge | None:
        number = self._number
        return None if number is None else self._edges()[number]

    @property
    def words(self) -> str:
        number = self._number
        if number is None:
            return ""
        order = "by doubt" if self._doubtful else "in time"
        return f"Refine {order}, {number + 1} of {len(self._edges())}. {WORDS}"

    @property
    def _number(self) -> int | None:
        """Of the edge it stands at, in the order of the pass."""
        return self._ordered().places.get(self._seen[-1]) if self._seen else None

    def switch(self, doubtful: bool) -> None:
        """Begin with the edge at the play head, or after it, or the most doubtful one; a pass that is on ends."""
        if self.on:
            self.end()
            return
        marking, self._doubtful, self._known = self._marking, doubtful, None
        edges = self._edges()
        if marking.tier is None or marking.deciding or not edges:
            name = marking.tier.name if marking.tier else ""
            marking.said.emit(f"There is no edge of {name} to refine." if name else NO_TIER)
            return
        marking.passes.end()
        marking.refines = True
        after = [each for each in edges if doubtful or each.t_ns >= marking.here_ns]
        self._stand(after[0] if after else edges[0])

    def end(self) -> None:
        """Stand on the edge, and leave the pass."""
        self._seen = []
        self._marking.refines = False
        self._rounds.stop()
        self.changed.emit()

    def go(self, by: int = 1) -> None:
        """To the next edge, or back to the one before."""
        edge = self._onward() if by > 0 else self._before()
        if edge:
            self._stand(edge, back=by < 0)
            return
        tier = self._marking.tier
        name = tier.name if tier else ""
        if by > 0:
            self.end()
        self._marking.said.emit(f"That was the {'last' if by > 0 else 'first'} edge of {name} in this pass.")

    def right(self) -> None:
        """The edge is where it should be."""
        edge = self.edge
        if edge:
            self._marking.passes.late.right(edge.item.id, edge.at_start, edge.t_ns)
        if self._doubtful:
            self._known = None
        self.go(1)

    def nudge(self, frames: int, apart: bool = False) -> None:
        edge = self.edge
        if edge is None:
            self.go(1)
            return
        moved_ns = self._marking.edges.nudge_one(edge.item, edge.at_start, frames, apart)
        if moved_ns is not None:
            self._rounds.around(moved_ns)
            self.changed.emit()

    def _stand(self, edge: Edge, back: bool = False) -> None:
        if back:
            self._seen.pop()
        if not self._seen or self._seen[-1] != edge.place:
            self._seen.append(edge.place)
        self._marking.choose(edge.item.tier_id, edge.item.id)
        self._rounds.around(edge.t_ns)
        self._marking.said.emit("")
        self.changed.emit()

    def _onward(self) -> Edge | None:
        edges, number = self._edges(), self._number
        if self._doubtful or number is None:
            seen = set(self._seen)
            return next((each for each in edges if each.place not in seen), None)
        t_ns = edges[number].t_ns
        return next((each for each in islice(edges, number + 1, None) if each.t_ns > t_ns), None)

    def _before(self) -> Edge | None:
        edges, number = self._edges(), self._number
        if self._doubtful or number is None:
            before = self._ordered().places.get(self._seen[-2]) if len(self._seen) > 1 else None
            return None if before is None else edges[before]
        t_ns = edges[number].t_ns
        return next((edges[n] for n in range(number - 1, -1, -1) if edges[n].t_ns < t_ns), None)

    def _edges(self) -> list[Edge]:
        return self._ordered().edges

    def _ordered(self) -> _Known:
        """All edges of the tier, found anew where something in it changed."""
        tier = self._marking.tier
        of = (tier.id, self._document.timed(tier.id).version) if tier else None
        if self._known is None or self._known.of != of:
            edges, late = edges_of(self._marking.segments), self._marking.passes.late
            if self._doubtful:
                edges = by_doubt(edges, lambda edge: late.doubt(*edge.place))
            self._known = _Known(of, edges, {each.place: n for n, each in enumerate(edges)})
        return self._known


@dataclass(frozen=True, slots=True)
class _Known:
    """The edges of a tier as it was at a version, in the order of the pass, and the number of each by its place."""

    of: tuple[TierId, int] | None
    edges: list[Edge]
    places: dict[Place, int]
