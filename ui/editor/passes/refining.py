"""A pass over the edges of a tier: each is played round, slowly, until it is right; Enter goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.editor.marking import NO_TIER, Marking
from ui.editor.rounds import Rounds
from woz.annotation.document import Document
from woz.annotation.refining import Edge, by_doubt, edges_of

WORDS = "Enter: right; Tab: next; , . move it; F5: end"


class Refining(QObject):
    """`changed` after each step; the edge it stands at is None where no pass is on."""

    changed = Signal()

    def __init__(self, document: Document, marking: Marking, rounds: Rounds) -> None:
        super().__init__(marking)
        self._document, self._marking, self._rounds = document, marking, rounds
        self._doubtful = False
        self._seen: list[tuple[str, bool]] = []
        """The places of edges that were looked at in this pass, the last one here."""

    @property
    def on(self) -> bool:
        return bool(self._seen)

    @property
    def edge(self) -> Edge | None:
        here = self._seen[-1] if self._seen else None
        return next((each for each in self._edges() if each.place == here), None)

    @property
    def words(self) -> str:
        edge, edges = self.edge, self._edges()
        if edge is None:
            return ""
        number = edges.index(edge) + 1
        return f"Refine {'by doubt' if self._doubtful else 'in time'}, {number} of {len(edges)}. {WORDS}"

    def switch(self, doubtful: bool) -> None:
        """Begin with the edge at the play head, or after it, or the most doubtful one; a pass that is on ends."""
        if self.on:
            self.end()
            return
        marking, self._doubtful = self._marking, doubtful
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
        self.go(1)

    def nudge(self, frames: int, apart: bool = False) -> None:
        edge = self.edge
        if edge is None:
            self.go(1)
            return
        moved_ns = self._marking.nudge_edge(edge.item, edge.at_start, frames, apart)
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
        edges, here = self._edges(), self.edge
        if self._doubtful or here is None:
            return next((each for each in edges if each.place not in self._seen), None)
        return next((each for each in edges if each.t_ns > here.t_ns), None)

    def _before(self) -> Edge | None:
        edges, here = self._edges(), self.edge
        if self._doubtful or here is None:
            return next((each for each in edges if each.place in self._seen[-2:-1]), None)
        return next((each for each in reversed(edges) if each.t_ns < here.t_ns), None)

    def _edges(self) -> list[Edge]:
        edges = edges_of(self._marking.segments)
        late = self._marking.passes.late
        return by_doubt(edges, lambda edge: late.doubt(*edge.place)) if self._doubtful else edges
