"""The last half minute of the view, again and again in a corner, while the view itself goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import colours
from ui.widgets.parts import clock_text

SPAN_NS = 30_000_000_000
EVERY_NS = 200_000_000
MAX_PICTURES = 160
MAX_BYTES = 16 * 1024**2
WIDTH, QUALITY = 480, 70
SHOW_EVERY_MS = 100
PART, MARGIN = 0.36, 12
"""How much of the view's shorter side the corner takes, and its distance from the edge in pixels."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture as JPEG, and when it was shown, on the console's clock."""

    at_ns: int
    jpeg: bytes


class PictureRing:
    """Keeps pictures of the last half minute: by time, by number and by bytes, whichever is reached first."""

    def __init__(self, max_pictures: int = MAX_PICTURES, max_bytes: int = MAX_BYTES) -> None:
        self._max_pictures, self._max_bytes = max_pictures, max_bytes
        self._kept: deque[Kept] = deque()
        self.bytes = 0

    @property
    def pictures(self) -> list[Kept]:
        return list(self._kept)

    def wants(self, now_ns: int) -> bool:
        return not self._kept or now_ns - self._kept[-1].at_ns >= EVERY_NS

    def add(self, picture: Kept) -> None:
        self._kept.append(picture)
        self.bytes += len(picture.jpeg)
        while self._kept and self._too_much(picture.at_ns):
            self.bytes -= len(self._kept.popleft().jpeg)

    def _too_much(self, now_ns: int) -> bool:
        many = len(self._kept) > self._max_pictures or self.bytes > self._max_bytes
        return many or now_ns - self._kept[0].at_ns > SPAN_NS


class LoopCorner(QWidget):
    """Shows the ring's pictures at the pace at which they came, over the lower right corner of its parent."""

    def __init__(self, parent: QWidget, now_ns: Callable[[], int]) -> None:
        super().__init__(parent)
        self._over = parent
        self._now_ns = now_ns
        self._ring = PictureRing()
        self._shown: list[Kept] = []
        self._began_ns = 0
        self._image = QImage()
        self._behind_ns = 0
        self._timer = QTimer(self)
        self._timer.setInterval(SHOW_EVERY_MS)
        self._timer.timeout.connect(self._advance)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("The last 30 seconds")
        self.hide()

    def keep(self, image: QImage | None) -> None:
        """Take a picture of the view into the ring, where it is time for one."""
        now_ns = self._now_ns()
        if image is not None and self._ring.wants(now_ns):
            self._ring.add(Kept(now_ns, _jpeg(image)))

    def toggle(self) -> bool:
        """Begin to show what is kept now, or stop; says whether it is shown."""
        if self._timer.isActive() or not self._ring.pictures:
            self._timer.stop()
            self.hide()
            return False
        self._shown, self._began_ns = self._ring.pictures, self._now_ns()
        self._advance()
        self._timer.start()
        self.show()
        self.raise_()
        return True

    def _advance(self) -> None:
        first, last = self._shown[0].at_ns, self._shown[-1].at_ns
        at_ns = first + (self._now_ns() - self._began_ns) % (last - first + EVERY_NS)
        kept = next(k for k in reversed(self._shown) if k.at_ns <= at_ns)
        self._image.loadFromData(kept.jpeg)
        self._behind_ns = self._now_ns() - kept.at_ns
        self.setGeometry(self._corner())
        self.update()

    def _corner(self) -> QRect:
        area = self._over.rect()
        longest = max(1, self._image.width(), self._image.height())
        scale = min(area.width(), area.height()) * PART / longest
        width, height = round(self._image.width() * scale), round(self._image.height() * scale)
        return QRect(area.right() - width - MARGIN, area.bottom() - height - MARGIN, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setPen(colours().of("warning"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        strip = self.rect().adjusted(0, self.height() - 22, 0, 0)
        painter.fillRect(strip, colours().of("view"))
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, f"{clock_text(self._behind_ns)} ago")
        painter.end()


def _jpeg(image: QImage) -> bytes:
    small = image if image.width() <= WIDTH else image.scaledToWidth(WIDTH)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
