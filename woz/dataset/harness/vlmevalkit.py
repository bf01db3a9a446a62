"""TSV files for VLMEvalKit, which loads any file of its data folder with columns A and B by the file's name.

Four of them: frames (`NAME`), with what was said as `hint`; text only (`NAME_text`); options only (`NAME_options`),
where the question is a fixed sentence; and every rotation of the options (`NAME_circular`), right only if all are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from woz.base.errors import WozError
from woz.dataset.harness.lmms_eval import EVALUATED
from woz.dataset.harness.released import Line, Released
from woz.dataset.models.replies import LETTERS

NO_QUESTION = "Which of these is the right answer?"
ROTATION = 1_000_000
"""Rotation r of row i has index i + r times this."""
_MEANS_MORE = ("mmbench", "ccbench", "circular", "mmcr")
"""Words that VLMEvalKit looks for in a data set's name."""
_MISSING = {"n/a", "na", "nan", "none", "null"}
"""Words that pandas, which reads the table, takes for a missing value (`na_values` of its `read_csv`)."""


def vlmevalkit(release: Released) -> Iterator[tuple[str, str]]:
    """File names with their text. Raises WozError for a name that the tool would take for another data set's."""
    name = release.name
    if any(word in name.lower() for word in _MEANS_MORE):
        raise WozError(f"VLMEvalKit takes a data set named {name} for one of its own; build it under another name.")
    split = next((each for each in EVALUATED if each in release.splits()), "")
    lines = [line for line in release.lines(split) if len(line.options) > 1] if split else []
    if not lines:
        raise WozError(f"{release.folder} holds no question with two options; nothing can be evaluated.")
    release.demand_clips()
    yield f"{name}.tsv", _tsv([_row(i, line, release, line.question) for i, line in enumerate(lines)])
    yield f"{name}_text.tsv", _tsv([_row(i, line, None, line.question) for i, line in enumerate(lines)])
    yield f"{name}_options.tsv", _tsv([_row(i, line, None, NO_QUESTION) for i, line in enumerate(lines)])
    rotated = [
        _row(i, line, release, line.question, r) for i, line in enumerate(lines) for r in range(len(line.options))
    ]
    yield f"{name}_circular.tsv", _tsv(sorted(rotated, key=lambda row: int(row["index"])))


def _row(i: int, line: Line, release: Released | None, question: str, turned: int = 0) -> dict[str, str]:
    """`release` where frames and what was said are shown; None leaves the bare text."""
    options = line.options[turned:] + line.options[:turned]
    row = {"index": str(i + turned * ROTATION), "question": question, "category": line.type or line.kind}
    row |= dict(zip(LETTERS, map(_kept, options), strict=False))
    row["answer"] = LETTERS[(line.answer_index - turned) % len(options)]
    row["group"] = line.group
    if release:
        row["image_path"] = repr([str(release.folder / name) for name in line.frames])
        row["hint"] = " ".join(line.context)
    return row


def _kept(option: str) -> str:
    """An option of one word that would be read as a missing one, and left out by the tool, as a sentence."""
    return f"{option}." if option.strip().lower() in _MISSING else option


def _tsv(rows: Sequence[dict[str, str]]) -> str:
    used = {key for row in rows for key in row}
    order = ["index", "question", "hint", *LETTERS, "answer", "category", "group", "image_path"]
    out = io.StringIO()
    table = csv.DictWriter(out, [key for key in order if key in used], delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows({key: " ".join(value.split()) for key, value in row.items()} for row in rows)
    return out.getvalue()
