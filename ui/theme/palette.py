"""Named colours of the light and the dark theme, and the style sheet made of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.sheet import style_sheet


@dataclass(frozen=True, slots=True)
class Colours:
    """Hex values (#rrggbb). `trainee`, `expert`, `both` and `none` are those of the conversation states."""

    background: str
    surface: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    danger: str
    warning: str
    success: str
    trainee: str
    expert: str
    both: str
    none: str
    view: str = "#0e1116"

    def of(self, name: str) -> QColor:
        return QColor(getattr(self, name))


LIGHT = Colours(
    background="#f4f5f7",
    surface="#ffffff",
    raised="#eceef2",
    text="#1c2127",
    muted="#5c6570",
    border="#d5d9e0",
    accent="#2f6fde",
    on_accent="#ffffff",
    danger="#c9303e",
    warning="#a86400",
    success="#1f8a4c",
    trainee="#d9761a",
    expert="#3b6fb5",
    both="#8d5a9e",
    none="#8a9099",
)
DARK = Colours(
    background="#15181d",
    surface="#1d2127",
    raised="#282d35",
    text="#e8ebef",
    muted="#a0a8b3",
    border="#363c46",
    accent="#5b95f5",
    on_accent="#0d1420",
    danger="#f0616d",
    warning="#f0b04a",
    success="#55c283",
    trainee="#f0974a",
    expert="#6ea3e8",
    both="#c08bd0",
    none="#7b838e",
)

_now, _mode = LIGHT, "system"


def colours() -> Colours:
    """The colours of the theme in use."""
    return _now


def mode() -> str:
    """The theme that was asked for: "light", "dark", or "system"."""
    return _mode


def apply(app: QApplication, mode: str = "system") -> None:
    """Put on the theme: "light", "dark", or the system's own, which is then followed."""
    global _mode
    _mode = mode
    hints = app.styleHints()
    if mode == "system":
        hints.colorSchemeChanged.connect(lambda scheme: _wear(app, scheme == Qt.ColorScheme.Dark))
    _wear(app, mode == "dark" or (mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark))


def _wear(app: QApplication, dark: bool) -> None:
    global _now
    _now = DARK if dark else LIGHT
    sheet = style_sheet(_now)
    if app.styleSheet() != sheet:
        app.setStyle("Fusion")
        app.setPalette(_palette(_now))
        app.setStyleSheet(sheet)


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, c.background),
        (roles.WindowText, c.text),
        (roles.Base, c.surface),
        (roles.AlternateBase, c.raised),
        (roles.Text, c.text),
        (roles.Button, c.raised),
        (roles.ButtonText, c.text),
        (roles.Highlight, c.accent),
        (roles.HighlightedText, c.on_accent),
        (roles.ToolTipBase, c.raised),
        (roles.ToolTipText, c.text),
        (roles.PlaceholderText, c.muted),
        (roles.Link, c.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette
