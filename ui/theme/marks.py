"""The small signs inside controls: the tick of a checked box, the arrows of a list and of a number, the cross of a tab.

A style sheet takes them as files only; they are written, in the theme's colours, to a folder that goes with the program.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.theme.palette import Colours

_LINES = {
    "tick": "M4 12.5l5.5 5.5L20 6.5",
    "down": "M5 9l7 7 7-7",
    "up": "M5 15l7-7 7 7",
    "cross": "M7 7l10 10M17 7L7 17",
}
_WIDTHS = {"tick": 4, "down": 3, "up": 3, "cross": 2}


def mark(name: str, colour: str) -> str:
    """The path of a sign (tick, down, up, cross) in a colour (#rrggbb), as a style sheet wants it."""
    target = _folder() / f"{name}-{colour.removeprefix('#')}.svg"
    if not target.exists():
        target.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24">'
            f'<path fill="none" stroke="{colour}" stroke-width="{_WIDTHS[name]}" stroke-linecap="round" '
            f'stroke-linejoin="round" d="{_LINES[name]}"/></svg>',
            encoding="utf-8",
        )
    return target.as_posix()


def control_signs(c: Colours) -> str:
    """The part of the style sheet that draws boxes with a tick, lists and numbers with arrows, and their focus."""
    return f"""
QCheckBox, QRadioButton {{ spacing: 8px; padding: 3px 4px; border: 1px solid transparent; border-radius: 4px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.accent}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{
    width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 4px; background: {c.surface};
}}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    border-color: {c.accent}; background: {c.accent}; image: url("{mark("tick", c.on_accent)}");
}}
QRadioButton::indicator {{
    width: 14px; height: 14px; border: 1px solid {c.muted}; border-radius: 8px; background: {c.surface};
}}
QRadioButton::indicator:checked {{
    width: 6px; height: 6px; border: 5px solid {c.accent}; background: {c.on_accent};
}}
QCheckBox::indicator:disabled {{ border-color: {c.border}; background: {c.raised}; }}
QCheckBox::indicator:checked:disabled {{ image: url("{mark("tick", c.muted)}"); }}
QComboBox, QAbstractSpinBox {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.border}; border-radius: 6px;
    padding: 6px 8px; min-height: 1.2em;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
QComboBox:disabled, QAbstractSpinBox:disabled {{ background: {c.background}; color: {c.muted}; }}
QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{ border: none; padding: 0; background: transparent; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 24px; subcontrol-position: center right; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{mark("down", c.muted)}"); width: 12px; height: 12px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; background: none; width: 22px; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ image: url("{mark("up", c.muted)}"); width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: url("{mark("down", c.muted)}"); width: 10px; height: 10px; }}
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off {{ image: none; }}
QTabBar::close-button {{ image: url("{mark("cross", c.muted)}"); width: 10px; height: 10px; }}
QTabBar::close-button:hover {{ image: url("{mark("cross", c.text)}"); background: {c.border}; border-radius: 3px; }}
"""


@functools.cache
def _held() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="woz-theme-")


def _folder() -> Path:
    return Path(_held().name)
