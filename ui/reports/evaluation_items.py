"""The parts of an evaluation's page that show one item: its clip or pictures, and what was replied; and windows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from woz.base.counts import counted
from woz.dataset.models.replies import LETTERS

if TYPE_CHECKING:
    from woz.dataset.evaluation.items import Items
    from woz.dataset.evaluation.run_folder import Settings
    from woz.dataset.evaluation.windows import Windows
    from woz.dataset.harness.released import Line
    from woz.dataset.models.exchanges import Exchange, Exchanges

MOST_WORDS = 600
MOST_OPTIONS = 10


def windows_items(items: Items, settings: Settings, found: Exchanges, to: Path) -> Iterator[str]:
    """Every window that was asked, with its pictures, what holds in it, and each condition's reply."""
    from woz.dataset.evaluation.running import windows_of_run

    for windows in windows_of_run(items, settings):
        yield f'<h2>Windows of {escape(windows.kind)}</h2><div class="item"><div></div>'
        yield f"<div>{_listed(windows.choices)}</div></div>"
        for session in windows.known:
            for start_s, end_s in windows.spans(session):
                yield _window(windows, session, (start_s, end_s), settings, found, items.release.folder, to)


def _window(
    windows: Windows,
    session: str,
    span: tuple[float, float],
    settings: Settings,
    found: Exchanges,
    folder: Path,
    to: Path,
) -> str:
    from woz.dataset.evaluation.windows import CONDITIONS, window_id

    names = [each for each in settings.conditions if each in CONDITIONS]
    replies = "".join(
        reply_line(
            windows.name(name),
            found.get((windows.name(name), window_id(session, span[0]))),
            str(windows.outcome(name, session, *span, found)),
        )
        for name in names
    )
    holds = ", ".join(windows.true_labels(session, *span)) or "none of the labels"
    about = f"<p><b>{escape(session)}, {span[0]:g} to {span[1]:g} s: {escape(holds)}</b></p>"
    shown = media("", windows.pictures(session, *span), folder, to)
    return f'<div class="item"><div>{shown}</div><div>{about}{replies}</div></div>'


def options_list(line: Line) -> str:
    """By letter, the right one marked; where they are many, the right one, and all of them to be opened."""
    listed = _listed(line.options, line.answer_index)
    if len(line.options) <= MOST_OPTIONS:
        return listed
    right = f'<p class="it">{escape(line.answer)}</p>'
    return f"{right}<details><summary>{counted(len(line.options), 'option')}</summary>{listed}</details>"


def _listed(options: Sequence[str], right: int | None = None) -> str:
    """As they were put: where there are more than letters, without any."""
    rows = "".join(
        f'<li class="{"it" if i == right else ""}">{escape(text)}</li>' for i, text in enumerate(options)
    )
    return f"<ol{' class=many' if len(options) > len(LETTERS) else ''}>{rows}</ol>"


def reply_line(name: str, each: Exchange | None, outcome: str) -> str:
    """What came under a condition, and what it counts as."""
    text = "" if each is None else each.error or each.reply or ""
    shown = text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]} …"
    return (
        f'<p class="reply">{escape(name)}: <span class="{outcome}">{outcome}</span>'
        f"{': ' if shown else ''}{escape(shown)}</p>"
    )


def media(clip: str, frames: Sequence[str], folder: Path, to: Path) -> str:
    """The clip; where there is none, the pictures that were shown."""
    if clip:
        poster = f' poster="{_link(folder / frames[-1], to)}"' if frames else ""
        source = _link(folder / clip, to)
        return f'<video controls preload="none" src="{source}"{poster}></video><a href="{source}">clip</a>'
    pictures = "".join(f'<img loading="lazy" alt="" src="{_link(folder / each, to)}">' for each in frames)
    return pictures or '<span class="sub">no clip</span>'


def _link(path: Path, to: Path) -> str:
    """Relative to the page's folder; where there is no such way, another drive, say, absolute."""
    try:
        way = Path(os.path.relpath(path.absolute(), to.absolute().parent)).as_posix()
    except ValueError:
        return escape(path.absolute().as_uri())
    return escape(quote(way))
