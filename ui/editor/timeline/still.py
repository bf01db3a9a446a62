"""The picture of the time line without what moves."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from ui.editor.timeline.bows import Bows
from ui.editor.timeline.drawing import Pen, draw_ruler, draw_wave
from ui.editor.timeline.flags import Flags, draw_sign
from ui.editor.timeline.layout import BADGE, HEAD, STRIP, TOP, Layout
from ui.editor.timeline.rows import GAP, Row
from ui.editor.timeline.spans import View
from ui.editor.timeline.talk_signs import TALK_PX, TalkSigns, draw_talk
from ui.theme import colours
from woz.annotation.document import Document
from woz.model.ids import TierId
from woz.model.people import Role
from woz.sound.waveform import Waveform


class Still:
    """Paints the rows in view, the ruler, and the strip of the whole session above."""

    def __init__(self, layout: Layout, document: Document, duration_ns: int, pen: Pen) -> None:
        self._layout, self._document = layout, document
        self.bows: Bows | None = None
        """Links; None where they are to be found anew."""
        self._duration_ns = duration_ns
        self.pen = pen
        self.tier: TierId | None = None
        self.inside: dict[TierId, str] = {}
        """Who else is in which tier, by pseudonym."""
        self.waves: dict[Role, Waveform] = {}
        self.wave_progress: float | None = None
        self.flags = Flags()
        self.talks = TalkSigns()
        self._strip: tuple[object, QPixmap] | None = None

    def paint(self, size: QSize, ratio: float, font: QFont, used: QPixmap | None) -> QPixmap:
        """Into a pixmap that is there already where its size is right."""
        picture = used if used is not None and used.size() == size * ratio else QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.setFont(font)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), colours().of("surface"))
        painter.setClipRect(QRect(0, TOP, size.width(), size.height() - TOP))
        for row in self._layout.rows:
            top = self._layout.top_of(row)
            if top + row.height > TOP and top < size.height():
                self._row(painter, row, top)
        self._links(painter, size)
        if not any(row.tier for row in self._layout.rows):
            self._invite(painter, size)
        painter.setClipping(False)
        draw_ruler(painter, self._layout.view, TOP)
        self._whole(painter)
        painter.end()
        return picture

    def _links(self, painter: QPainter, size: QSize) -> None:
        if self.bows is None:
            self.bows = Bows(self._layout.rows, self._document)
        painter.save()
        place = QRect(HEAD, TOP, self._layout.view.width, size.height() - TOP)
        painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
        self.bows.draw(painter, self._layout)
        painter.restore()

    def _invite(self, painter: QPainter, size: QSize) -> None:
        """What to do where there is no tier."""
        top = TOP + self._layout.rows.height - self._layout.scrolled + 2 * GAP
        painter.setPen(colours().of("muted"))
        place = QRectF(HEAD, top, size.width() - HEAD, 40)
        text = "There is no tier yet. Ctrl+N makes one of a scheme of this project, or with labels of your own."
        painter.drawText(place, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), text)

    def _row(self, painter: QPainter, row: Row, top: float) -> None:
        view = self._layout.view
        if row.spans is None:
            self._head(painter, row.name, top, row.height)
            wave = self.waves.get(row.voice) if row.voice else None
            if wave:
                draw_wave(painter, wave, _voice_colour(row.voice), top, row.height, view)
            elif self.wave_progress is not None:
                painter.setPen(colours().of("muted"))
                place = QRectF(HEAD + 8, top, view.width, row.height)
                said = f"Drawing the sound … {self.wave_progress:.0%}"
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), said)
            return
        chosen = row.tier is not None and row.tier.id == self.tier
        if row.tier:
            ground = colours().of("raised" if chosen else "background")
            painter.fillRect(QRectF(HEAD, top + GAP / 2, view.width, row.height - GAP), ground)
        who = self.inside.get(row.tier.id) if row.tier else None
        name = f"{row.name} · {who} is in it" if who else row.name
        self._head(painter, name, top, row.height, chosen, BADGE if row.untimed else 0)
        if row.untimed:
            self._badge(painter, row, top)
        level = self.flags.level(row)
        if level:
            draw_sign(painter, 1, top + GAP / 2, level)
        if self.talks.at_head(row):
            draw_talk(painter, 1, top + row.height - GAP / 2 - TALK_PX)
        painter.save()
        painter.setClipRect(QRectF(HEAD, max(top, TOP), view.width, row.height), Qt.ClipOperation.IntersectClip)
        self.pen.items(painter, row, top, view, set(self.talks.of(row).tolist()))
        self.flags.draw(painter, row, self._layout)
        self.talks.draw(painter, row, self._layout)
        painter.restore()

    def _head(
        self, painter: QPainter, text: str, top: float, height: int, bold: bool = False, less: int = 0
    ) -> None:
        font = painter.font()
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(colours().of("text" if bold else "muted"))
        box = QRectF(10, top, HEAD - 16 - less, height)
        metrics, wide = painter.fontMetrics(), int(box.width())
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        wrapped = metrics.boundingRect(QRect(0, 0, wide, 1000), flags, text)
        fits = wrapped.height() <= height and wrapped.width() <= wide
        painter.drawText(box, flags, text if fits else metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide))
        font.setBold(False)
        painter.setFont(font)

    def _badge(self, painter: QPainter, row: Row, top: float) -> None:
        """How many items of the tier are for the whole session."""
        box = QRectF(HEAD - BADGE - 3, top + row.height / 2 - 9, BADGE, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().of("border"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours().of("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(len(row.untimed)))

    def _whole(self, painter: QPainter) -> None:
        """The chosen tier over the whole session, and which part of it is in view."""
        view = self._layout.view
        row = self._layout.rows.row_of(self.tier)
        ratio = painter.device().devicePixelRatio()
        key = (row.spans if row else None, self.flags, view.width, colours().surface, ratio)
        if self._strip is None or self._strip[0] != key:
            self._strip = (key, self._strip_of(row, view.width, ratio))
        painter.drawPixmap(HEAD, 0, self._strip[1])
        self._head(painter, "Whole session", 0, STRIP - 2)
        if view.end_ns - view.start_ns < self._duration_ns:
            whole = View(0, self._duration_ns, HEAD, view.width)
            box = QRectF(whole.x(view.start_ns), 0.5, 0, STRIP - 3)
            box.setRight(max(box.left() + 3, whole.x(view.end_ns)))
            fill = QColor(colours().of("accent"))
            fill.setAlpha(60)
            painter.setBrush(fill)
            painter.setPen(QPen(colours().of("accent"), 1))
            painter.drawRect(box)

    def _strip_of(self, row: Row | None, width: int, ratio: float) -> QPixmap:
        made = QPixmap(QSize(width, STRIP) * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(colours().of("surface"))
        painter = QPainter(made)
        painter.fillRect(QRectF(0, 0, width, STRIP - 2), colours().of("background"))
        if row:
            painter.translate(0, -GAP / 2)
            strip, whole = row.flat(STRIP - 2), View(0, self._duration_ns, 0, width)
            Pen(painter.fontMetrics(), texts=False).items(painter, strip, 0, whole)
            painter.translate(0, GAP / 2)
            self.flags.draw_whole(painter, row, whole, STRIP - 2)
        painter.end()
        return made


def _voice_colour(voice: Role | None) -> QColor:
    return colours().of("trainee" if voice == Role.TRAINEE else "expert")
