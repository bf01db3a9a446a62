"""What is painted over the picture: where the trainee and the expert looked, and what was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from ui.widgets.gaze_ring import paint_gaze
from ui.widgets.strokes import FADES_NS, STAYS_NS, Stroke, Strokes
from woz.annotation.document import Document
from woz.annotation.drawing import lines_of
from woz.model.annotation import Annotation
from woz.model.scheme import ValueKind
from woz.playback.gaze import Gaze
from woz.recording.folder.session_folder import SessionFolder

EXPERT = QColor(255, 138, 128)


class Overlays:
    """At the time `t_ns` of the session, which the window sets with each picture."""

    def __init__(self, document: Document, folder: SessionFolder) -> None:
        self._document, self._folder = document, folder
        self._gaze: tuple[Gaze | None, Gaze | None] | None = None
        self.t_ns = 0
        self.gaze_shown = self.drawings_shown = True

    def paint(self, painter: QPainter, place: QRectF) -> None:
        if self.gaze_shown:
            for gaze, colour in zip(self._gazes(), (None, EXPERT), strict=True):
                point = gaze.at(self.t_ns) if gaze else None
                if point:
                    paint_gaze(painter, place, point, colour)
        if self.drawings_shown:
            strokes = Strokes()
            for annotation in self._drawn():
                for points in lines_of(annotation):
                    strokes.lay(Stroke(annotation.start_ns or 0, points, annotation.end_ns), self.t_ns)
            strokes.paint(painter, place, self.t_ns)

    @property
    def empty(self) -> bool:
        """Whether the session has neither gaze nor drawings at any time."""
        kinds = {tier.id: self._document.tier_type(tier).attributes for tier in self._document.tiers}
        drawn = (tier_id for tier_id, of in kinds.items() if any(each.kind == ValueKind.DRAWING for each in of))
        lines = any(lines_of(each) for tier_id in drawn for each in self._document.timed(tier_id))
        return not lines and not any(self._gazes())

    def _gazes(self) -> tuple[Gaze | None, Gaze | None]:
        """The trainee's and the expert's, read when they are first shown."""
        if self._gaze is None:
            self._gaze = (Gaze.load(self._folder.gaze), Gaze.load(self._folder.expert_gaze))
        return self._gaze

    def _drawn(self) -> Iterator[Annotation]:
        """Those with a drawing that are in view now, or fade."""
        for tier in self._document.tiers:
            kinds = self._document.tier_type(tier).attributes
            if any(each.kind == ValueKind.DRAWING for each in kinds):
                since = self.t_ns - STAYS_NS - FADES_NS
                yield from self._document.timed(tier.id).between(since, self.t_ns + 1)
