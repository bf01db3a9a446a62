"""Why a key can't act: one line over the lower edge of the time line, where the eye is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.editor.timeline.layout import BAR, HEAD
from ui.widgets.parts import Banner

MARGIN = 8


class Notice(Banner):
    """Lies on a widget, and moves nothing by coming and going."""

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self.setParent(line)
        self._line = line
        line.installEventFilter(self)

    def tell(self, text: str) -> None:
        super().tell(text)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        width = min(self._line.width() - HEAD - BAR - 2 * MARGIN, 900)
        height = max(self.sizeHint().height(), self.heightForWidth(width))
        self.setGeometry(HEAD + MARGIN, self._line.height() - height - MARGIN, max(120, width), height)
        self.raise_()
