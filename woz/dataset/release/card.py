"""A release's card, from its figures: README.md with its YAML head, the same as a page, and how to cite it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import yaml

from woz.dataset.release.chapters import Chapter, chapters_of
from woz.dataset.release.fields import card_features
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.markdown import as_written, cell, on_page
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.selection import LeftOut
from woz.dataset.release.summary import Summary
from woz.dataset.review.agreement import Judging


def card_files(
    recipe: Recipe, summary: Summary, left_out: LeftOut, hiding: Hiding, judging: Judging
) -> Iterator[tuple[str, str]]:
    """Names with their text."""
    chapters = chapters_of(recipe, summary, left_out, hiding, judging)
    yield "README.md", _head(recipe, summary) + _markdown(recipe, chapters)
    yield "card.html", _page(recipe, chapters)
    yield "CITATION.cff", _citation(recipe)


def title_of(recipe: Recipe) -> str:
    return recipe.title or recipe.name


def _head(recipe: Recipe, summary: Summary) -> str:
    files = [{"split": split, "path": f"data/{split}.jsonl"} for split in recipe.shares if summary.questions[split]]
    languages = sorted({language.split("-")[0] for language in summary.languages if language != "unknown"})
    head = {
        "pretty_name": title_of(recipe),
        "license": recipe.licence,
        "language": languages,
        "task_categories": ["visual-question-answering", "multiple-choice"],
        "tags": ["egocentric-video", "task-guidance"],
        **({"dataset_info": {"features": card_features(summary.more_fields)}} if files else {}),
        "configs": [{"config_name": "default", "data_files": files}] if files else _task_configs(summary),
    }
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n\n"


def _task_configs(summary: Summary) -> list[dict[str, object]]:
    """Of a release of tasks alone: each that has JSON Lines can be loaded by its name."""
    return [
        {
            "config_name": name,
            "data_files": [
                {"split": file.removesuffix(".jsonl"), "path": f"tasks/{name}/{file}"} for file in told["lines"]
            ],
        }
        for name, told in summary.tasks.items()
        if told["lines"]
    ]


def _markdown(recipe: Recipe, chapters: Sequence[Chapter]) -> str:
    lines = [f"# {as_written(title_of(recipe))} {as_written(recipe.version)}"]
    for chapter in chapters:
        lines += ["", f"## {as_written(chapter.title)}", ""]
        lines += [f"{line}  " if i < len(chapter.lines) - 1 else line for i, line in enumerate(chapter.lines)]
        if chapter.rows:
            lines += [""] if chapter.lines else []
            lines += [
                "| | |",
                "|---|---:|",
                *(f"| {cell(k)} | {_figure(v, chapter)} |" for k, v in chapter.rows),
            ]
        if chapter.words:
            lines += [
                "",
                "| | |",
                "|---|---|",
                *(f"| `{name}` | {cell(about)} |" for name, about in chapter.words),
            ]
        if chapter.table:
            heads, *rows = chapter.table
            told = [heads, ("---", *("---:" for _ in heads[1:])), *rows]
            lines += ["", *(f"| {' | '.join(map(cell, row))} |" for row in told)]
    return "\n".join(lines) + "\n"


def _figure(value: float, chapter: Chapter) -> str:
    return f"{value if isinstance(value, int) else f'{value:.2f}'} {chapter.unit}".strip()


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1d2125;"
    "background:#fff}h1,h2{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #dde;padding-bottom:.3rem}"
    "table{border-collapse:collapse;width:100%}td{padding:.2rem .5rem;vertical-align:middle}"
    "td:first-child{width:40%}td:nth-child(2){text-align:right;width:6rem;font-variant-numeric:tabular-nums}"
    ".wide td{width:auto;text-align:right}.wide td:first-child{text-align:left}.wide tr:first-child{color:#6b7480}"
    ".words td:nth-child(2){text-align:left;width:auto}.words td:first-child{width:25%}"
    ".bar{height:.8rem;background:#4e79a7;border-radius:2px}"
    "@media(prefers-color-scheme:dark){body{background:#16181b;color:#e6e8ea}h2{border-color:#333}}"
)


def _page(recipe: Recipe, chapters: Sequence[Chapter]) -> str:
    title = html.escape(f"{title_of(recipe)} {recipe.version}")
    body = [f"<h1>{title}</h1>"]
    for chapter in chapters:
        body.append(f"<h2>{html.escape(chapter.title)}</h2>")
        body += [f"<p>{on_page(line)}</p>" for line in chapter.lines]
        if chapter.rows:
            body.append(_bars(chapter))
        if chapter.words:
            body.append(_words(chapter.words))
        if chapter.table:
            body.append(_table(chapter.table))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"
    )


def _bars(chapter: Chapter) -> str:
    """Against the largest; shares against the whole, so that two cards can be laid side by side."""
    shares = any(isinstance(value, float) for _, value in chapter.rows) and not chapter.unit
    most = 1 if shares else max(value for _, value in chapter.rows) or 1
    rows = "\n".join(
        f"<tr><td>{html.escape(key)}</td><td>{_figure(value, chapter)}</td>"
        f'<td><div class="bar" style="width:{max(0, 100 * value / most):.1f}%"></div></td></tr>'
        for key, value in chapter.rows
    )
    return f"<table>\n{rows}\n</table>"


def _table(table: Sequence[Sequence[str]]) -> str:
    heads, *rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in table)
    return "<table class=wide>\n" + "\n".join(f"<tr>{row}</tr>" for row in (heads, *rows)) + "\n</table>"


def _words(words: Sequence[tuple[str, str]]) -> str:
    rows = (f"<tr><td><code>{html.escape(k)}</code></td><td>{html.escape(v)}</td></tr>" for k, v in words)
    return "<table class=words>\n" + "\n".join(rows) + "\n</table>"


def _citation(recipe: Recipe) -> str:
    facts = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it as below.",
        "type": "dataset",
        "title": title_of(recipe),
        "version": recipe.version,
        "authors": [{"name": each} for each in recipe.authors or (f"The authors of {title_of(recipe)}",)],
    }
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)
