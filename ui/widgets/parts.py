"""Small pieces that all windows are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID, colours, icon
from ui.widgets.own_project import named_here
from ui.widgets.push import Push

SIGN = 20


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label; roles are title, heading, muted and figure."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def panel(*widgets: QWidget, role: str = "panel") -> QFrame:
    """Widgets below each other in a frame."""
    frame = QFrame()
    frame.setProperty("role", role)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
    layout.setSpacing(GRID)
    for widget in widgets:
        layout.addWidget(widget)
    return frame


def row(*widgets: QWidget, spacing: int = GRID) -> QWidget:
    """Widgets beside each other."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return holder


def button(text: str, image: str, role: str = "") -> QPushButton:
    made = Push(icon(image), text)
    if role:
        made.setProperty("role", role)
        made.setIcon(icon(image, colours().on_accent) if role in ("danger", "primary") else made.icon())
    made.setAccessibleName(text)
    return made


class Banner(QFrame):
    """A sentence about something that is wrong, with a sign; hidden while there is none. Its words can be selected,
    and copied by the right button: the keyboard, and Ctrl+C with it, stays with the window.

    `loud` is for what nobody may overlook: white on red.
    """

    def __init__(self, loud: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "alarm" if loud else "banner")
        self._label = label(wrap=True)
        self._label.setProperty("role", "alarm" if loud else "")
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._label.setToolTip("Select words with the mouse, and copy them with the right button")
        self._loud, self._sign = loud, QLabel()
        self._sign.setFixedSize(SIGN, SIGN)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._label, 1)
        self.hide()

    def tell(self, text: str) -> None:
        """Commands in it name the project of the window."""
        text = named_here(self, text)
        if text and not self._label.text():
            colour = colours().on_accent if self._loud else colours().warning
            self._sign.setPixmap(icon("mistake", colour).pixmap(SIGN, SIGN))
        self._label.setText(text)
        self._label.setAccessibleName(text)
        self.setVisible(bool(text))

    @property
    def text(self) -> str:
        return self._label.text()


GROUP = "group"
"""The property of an action that says where its keys work; the list of shortcuts has it for a heading."""
LISTED_AS = "listed_as"
"""The property of an action for its keys as they are listed; empty for one that another stands for."""


def action(owner: QWidget, name: str, keys: str | list[str], do: Callable[[], object], image: str = "") -> QAction:
    """An action of a window by key; it shows in the window's list of shortcuts."""
    made = QAction(name, owner)
    made.setShortcuts([QKeySequence(key) for key in ([keys] if isinstance(keys, str) else keys)])
    made.triggered.connect(lambda: do())
    if image:
        made.setIcon(icon(image))
    owner.addAction(made)
    return made


class Shortcuts(QDialog):
    """The list of a window's shortcuts, made from its actions."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowTitle("Keyboard shortcuts")
        columns = QHBoxLayout()
        columns.setSpacing(GRID * 4)
        for entries in _columns([a for a in window.actions() if a.shortcuts() and a.property(LISTED_AS) != ""]):
            columns.addLayout(_key_grid(entries))
        holder = QWidget()
        holder.setLayout(columns)
        scroll = QScrollArea()
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Keyboard shortcuts", "title"))
        layout.addWidget(scroll)
        layout.addWidget(buttons)
        room = window.screen().availableSize()
        wanted = holder.sizeHint()
        self.resize(min(room.width() - 40, wanted.width() + 90), min(room.height() - 40, wanted.height() + 150))


def _columns(actions: Sequence[QAction]) -> list[list[QAction | str]]:
    """Headings and actions in columns of like length; a column that goes on with a group repeats no heading."""
    groups: dict[str, list[QAction]] = {}
    for each in actions:
        groups.setdefault(str(each.property(GROUP) or ""), []).append(each)
    lines: list[QAction | str] = []
    for name, members in groups.items():
        lines += [name, *members] if name else members
    length = max(10, -(-len(lines) // (2 if len(lines) < 50 else 3)))
    return [lines[i : i + length] for i in range(0, len(lines), length)]


def _key_grid(entries: Sequence[QAction | str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID // 2)
    for line, entry in enumerate(entries):
        if isinstance(entry, str):
            grid.addWidget(label(entry, "heading"), line, 0, 1, 2)
            continue
        own = " or ".join(s.toString(QKeySequence.SequenceFormat.NativeText) for s in entry.shortcuts())
        keys = str(entry.property(LISTED_AS) or own)
        grid.addWidget(label(keys), line, 0)
        grid.addWidget(label(entry.text(), "muted"), line, 1)
    grid.setRowStretch(len(entries), 1)
    return grid


def help_action(window: QWidget) -> QAction:
    """F1 shows the window's shortcuts."""
    return action(window, "Show these shortcuts", "F1", lambda: Shortcuts(window).exec(), "help")


def clock_text(ns: int) -> str:
    """A time of day of the session: 0:07, 12:34, 1:02:03."""
    seconds = max(0, ns) // 1_000_000_000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
