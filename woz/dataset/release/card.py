"""A release's card, from its figures: README.md with its YAML head, the same as a page, and how to cite it."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from woz.dataset.release.faces import FacesOfFilms, face_lines
from woz.dataset.release.fields import card_features
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.selection import LeftOut
from woz.dataset.release.summary import Summary

FRAMES_RULE = (
    "The clip is divided into {count} equal parts; of each, the frame shown at its middle is taken"
    " (`frame_times_s` has the frames' own session times)."
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`rows` is a table of a name and a number each, drawn as bars on the page."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, float], ...] = ()
    unit: str = ""


def card_files(
    recipe: Recipe, summary: Summary, left_out: LeftOut, faces: FacesOfFilms
) -> Iterator[tuple[str, str]]:
    """Names with their text."""
    chapters = chapters_of(recipe, summary, left_out, faces)
    yield "README.md", _head(recipe, summary) + _markdown(recipe, chapters)
    yield "card.html", _page(recipe, chapters)
    yield "CITATION.cff", _citation(recipe)


def title_of(recipe: Recipe) -> str:
    return recipe.title or recipe.name


def chapters_of(recipe: Recipe, summary: Summary, left_out: LeftOut, faces: FacesOfFilms) -> list[Chapter]:
    total = summary.questions.total()
    guess = f" a guess is right in {100 * summary.chance / total:.1f} % of them" if total else " it has tasks alone"
    facts = (
        f"{total} question sets of {len(summary.sessions)} sessions with {len(summary.people)} people;{guess}.",
        f"Split by {recipe.split_by} with seed {recipe.seed}: no {recipe.split_by} is in two splits.",
        f"Question sets taken: those that are {', '.join(recipe.statuses)}, with {recipe.fewest_wrong} or more"
        " wrong answers.",
        f"Tiers taken: those that are {', '.join(recipe.tier_states)}.",
    )
    return [
        Chapter("What is in it", facts, _rows(summary.questions)),
        Chapter("Hours by procedure", (), tuple((k, v / 3.6e12) for k, v in summary.hours.most_common()), "h"),
        Chapter("Types of questions", (), _rows(summary.types)),
        Chapter("Where questions are from", _KINDS, _rows(summary.kinds)),
        Chapter("Where options are from", (), _rows(summary.wordings)),
        Chapter("Languages", (), _rows(summary.languages)),
        Chapter("Protocols", (), _rows(summary.protocols)),
        Chapter(
            "Place of the right answer", (), tuple((chr(65 + k), n) for k, n in sorted(summary.positions.items()))
        ),
        Chapter("Clips", _clips(recipe, summary)),
        *_tasks(summary),
        *_pictures(recipe, summary),
        Chapter("Gates", _gates(summary), _rows(summary.flags)),
        Chapter("Transcripts and models", _models(summary)),
        Chapter("Consent", consent_lines(summary)),
        Chapter("Left out", tuple(left_out.sentences()) or ("Nothing was left out.",)),
        Chapter("Faces", face_lines(recipe, summary, faces)),
        Chapter("Known limits", LIMITS),
    ]


_KINDS = (
    "*asked*: said by one of the two in the session; *unasked*: the expert said the answer without being asked, and"
    " the question was put for it; *written*: by a person who looked at the session.",
)
LIMITS = (
    "Transcripts of whole sessions hold the answers: do not show a model more of one than `context`.",
    "Voices are as they were recorded.",
)


def _clips(recipe: Recipe, summary: Summary) -> tuple[str, ...]:
    if not recipe.clips:
        return ("This release has no clips and no frames.",)
    return (
        f"{summary.questions.total()} clips, {summary.clip_s / 3600:.2f} h in all. Each ends when the question's"
        " last word has been said; its frames have the times of the recording, and its sound is silent from where"
        " the answer begins.",
        FRAMES_RULE.format(count=recipe.frames),
    )


def consent_lines(summary: Summary) -> tuple[str, ...]:
    agreed = "Everybody in these sessions agreed to public release."
    if not summary.sources:
        return (agreed,)
    imported = f"Sessions of published data sets: {', '.join(sorted(summary.sources))}."
    return (imported, "Everybody in all other sessions agreed to public release.")


def _gates(summary: Summary) -> tuple[str, ...]:
    if not summary.flags:
        return ("No gate flags any of these question sets, or none was run.",)
    return ("Question sets that were taken although a gate holds something against them, by gate:",)


def _tasks(summary: Summary) -> Iterator[Chapter]:
    for name, told in summary.tasks.items():
        lines = [f"`tasks/{name}`, of {told['sessions']} sessions; by {told['source']}."]
        lines += told["notes"]
        lines += [f"{what}: {value:.4g}" for what, value in told["figures"].items()]
        yield Chapter(f"Task: {told['title']}", tuple(lines), tuple(told["items"].items()))


def _pictures(recipe: Recipe, summary: Summary) -> Iterator[Chapter]:
    if recipe.task_pictures:
        told = (
            f"{summary.pictures} pictures, {recipe.task_pictures:g} a second, of the sessions that tasks take;"
            f" picture n is of the frame shown at (n + 0.5) / {recipe.task_pictures:g} s.",
            f"Sessions of tasks without a video: {summary.without_pictures}.",
        )
        yield Chapter("Pictures of whole sessions", told)


def _models(summary: Summary) -> tuple[str, ...]:
    made = ", ".join(sorted(summary.machines)) or "none"
    return (f"Programs and models that made transcripts or texts: {made}.",)


def _rows(counts: Counter[str]) -> tuple[tuple[str, float], ...]:
    return tuple((key, count) for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _head(recipe: Recipe, summary: Summary) -> str:
    files = [{"split": split, "path": f"data/{split}.jsonl"} for split in recipe.shares if summary.questions[split]]
    languages = sorted({language.split("-")[0] for language in summary.languages if language != "unknown"})
    head = {
        "pretty_name": title_of(recipe),
        "license": recipe.licence,
        "language": languages,
        "task_categories": ["visual-question-answering", "multiple-choice"],
        "tags": ["egocentric-video", "task-guidance"],
        **({"dataset_info": {"features": card_features()}} if files else {}),
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
    lines = [f"# {title_of(recipe)} {recipe.version}"]
    for chapter in chapters:
        lines += ["", f"## {chapter.title}", ""]
        lines += [f"{line}  " if i < len(chapter.lines) - 1 else line for i, line in enumerate(chapter.lines)]
        if chapter.rows:
            lines += [""] if chapter.lines else []
            lines += [
                "| | |",
                "|---|---:|",
                *(f"| {_cell(k)} | {_figure(v, chapter)} |" for k, v in chapter.rows),
            ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _figure(value: float, chapter: Chapter) -> str:
    return f"{value if isinstance(value, int) else f'{value:.2f}'} {chapter.unit}".strip()


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1d2125;"
    "background:#fff}h1,h2{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #dde;padding-bottom:.3rem}"
    "table{border-collapse:collapse;width:100%}td{padding:.2rem .5rem;vertical-align:middle}"
    "td:first-child{width:40%}td:nth-child(2){text-align:right;width:6rem;font-variant-numeric:tabular-nums}"
    ".bar{height:.8rem;background:#4e79a7;border-radius:2px}"
    "@media(prefers-color-scheme:dark){body{background:#16181b;color:#e6e8ea}h2{border-color:#333}}"
)


def _page(recipe: Recipe, chapters: Sequence[Chapter]) -> str:
    title = html.escape(f"{title_of(recipe)} {recipe.version}")
    body = [f"<h1>{title}</h1>"]
    for chapter in chapters:
        body.append(f"<h2>{html.escape(chapter.title)}</h2>")
        body += [f"<p>{_inline(line)}</p>" for line in chapter.lines]
        if chapter.rows:
            body.append(_bars(chapter))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"
    )


def _bars(chapter: Chapter) -> str:
    most = max(value for _, value in chapter.rows) or 1
    rows = "\n".join(
        f"<tr><td>{html.escape(key)}</td><td>{_figure(value, chapter)}</td>"
        f'<td><div class="bar" style="width:{100 * value / most:.1f}%"></div></td></tr>'
        for key, value in chapter.rows
    )
    return f"<table>\n{rows}\n</table>"


def _inline(line: str) -> str:
    """Emphasis and code of Markdown, as far as the card uses them."""
    text = html.escape(line)
    for mark, tag in (("`", "code"), ("*", "em")):
        parts = text.split(mark)
        opened = (f"<{tag}>{part}</{tag}>" if i % 2 else part for i, part in enumerate(parts))
        text = "".join(opened) if len(parts) % 2 else text
    return text


def _citation(recipe: Recipe) -> str:
    facts = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it as below.",
        "type": "dataset",
        "title": title_of(recipe),
        "version": recipe.version,
        "authors": [{"name": f"The authors of {title_of(recipe)}"}],
    }
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)
