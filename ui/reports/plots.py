"""Small plots as inline SVG: what a page that must open anywhere, for years, needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

WIDTH, HEIGHT = 860, 170
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 34
ROW = 24
NAME_WIDTH = 190

Points = Sequence[tuple[float, float]]
Drawn = Callable[[Points, int], str]
"""How the places of one series are drawn, in the colour with this number: `course`, `dots` or `stems`."""


def bars(rows: Sequence[tuple[str, float, float, Sequence[tuple[float, float]]]], length_s: float) -> str:
    """A line of time for each (name, start, end, gaps), all in seconds; gaps are cut out of it in red."""
    height = len(rows) * ROW + BOTTOM
    across = _Scale(0, max(length_s, 1e-9), NAME_WIDTH, WIDTH - RIGHT)
    parts = [_time_axis(across, len(rows) * ROW)]
    for i, (name, start, end, gaps) in enumerate(rows):
        y = i * ROW
        parts.append(f'<text x="{NAME_WIDTH - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        parts.append(_bar("there", across, start, end, y))
        parts += [_bar("gap", across, a, b, y) for a, b in gaps]
    return _svg(height, parts)


def plot(
    series: Sequence[tuple[str, Points]], unit: str, length_s: float, drawn: Drawn, least: Sequence[float] = ()
) -> str:
    """Named series over time (s) on one vertical axis in `unit`, which holds the values of `least` in any case."""
    values = [*least, *(y for _, points in series for _, y in points)]
    low, high = _around(values)
    across, up = _Scale(0, max(length_s, 1e-9), LEFT, WIDTH - RIGHT), _Scale(low, high, HEIGHT - BOTTOM, TOP)
    parts = [_time_axis(across, HEIGHT - BOTTOM)]
    for tick in ticks(low, high, 4):
        y = up(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="4" y="{TOP + 4}" class="unit">{escape(unit)}</text>')
    for i, (_, points) in enumerate(series):
        places = [(across(min(max(x, 0.0), across.high)), up(y)) for x, y in points]
        parts.append(drawn(places, i))
    names = [name for name, _ in series if name]
    return _svg(HEIGHT, parts) + (_legend(names) if len(names) > 1 else "")


def ticks(low: float, high: float, about: int) -> list[float]:
    """Round numbers from low to high, roughly so many."""
    if not high > low:
        return [low]
    raw = (high - low) / about
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


class _Scale:
    """From a value to a place in the picture."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high = low, high
        self._start, self._slope = start, (end - start) / (high - low)

    def __call__(self, value: float) -> float:
        return self._start + (value - self.low) * self._slope


def _around(values: Sequence[float]) -> tuple[float, float]:
    """A little more than the values take."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    room = max(0.08 * (high - low), 0.002 * max(abs(low), abs(high)), 1e-3)
    return low - room, high + room


def _time_axis(across: _Scale, y: float) -> str:
    marks = []
    for tick in ticks(across.low, across.high, 8):
        x = across(tick)
        marks.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{y:.1f}"/>')
        anchor = "end" if x > WIDTH - RIGHT - 20 else "middle"
        marks.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="{anchor}">{_clock(tick)}</text>')
    return "".join(marks)


def _clock(seconds: float) -> str:
    whole, part = divmod(seconds, 1)
    minutes, rest = divmod(round(whole), 60)
    return f"{minutes}:{rest:02d}" + (f"{part:.2g}"[1:] if part > 1e-6 else "")


def _bar(kind: str, across: _Scale, start: float, end: float, y: float) -> str:
    width = max(1.5, across(end) - across(start))
    return f'<rect class="{kind}" x="{across(start):.1f}" y="{y + 5}" width="{width:.1f}" height="14" rx="2"/>'


def course(places: Points, i: int) -> str:
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline class="course c{i % 4}" points="{text}"/>'


def dots(places: Points, i: int) -> str:
    return "".join(f'<circle class="dot c{i % 4}" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>' for x, y in places)


def stems(places: Points, i: int) -> str:
    foot = HEIGHT - BOTTOM
    return "".join(f'<path class="course c{i % 4}" d="M{x:.1f},{foot}V{y:.1f}"/>' for x, y in places)


def _legend(names: Sequence[str]) -> str:
    keys = (f'<span><i class="key k{i % 4}"></i>{escape(name)}</span>' for i, name in enumerate(names))
    return f'<p class="legend">{"".join(keys)}</p>'


def _svg(height: float, parts: Sequence[str]) -> str:
    box = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">{"".join(parts)}</svg>'
