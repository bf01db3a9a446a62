"""Shares with their intervals, a row each, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ui.reports.evaluation_words import percent

if TYPE_CHECKING:
    from woz.dataset.measures.clustered import Figure

WIDTH, NAME, RIGHT, ROW, BOTTOM = 860, 230, 170, 24, 26


class Row(NamedTuple):
    name: str
    figure: Figure
    items: int
    chance: float | None = None


def intervals_plot(rows: Sequence[Row]) -> str:
    """From 0 to 100 %, with a dashed line where each row's chance is."""
    foot = len(rows) * ROW
    parts = [_tick(share / 100, foot) for share in (0, 25, 50, 75, 100)]
    parts += [_row(row, i * ROW + ROW // 2) for i, row in enumerate(rows)]
    height = foot + BOTTOM
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">{"".join(parts)}</svg>'
    )


def _x(share: float) -> float:
    return NAME + share * (WIDTH - NAME - RIGHT)


def _tick(share: float, foot: int) -> str:
    x = _x(share)
    line = f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{foot}"/>'
    return line + f'<text x="{x:.1f}" y="{foot + 16}" text-anchor="middle">{100 * share:.0f} %</text>'


def _row(row: Row, y: int) -> str:
    name = row.name if len(row.name) <= 34 else f"{row.name[:33]}…"
    parts = [f'<text x="{NAME - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>']
    figure = row.figure
    if figure.low is not None and figure.high is not None:
        parts.append(
            f'<line class="interval" x1="{_x(figure.low):.1f}" x2="{_x(figure.high):.1f}" y1="{y}" y2="{y}"/>'
        )
    if figure.value is not None:
        parts.append(f'<circle class="value" cx="{_x(figure.value):.1f}" cy="{y}" r="4"/>')
    if row.chance is not None:
        x = _x(row.chance)
        parts.append(
            f'<line class="chance" x1="{x:.1f}" x2="{x:.1f}" y1="{y - ROW // 2}" y2="{y - ROW // 2 + ROW}"/>'
        )
    told = f"{percent(figure.value)} of {row.items}" if row.items else "nothing scored"
    return "".join(parts) + f'<text x="{WIDTH - RIGHT + 10}" y="{y + 4}">{escape(told)}</text>'
