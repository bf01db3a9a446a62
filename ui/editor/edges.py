"""The edges of the chosen tier's segments: found from the play head, and moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.editor.edge_frames import count_of, edge_after
from ui.editor.player import Player
from woz.annotation import commands
from woz.annotation.boundaries import move_edge
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId

if TYPE_CHECKING:
    from ui.editor.marking import Marking

NO_ROOM = "Another segment touches this edge, so there is no room for it alone; without Alt both move."
NO_FRAMES = "The video has no frames here, so no edge can be moved by them."


class Edges(QObject):
    """What `marking` has chosen is what is moved; why it can't be is said there."""

    def __init__(self, document: Document, player: Player, marking: Marking) -> None:
        super().__init__(marking)
        self._document, self._player, self._marking = document, player, marking

    def set_here(self, at_start: bool, apart: bool = False) -> None:
        """An edge of the chosen segment to the play head; a point itself."""
        self._move(at_start, self._marking.here_ns, apart)

    def drop(self, segment_id: AnnotationId, at_start: bool, t_ns: int, apart: bool) -> None:
        self._marking.chosen_id = segment_id
        self._move(at_start, self._marking.snapped(t_ns), apart)

    def nudge(self, frames: int, apart: bool = False) -> None:
        """The edge of the chosen segment that is nearest to the play head, by frames; the picture goes with it."""
        segment = self._marking.chosen
        if segment is None or segment.start_ns is None:
            self._marking.ask_for_choice()
            return
        span = segment.interval
        at_start = abs(self._marking.here_ns - span.start_ns) <= abs(self._marking.here_ns - span.end_ns)
        moved_ns = self.nudge_one(segment, at_start, frames, apart)
        if moved_ns is not None:
            self._player.seek(moved_ns)

    def nudge_one(self, segment: Annotation, at_start: bool, frames: int, apart: bool = False) -> int | None:
        """An edge of the chosen segment by frames; where it is then, None where it can't be."""
        if not self._marking.times:
            self._marking.said.emit(NO_FRAMES)
            return None
        edge_ns = segment.interval.start_ns if at_start else segment.interval.end_ns
        near = count_of(self._marking.times, edge_ns, self._marking.snapped(edge_ns))
        to_ns = edge_after(self._marking.times, self._marking.duration_ns, edge_ns, near + frames, at_start)
        if to_ns == edge_ns:
            self._marking.said.emit(f"This edge is at the {'end' if frames > 0 else 'start'} of the recording.")
            return None
        return to_ns if self._move(at_start, to_ns, apart) else None

    def move_to(self, at_start: bool, t_ns: int) -> bool:
        """An edge of the chosen segment, with what it touches."""
        return self._move(at_start, t_ns, False)

    def _move(self, at_start: bool, t_ns: int, apart: bool) -> bool:
        if self._marking.one_only():
            return False
        if self._marking.deciding:
            return self._marking.deciding.move_edge(at_start, t_ns)

        def move(segment: Annotation) -> Edit:
            if segment.start_ns is None:
                raise WozError("What is for the whole session has no edges.")
            if segment.end_ns is None:
                return commands.move_point(segment, t_ns)
            moved = move_edge(self._marking.segments, segment, at_start, t_ns, apart, self._marking.overlap)
            edge_ns = segment.interval.start_ns if at_start else segment.interval.end_ns
            if not moved.after and t_ns != edge_ns:
                raise WozError(NO_ROOM)
            return moved

        made: list[Edit] = []

        def kept(segment: Annotation) -> Edit:
            made.append(move(segment))
            return made[-1]

        moved = self._marking.edit(kept)
        for each in made if moved else ():
            self._marking.passes.late.moved(each)
        return moved

    def boundary(self, direction: int) -> None:
        edge = self.near(direction)
        if edge is not None:
            self._player.seek(edge)
        elif self._marking.tier is None:
            self._marking.ask_for_choice()
        else:
            self._marking.said.emit(
                f"There is no edge of {self._marking.tier.name} {'after' if direction > 0 else 'before'} this."
            )

    def near(self, direction: int) -> int | None:
        """The next edge of the tier after (1) or before (-1) the play head, or the nearest to it (0)."""
        if self._marking.tier is None:
            return None
        here, slack, items = self._marking.here_ns, NS_PER_MS, self._document.timed(self._marking.tier.id)
        if direction > 0:
            return items.edge_after(here + slack)
        if direction < 0:
            return items.edge_before(here - slack)
        around = (items.edge_before(here + 1), items.edge_after(here))
        return min((t for t in around if t is not None), key=lambda t: abs(t - here), default=None)
