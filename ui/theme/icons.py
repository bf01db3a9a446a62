"""Icons, drawn as small SVGs in one line style and coloured by the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme.palette import colours

_STROKE = 'fill="none" stroke="{c}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
_SHAPES = {
    "record": '<circle cx="12" cy="12" r="7" fill="{c}"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="2" fill="{c}"/>',
    "play": '<path d="M8 5l11 7-11 7z" fill="{c}"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="4" stroke="{c}"/>',
    "microphone": f'<g {_STROKE}><rect x="9" y="3" width="6" height="11" rx="3"/>'
    '<path d="M5 11a7 7 0 0 0 14 0M12 18v3"/></g>',
    "muted": f'<g {_STROKE}><rect x="9" y="3" width="6" height="11" rx="3"/>'
    '<path d="M5 11a7 7 0 0 0 14 0M12 18v3M4 3l16 18"/></g>',
    "new": f'<path {_STROKE} d="M12 5v14M5 12h14"/>',
    "join": f'<g {_STROKE}><path d="M10 17l5-5-5-5M15 12H3"/><path d="M14 4h5a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-5"/></g>',
    "annotate": f'<path {_STROKE} d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/>',
    "export": f'<path {_STROKE} d="M12 15V4M7 8l5-5 5 5M4 15v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4"/>',
    "open": f'<path {_STROKE} d="M3 6h6l2 3h10v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"/>',
    "copy": f'<g {_STROKE}><rect x="9" y="9" width="12" height="12" rx="2"/><path d="M5 15H3V3h12v2"/></g>',
    "step": f'<path {_STROKE} d="M5 12l5 5L20 6"/>',
    "mistake": f'<path {_STROKE} d="M12 4L2 20h20zM12 10v4M12 17v.5"/>',
    "camera": f'<g {_STROKE}><path d="M4 7h4l2-3h4l2 3h4v12H4z"/><circle cx="12" cy="13" r="3.5"/></g>',
    "loop": f'<path {_STROKE} d="M4 12a8 8 0 1 0 3-6.2M4 4v4h4M12 8v4l3 2"/>',
    "note": f'<path {_STROKE} d="M5 3h14v12l-6 6H5zM13 21v-6h6"/>',
    "undo": f'<path {_STROKE} d="M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/>',
    "redo": f'<path {_STROKE} d="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3"/>',
    "back": f'<path {_STROKE} d="M6 5v14M18 6l-8 6 8 6z"/>',
    "forward": f'<path {_STROKE} d="M18 5v14M6 6l8 6-8 6z"/>',
    "split": f'<path {_STROKE} d="M12 3v18M8 8l-5 4 5 4M16 8l5 4-5 4"/>',
    "delete": f'<path {_STROKE} d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13"/>',
    "help": f'<g {_STROKE}><circle cx="12" cy="12" r="9"/><path d="M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 1-1 1.7M12 17v.2"/></g>',
    "check": f'<g {_STROKE}><circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6.5"/></g>',
    "import": f'<path {_STROKE} d="M12 4v11M7 10l5 5 5-5M4 15v4a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-4"/>',
    "person": f'<g {_STROKE}><circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/></g>',
    "woz": f'<g {_STROKE}><circle cx="7" cy="13" r="4"/><circle cx="17" cy="13" r="4"/>'
    '<path d="M11 13h2M3 12L5 6M21 12l-2-6"/></g>',
}


def icon(name: str, colour: str | None = None) -> QIcon:
    """An icon by its name, in the theme's text colour or another (#rrggbb), muted where its button is disabled.

    Raises KeyError for an unknown name.
    """
    result = QIcon()
    for size in (16, 24, 32, 48):
        result.addPixmap(_drawn(_SHAPES[name], colour or colours().text, size))
        result.addPixmap(_drawn(_SHAPES[name], colours().muted, size), QIcon.Mode.Disabled)
    return result


def names() -> list[str]:
    return sorted(_SHAPES)


def _drawn(shape: str, colour: str, size: int) -> QPixmap:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{shape.replace("{c}", colour)}</svg>'
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
