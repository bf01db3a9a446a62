"""The shortcuts on one page, to lie beside the keyboard: HTML, or a PDF of the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from ui.editor.keys import Entry
from woz.base.errors import WozError
from woz.model.scheme import Label

TITLE = "Shortcuts of the woz editor"
COLUMNS = 4
WIDTH = 1500
"""Of the page as it is set, in pixels; on paper it is made to fit."""
STYLE = """
body{font-family:sans-serif;font-size:13px;color:#1d2329}td.column{padding-right:16px}
td.title{font-size:22px;padding-bottom:8px}td.group{font-size:15px;font-weight:600;padding-top:6px}
td.key{font-weight:600;padding-right:8px}
"""
Labels = Mapping[str, Sequence[Label]]
"""Those of each tier, by its name."""


def page(entries: Iterable[Entry], labels: Labels) -> str:
    """All that is listed, in columns of like length; last the labels that have a key."""
    cells = _columns(_lines(entries, labels))
    head = f'<meta charset="utf-8"><title>{TITLE}</title><style>{STYLE}</style>'
    columns = "".join(f'<td class="column" valign="top">{cell}</td>' for cell in cells)
    title = f'<tr><td class="title" colspan="{len(cells)}">{TITLE}</td></tr>'
    body = f'<table width="100%">{title}<tr>{columns}</tr></table>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def save_page(path: Path, text: str) -> None:
    """As PDF where the name ends so, A4 across; else as HTML. Raises WozError where it can't be written."""
    try:
        if path.suffix.lower() == ".pdf":
            _write_pdf(path, text)
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WozError(f"{path} can't be written ({error.strerror}). Choose another place.") from error


def _write_pdf(path: Path, text: str) -> None:
    with path.open("ab"):
        """It can be written: the writer itself wouldn't say."""
    writer = QPdfWriter(str(path))
    writer.setTitle(TITLE)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(10, 8, 10, 8))
    )
    document = QTextDocument()
    document.setHtml(text)
    document.setTextWidth(WIDTH)
    size = document.size()
    painter = QPainter(writer)
    scale = min(writer.width() / size.width(), writer.height() / size.height())
    painter.scale(scale, scale)
    document.drawContents(painter)
    painter.end()


def _lines(entries: Iterable[Entry], labels: Labels) -> list[tuple[str, str]]:
    """Keys and what they do; a heading has no keys."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.listed and entry.words:
            groups.setdefault(entry.group, []).append(entry)
    lines = []
    for name, members in groups.items():
        lines += [("", name), *((each.words, each.name) for each in members)]
    for tier, known in labels.items():
        keyed = [(each.shortcut, each.name()) for each in known if each.shortcut]
        lines += [("", f"Labels of {tier}"), *keyed] if keyed else []
    return lines


def _columns(lines: Sequence[tuple[str, str]]) -> list[str]:
    length = max(1, -(-len(lines) // COLUMNS))
    return [_cell(lines[i : i + length]) for i in range(0, len(lines), length)]


def _cell(lines: Sequence[tuple[str, str]]) -> str:
    rows = []
    for keys, words in lines:
        if keys:
            rows.append(f'<tr><td class="key">{escape(keys)}</td><td>{escape(words)}</td></tr>')
        else:
            rows.append(f'<tr><td class="group" colspan="2">{escape(words)}</td></tr>')
    return f"<table>{''.join(rows)}</table>"
