"""The strip of tracks, the uncertain ones first, with a picture of each."""

from __future__ import annotations

from collections.abc import Sequence

import av
import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.faces.words import colour_value, track_words
from ui.theme import colours
from ui.widgets.frame_queue import FrameQueue, Open
from woz.deidentifying.faces import Faces, Track, uncertain_first
from woz.deidentifying.thumbnails import around

PICTURE = QSize(104, 84)


class TrackStrip(QListWidget):
    """`chosen` carries the name of the track that one has gone to; empty for none."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Tracks, the uncertain ones first")
        self.setIconSize(PICTURE)
        self.setSpacing(2)
        self.setWordWrap(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._order: list[str] = []
        self._wanted: dict[int, list[Track]] = {}
        self._pictures: dict[str, QIcon] = {}
        self._queue: FrameQueue | None = None
        self.currentRowChanged.connect(lambda _: self.chosen.emit(self.current))

    @property
    def current(self) -> str:
        row = self.currentRow()
        return self._order[row] if 0 <= row < len(self._order) else ""

    def begin(self, open_frames: Open) -> None:
        """Another film: pictures are read from it beside the window."""
        self.close_reading()
        self._order, self._pictures, self._wanted = [], {}, {}
        self.clear()
        self._queue = FrameQueue(open_frames, self._make, self)
        self._queue.came.connect(self._came)

    def close_reading(self) -> None:
        if self._queue:
            self._queue.close()
            self._queue = None

    def show_faces(self, faces: Faces, times: list[int]) -> None:
        """In the order in which they were first shown; new ones after the current."""
        known = {track.id: track for track in faces.tracks}
        new = [track.id for track in uncertain_first(faces.tracks) if track.id not in self._order]
        kept, current = [name for name in self._order if name in known], self.current
        place = kept.index(current) + 1 if current in kept else len(kept)
        order = [*kept[:place], *new, *kept[place:]]
        if order != self._order:
            self._rebuild(order, new[0] if kept and new else current)
        for row, name in enumerate(self._order):
            self._fill(self.item(row), known[name], times)
        if new:
            self._ask([known[name] for name in self._order if name not in self._pictures])

    def next_open(self, faces: Faces) -> None:
        """Go to the next one that nobody decided on, else to the one below."""
        open_ = {track.id for track in faces.tracks if not track.by}
        count, row = self.count(), self.currentRow()
        after = [n % count for n in range(row + 1, row + count) if self._order[n % count] in open_]
        self.setCurrentRow(after[0] if after else min(row + 1, count - 1))

    def choose(self, name: str) -> None:
        if name in self._order:
            self.setCurrentRow(self._order.index(name))

    def choose_first(self, names: set[str]) -> None:
        """Go to the first of these in the strip."""
        self.choose(next((name for name in self._order if name in names), ""))

    def _rebuild(self, order: list[str], current: str) -> None:
        self.blockSignals(True)
        self.clear()
        self._order = order
        for _ in order:
            self.addItem(QListWidgetItem())
        self.setCurrentRow(order.index(current) if current in order else 0 if order else -1)
        self.blockSignals(False)
        if self.currentItem():
            self.scrollToItem(self.currentItem())

    def _fill(self, item: QListWidgetItem, track: Track, times: list[int]) -> None:
        words = track_words(track, times)
        item.setText(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words.replace("\n", ", "))
        item.setToolTip(words)
        item.setForeground(QBrush(QColor(colour_value(track.decision) if not track.by else colours().text)))
        item.setSizeHint(QSize(0, PICTURE.height() + 8))
        icon = self._pictures.get(track.id)
        if icon:
            item.setIcon(icon)

    def _ask(self, tracks: Sequence[Track]) -> None:
        self._wanted = {}
        for track in tracks:
            self._wanted.setdefault(track.surest, []).append(track)
        if self._queue:
            self._queue.ask(list(self._wanted))

    def _make(self, number: int, frame: av.VideoFrame) -> dict[str, QImage]:
        """A picture of each of the frame's tracks, on the queue's thread."""
        found = dict[str, QImage]()
        for track in self._wanted.get(number, []):
            if box := track.box(number):
                pixels = np.ascontiguousarray(around(frame, box, 2 * PICTURE.height())[..., ::-1])
                height, width, _ = pixels.shape
                image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
                found[track.id] = image.copy()
        return found

    def _came(self, _: int, pictures: dict[str, QImage]) -> None:
        for name, image in pictures.items():
            if name in self._order:
                self._pictures[name] = _framed(image)
                self.item(self._order.index(name)).setIcon(self._pictures[name])


def _framed(image: QImage) -> QIcon:
    """In the middle of a picture of the strip's size, so that all words begin at one place."""
    made = QPixmap(PICTURE * 2)
    made.fill(QColor(colours().view))
    ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled(made.size(), ratio, smooth)
    painter = QPainter(made)
    painter.drawImage((made.width() - small.width()) // 2, (made.height() - small.height()) // 2, small)
    painter.end()
    picture = QIcon(made)
    picture.addPixmap(made, QIcon.Mode.Selected)
    return picture
