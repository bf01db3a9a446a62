"""A run of a model on a release as one page of HTML: figures, plots, and every question with its clip and replies.

The page needs nothing else but the release's clips, which it links to beside itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ui.reports.check_page import STYLE
from ui.reports.evaluation_items import media, options_list, reply_line, windows_items
from ui.reports.evaluation_words import figure_words, percent, windows_words
from ui.reports.intervals_plot import Row, intervals_plot
from woz import __version__
from woz.base.clock import iso_utc

if TYPE_CHECKING:
    from woz.dataset.evaluation.items import Items
    from woz.dataset.evaluation.run_folder import Settings
    from woz.dataset.evaluation.scoring import RunScore
    from woz.dataset.harness.released import Line
    from woz.dataset.models.exchanges import Exchanges

_STYLE = """
.item{border-top:1px solid #dde2e6;padding:.9em 0;display:grid;grid-template-columns:300px 1fr;gap:1em}
.item video{width:300px;background:#000}.item img{width:72px;height:54px;object-fit:cover;margin:1px}
.item ol{list-style:upper-alpha;margin:.3em 0;padding-left:1.6em}.item ol.many{list-style:none;columns:2}
.item .it{font-weight:600}.reply{white-space:pre-wrap;overflow-wrap:anywhere}
.right{color:#1b7f4b}.wrong{color:#b3261e}.unparsed,.unanswered,.failed,.missing{color:#8a5a00}
td:nth-child(2),td:nth-child(5),td:nth-child(6){white-space:nowrap}
.interval{stroke:#2f6ca3;stroke-width:2}.value{fill:#2f6ca3}.chance{stroke:#b3261e;stroke-dasharray:4 3}
.warn{border-left:6px solid #b7791f;background:#fff8eb;padding:.5em 1em;margin:1em 0}
nav a{margin-right:1em}
@media(max-width:700px){.item{grid-template-columns:1fr}}
"""


def evaluation_page(
    items: Items, settings: Settings, score: RunScore, found: Exchanges, to: Path, made_utc_ns: int
) -> str:
    """`to` is where the page goes: clips are linked from there."""
    name = f"{score.model} on {score.release}"
    body = "".join(
        (
            f"<h1>{escape(name)}</h1>",
            f'<p class="sub">Split {escape(score.split)}; 95 % intervals, clustered by {settings.cluster}.</p>',
            *(f'<p class="warn">{escape(each)}</p>' for each in score.warnings),
            _table(score),
            _plots(score),
            _windows(score),
            *_items(items, settings, found, to),
            *windows_items(items, settings, found, to),
        )
    )
    foot = f'<p class="sub">Made by woz {__version__} on {iso_utc(made_utc_ns)}.</p>'
    head = f'<meta charset="utf-8"><title>{escape(name)}</title><style>{STYLE}{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}{foot}</body></html>\n'


def _table(score: RunScore) -> str:
    heads = ("condition", "scored", "accuracy", "macro by type", "chance", "less blind", "what was not right")
    rows = []
    for name, each in score.conditions.items():
        found = each.answers
        macro = found.macro.get("type")
        against = f"{100 * each.against_blind.value:+.2f} points" if each.against_blind else ""
        told = ", ".join(f"{n} {what}" for what, n in found.outcomes.items() if n and what != "right")
        cells = [
            name,
            f"{found.scored} of {found.items}",
            figure_words(found.micro),
            figure_words(macro) if macro else "",
            percent(found.chance),
            against,
            told,
        ]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{each}</th>" for each in heads)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _windows(score: RunScore) -> str:
    if not score.windows:
        return ""
    told = (line for name, each in score.windows.items() for line in windows_words(name, each))
    return "<h2>Window by window</h2>" + "".join(f"<p>{escape(line)}</p>" for line in told)


def _plots(score: RunScore) -> str:
    """By condition, and for each condition by type, scenario and procedure."""
    if not score.conditions:
        return ""
    rows = [
        Row(name, each.answers.micro, each.answers.scored, each.answers.chance)
        for name, each in score.conditions.items()
    ]
    parts = ["<h2>Accuracy by condition</h2>", intervals_plot(rows)]
    for name, each in score.conditions.items():
        for key, values in each.answers.by.items():
            if len(values) > 1:
                chance = each.answers.chance
                own = [Row(value or "none", part.accuracy, part.items, chance) for value, part in values.items()]
                parts += [f"<h2>{escape(name)}, by {key}</h2>", intervals_plot(own)]
    return "".join(parts)


def _items(items: Items, settings: Settings, found: Exchanges, to: Path) -> Iterator[str]:
    """Every question that was asked, and every row of a task."""
    from woz.dataset.evaluation.running import rows_of_tasks
    from woz.dataset.evaluation.scoring import named, outcomes_of

    asked = [("", items)] if settings.questions else []
    for task, rows in [*asked, *rows_of_tasks(items, settings)]:
        names = [named(each, task) for each in settings.conditions]
        yield f"<h2>{escape(f'Rows of {task}' if task else 'Questions')}</h2>"
        outcomes = {(n, o.id): str(o.outcome) for n in names for o in outcomes_of(rows, found, n, "group")}
        yield from (_item(line, rows, names, found, outcomes, to) for line in rows.lines.values())


def _item(
    line: Line,
    items: Items,
    conditions: Sequence[str],
    found: Exchanges,
    outcomes: Mapping[tuple[str, str], str],
    to: Path,
) -> str:
    about = " · ".join(filter(None, (line.id, line.session, line.type, line.scenario, line.procedure)))
    said = "".join(f"<p>{escape(text)}</p>" for text in line.context)
    heard = f"<details><summary>said before</summary>{said}</details>" if said else ""
    replies = "".join(_replies(line, conditions, found, outcomes))
    asked = f"<p><b>{escape(line.question)}</b></p>{options_list(line)}"
    words = f'{asked}{heard}{replies}<p class="sub">{escape(about)}</p>'
    shown = media(line.clip, line.frames, items.release.folder, to)
    return f'<div class="item"><div>{shown}</div><div>{words}</div></div>'


def _replies(
    line: Line, conditions: Sequence[str], found: Exchanges, outcomes: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    for name in conditions:
        yield reply_line(name, found.get((name, line.id)), outcomes[name, line.id])
