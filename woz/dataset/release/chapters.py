"""What a release's card says, chapter by chapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from woz.dataset.release.coding import coding_table, several_table
from woz.dataset.release.distributions import MOST_LABELS
from woz.dataset.release.faces import face_lines
from woz.dataset.release.fields import fields_with
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.limits import limits_of
from woz.dataset.release.markdown import as_written
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.selection import LeftOut
from woz.dataset.release.summary import Summary
from woz.dataset.release.voices import voice_lines
from woz.dataset.review.agreement import Agreement, Judging
from woz.model.review import ReviewTask
from woz.procedures.words import counted

FRAMES_RULE = (
    "The clip is divided into {count} equal parts; of each, the frame shown at its middle is taken"
    " (`frame_times_s` has the frames' own session times)."
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`lines` are Markdown, all else is shown as it is written.

    `rows` is a table of a name and a number each, drawn as bars on the page; `words` is one of names with what
    each means; `table` has its heads first.
    """

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, float], ...] = ()
    unit: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


def chapters_of(
    recipe: Recipe, summary: Summary, left_out: LeftOut, hiding: Hiding, judging: Judging
) -> list[Chapter]:
    total = summary.questions.total()
    guess = f" a guess is right in {100 * summary.chance / total:.1f} % of them" if total else " it has tasks alone"
    statuses = ", ".join(each.word for each in recipe.statuses)
    facts = (
        f"{counted(total, 'question set')} of {counted(len(summary.sessions), 'session')} with"
        f" {_persons(summary)};{guess}.",
        f"Split by {recipe.split_by} with seed {recipe.seed}: no {recipe.split_by} is in two splits.",
        *([as_written(summary.splits)] if summary.splits else []),
        f"Question sets taken: those that are {statuses}, with {recipe.fewest_wrong} or more wrong answers.",
        f"Tiers taken: those that are {', '.join(recipe.tier_states)}.",
    )
    return [
        Chapter("What is in it", facts, _rows(summary.questions)),
        *_changes(summary),
        Chapter("Hours by procedure", (), tuple((k, v / 3.6e12) for k, v in summary.hours.most_common()), "h"),
        Chapter("Types of questions", (), _rows(summary.types)),
        Chapter("Where questions are from", _KINDS, _rows(summary.kinds)),
        Chapter("Where options are from", (), _rows(summary.wordings)),
        Chapter("Languages", _english(summary), _rows(summary.languages)),
        Chapter("Protocols", (), _rows(summary.protocols)),
        Chapter(
            "Place of the right answer", (), tuple((chr(65 + k), n) for k, n in sorted(summary.positions.items()))
        ),
        *(Chapter(title, (), tuple(rows)) for title, rows in summary.spread.texts() if sum(n for _, n in rows)),
        *_labels(summary),
        *_judges(summary),
        *_agreement(judging),
        *_coding(summary),
        Chapter("Clips", _clips(recipe, summary), _lengths(recipe, summary)),
        *_reading(recipe, summary),
        *_tasks(summary),
        *_pictures(recipe, summary),
        Chapter("Gates", _gates(summary), table=_gate_table(summary)),
        Chapter("Transcripts and models", _models(summary)),
        Chapter("Consent", tuple(map(as_written, consent_lines(summary)))),
        Chapter("Left out", tuple(left_out.nameless()) or ("Nothing was left out.",)),
        Chapter("Faces", face_lines(recipe, summary, hiding.faces)),
        Chapter("Voices", voice_lines(recipe, hiding.voices)),
        Chapter("Names", hiding.names),
        Chapter("Known limits", tuple(limits_of(summary, recipe.wrong_answers))),
    ]


def _changes(summary: Summary) -> Iterator[Chapter]:
    if summary.changes:
        told = tuple(map(as_written, summary.changes.sentences()))
        yield Chapter(f"What changed since {summary.changes.since}", told)


def _english(summary: Summary) -> tuple[str, ...]:
    if not summary.foreign:
        return ()
    told = f"{summary.checked} of {summary.foreign} question sets that are not known to be English have an English"
    return (f"{told} text that a person has compared with the original (`english_checked`).",)


_KINDS = (
    "*asked*: said by one of the two in the session; *unasked*: the expert said the answer without being asked, and"
    " the question was put for it; *written*: by a person who looked at the session.",
)


def _clips(recipe: Recipe, summary: Summary) -> tuple[str, ...]:
    if not recipe.clips:
        return ("This release has no clips and no frames.",)
    return (
        f"{counted(summary.questions.total(), 'clip')}, {summary.clip_s / 3600:.2f} h in all. Each ends when the"
        " question's last word has been said; its frames have the times of the recording, and its sound is silent"
        " from where the answer begins.",
        FRAMES_RULE.format(count=recipe.frames),
    )


def _lengths(recipe: Recipe, summary: Summary) -> tuple[tuple[str, float], ...]:
    return tuple((f"{s} s", n) for s, n in sorted(summary.spread.clips.items())) if recipe.clips else ()


def consent_lines(summary: Summary) -> tuple[str, ...]:
    agreed = "Everybody in these sessions agreed to public release."
    if not summary.sources:
        return (agreed,)
    imported = f"Sessions of published data sets: {', '.join(sorted(summary.sources))}."
    return (imported, "Everybody in all other sessions agreed to public release.")


def _reading(recipe: Recipe, summary: Summary) -> Iterator[Chapter]:
    if not summary.questions.total():
        return
    beside = "`clips` and `frames` lie beside them; " if recipe.clips else ""
    told = (
        "`load_dataset` of Hugging Face's `datasets` reads this folder, and `mlcroissant` its `croissant.json`.",
        f"The question sets are in `data`, one a line; {beside}`manifest.json` has the SHA-256 of each file.",
        "Times are seconds of session time. What a line has:",
    )
    fields = fields_with(summary.more_fields).items()
    yield Chapter("How to read it", told, words=tuple((name, about) for name, (_, _, about) in fields))


def _labels(summary: Summary) -> Iterator[Chapter]:
    for kind, counts in sorted(summary.spread.labels.items()):
        most = counts.most_common(MOST_LABELS)
        rest = (f"The {MOST_LABELS} most frequent of {len(counts)} labels.",) if len(counts) > len(most) else ()
        if most:
            yield Chapter(f"Labels: {kind}", rest, _rows(Counter(dict(most))))


def _judges(summary: Summary) -> Iterator[Chapter]:
    if summary.judges:
        counts = tuple((_people(n), count) for n, count in sorted(summary.judges.items()))
        yield Chapter("Question sets by how many people judged their words", (), counts)


def _persons(summary: Summary) -> str:
    known, unknown = len(summary.people), summary.without_people
    if not known:
        return "nobody on record"
    told = f"{'1 person' if known == 1 else f'{known} people'} on record"
    return f"{told}, nobody in {unknown} of them" if unknown else told


def _people(n: int) -> str:
    return "nobody" if not n else "one" if n == 1 else str(n)


def _agreement(judging: Judging) -> Iterator[Chapter]:
    for task, found in _judged(judging):
        measures = _measures(found)
        rows = tuple((name, value) for name, value in measures if value is not None)
        undefined = [name for name, value in measures if value is None]
        lines = (
            f"{_of_whom(found)}, discarded ones too. The unit is a question set.",
            *([f"Not defined: {', '.join(undefined)}."] if undefined else []),
        )
        yield Chapter(f"Agreement of those who judged: {task}", lines, rows)


def agreement_words(judging: Judging) -> list[str]:
    """The same as a sentence a task."""
    return [
        f"{task}, {_of_whom(found)}: "
        + ", ".join(
            f"{name} {'not defined' if value is None else f'{value:.2f}'}" for name, value in _measures(found)
        )
        + "."
        for task, found in _judged(judging)
    ]


def _judged(judging: Judging) -> Iterator[tuple[ReviewTask, Agreement]]:
    """Over all question sets of the project, also those that people discarded: what is left agrees better."""
    return ((task, found) for task, found in judging.agreement.items() if found.items)


def _of_whom(found: Agreement) -> str:
    decisions, sets = counted(found.decisions, "decision"), counted(found.items, "question set")
    return f"{decisions} on {sets} of the project that two or more judged"


def _measures(found: Agreement) -> tuple[tuple[str, float | None], ...]:
    return ("raw", found.raw), ("Fleiss' kappa", found.kappa), ("Gwet's AC1", found.ac1)


def _coding(summary: Summary) -> Iterator[Chapter]:
    if pairs := coding_table(summary.coding.pairs):
        yield Chapter("Agreement of those who coded tiers", _CODED, table=pairs)
    if several := several_table(summary.coding.several):
        yield Chapter("Agreement of three and more who coded the same tiers", _CODED_TOGETHER, table=several)


_CODED = (
    "Of two annotators each, in the sessions of this release that both coded and submitted; of what each made"
    " alone, not of what was decided between them. F1 is of segments that overlap by half of their union; Cohen's"
    " kappa, Krippendorff's alpha (nominal) and agreement are of time. In brackets stands the 95 % interval, drawn"
    " by session, where there are several.",
)


_CODED_TOGETHER = (
    "Of each moment of the sessions that three or more coded and submitted: Fleiss' kappa and Gwet's AC1 of time,"
    " where what nobody labelled is a label of its own. AC1 stands beside kappa, which is low where one label"
    " prevails. In brackets stands the 95 % interval, drawn by session, where there are several.",
)


def _gates(summary: Summary) -> tuple[str, ...]:
    if not summary.spread.gates:
        return ("No gate flags any question set of these sessions, or none was run.",)
    return ("Question sets of these sessions against which a gate holds something, and what became of them:",)


def _gate_table(summary: Summary) -> tuple[tuple[str, ...], ...]:
    rows = sorted(summary.spread.gates.items())
    heads = ("gate", "flagged", "taken all the same", "discarded by people", "left out for another reason")
    told = ((name, *map(str, (g.flagged, g.taken, g.discarded, g.left_out))) for name, g in rows)
    return (heads, *told) if rows else ()


def _tasks(summary: Summary) -> Iterator[Chapter]:
    for name, told in summary.tasks.items():
        lines = [f"`tasks/{name}`, of {counted(told['sessions'], 'session')}; by {as_written(told['source'])}."]
        lines += map(as_written, told["notes"])
        lines += [as_written(f"{what}: {value:.4g}") for what, value in told["figures"].items()]
        yield Chapter(f"Task: {told['title']}", tuple(lines), tuple(told["items"].items()))


def _pictures(recipe: Recipe, summary: Summary) -> Iterator[Chapter]:
    if recipe.task_pictures:
        told = (
            f"{counted(summary.pictures, 'picture')}, {recipe.task_pictures:g} a second, of the sessions that tasks"
            f" take; picture n is of the frame shown at (n + 0.5) / {recipe.task_pictures:g} s.",
            f"Sessions of tasks without a video: {summary.without_pictures}.",
        )
        yield Chapter("Pictures of whole sessions", told)


def _models(summary: Summary) -> tuple[str, ...]:
    made = ", ".join(map(as_written, sorted(summary.machines))) or "none"
    return (f"Programs and models that made transcripts or texts: {made}.",)


def _rows(counts: Counter[str]) -> tuple[tuple[str, float], ...]:
    return tuple((key, count) for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
