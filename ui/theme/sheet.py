"""The style sheet: one look for all windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.theme.marks import control_signs

if TYPE_CHECKING:
    from ui.theme.palette import Colours


def style_sheet(c: Colours) -> str:
    return f"""
* {{ font-size: 10pt; }}
QLabel[role="title"] {{ font-size: 15pt; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: 11pt; font-weight: 600; }}
QLabel[role="warning"] {{ color: {c.warning}; }}
QLabel[role="danger"] {{ color: {c.danger}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {c.muted}; }}
QLabel[role="figure"] {{ font-size: 17pt; font-weight: 600; }}
QFrame[role="panel"] {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 8px; }}
QFrame[role="bar"] {{ background: {c.surface}; border: none; border-bottom: 1px solid {c.border}; }}
QFrame[role="banner"] {{ background: {c.raised}; border: none; border-left: 4px solid {c.warning}; border-radius: 4px; }}
QFrame[role="alarm"] {{ background: {c.danger}; border: none; border-radius: 4px; }}
QLabel[role="alarm"] {{ color: {c.on_accent}; font-size: 11pt; font-weight: 600; }}
QPushButton, QToolButton {{
    background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; border-radius: 6px; padding: 6px 12px;
}}
QPushButton, QCheckBox, QRadioButton {{ outline: none; }}
QPushButton:hover, QToolButton:hover {{ border-color: {c.accent}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.border}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; padding: 5px 11px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.muted}; border-color: {c.raised}; }}
QPushButton:checked, QToolButton:checked {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
QPushButton[role="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; font-weight: 600; }}
QPushButton[role="primary"]:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.border}; }}
QPushButton[role="danger"] {{ background: {c.danger}; color: {c.on_accent}; border-color: {c.danger}; font-weight: 600; }}
QPushButton[role="danger"]:disabled {{ background: {c.raised}; color: {c.muted}; border-color: {c.border}; }}
QPushButton[role="primary"]:focus, QPushButton[role="danger"]:focus {{ border: 3px solid {c.text}; padding: 4px 10px; }}
QPushButton[role="tile"] {{ background: {c.surface}; border-radius: 8px; }}
QPushButton[role="tile-first"] {{ background: {c.accent}; border-radius: 8px; }}
QPushButton[role="tile-first"]:focus {{ border: 3px solid {c.text}; }}
QPushButton[role="entry"] {{ text-align: left; background: {c.surface}; }}
QPushButton[role="big"] {{ font-size: 12pt; padding: 10px 20px; }}
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.border}; border-radius: 6px; padding: 6px 8px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {c.accent}; padding: 5px 7px; }}
QPlainTextEdit[role="reading"] {{ background: transparent; border: none; padding: 0; }}
QAbstractItemView {{
    background: {c.surface}; alternate-background-color: {c.background}; border: 1px solid {c.border};
    border-radius: 8px; outline: none; gridline-color: {c.border};
    selection-background-color: {c.accent}; selection-color: {c.on_accent};
}}
QAbstractItemView::item {{ padding: 6px 8px; }}
QScrollArea[role="inside"], QScrollArea[role="inside"] > QWidget > QWidget {{ background: {c.surface}; }}
QCheckBox:disabled {{ color: {c.muted}; }}
QHeaderView::section {{
    background: {c.surface}; color: {c.muted}; border: none; border-bottom: 1px solid {c.border};
    padding: 8px; font-weight: 600;
}}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {c.border}; border-radius: 5px; min-height: 24px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none; width: 0; height: 0; }}
QProgressBar {{ background: {c.raised}; border: none; border-radius: 4px; height: 8px; text-align: center; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 4px; }}
QMenuBar {{ background: {c.surface}; }}
QMenuBar::item {{ padding: 6px 10px; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.border}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; }}
QTabWidget::pane {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 8px; top: -1px; }}
QTabWidget > QStackedWidget > QWidget {{ background: {c.surface}; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar QToolButton {{ padding: 0; }}
QTabBar::tab {{ color: {c.muted}; padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
QTabBar::tab:selected {{ color: {c.text}; border-bottom-color: {c.accent}; font-weight: 600; }}
QTabBar::tab:focus {{ border: 2px solid {c.accent}; border-radius: 6px; padding: 6px 12px; }}
QTabBar::tab:disabled {{ color: {c.border}; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; padding: 4px; }}
QSplitter::handle {{ background: {c.background}; }}
QStatusBar {{ background: {c.surface}; color: {c.muted}; }}
{control_signs(c)}"""
