"""A release's tasks whose rows are asked one by one, each as a question with options: key steps, procedure
understanding, mistakes, the demonstrator's level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from woz.base.errors import WozError
from woz.base.outside import Unsound, lines_of, read, read_file
from woz.dataset.evaluation.footage import Footage
from woz.dataset.evaluation.items import Items
from woz.dataset.harness.released import Line
from woz.dataset.release.checking import demand_as_frozen

YES_NO = ["Yes", "No"]
UNDERSTANDING = {"understanding": "instance", "understanding-procedure": "procedure"}
"""How it is asked for, and the level of supervision: whether segments are named."""
_ASKED = {
    "previous": "Does what is done here require “{step}” before it?",
    "optional": "Could the procedure go right without what is done here?",
    "mistake": "Is what is done here done too early, before something that it requires?",
    "missing": "Is “{step}” something that what is done here requires, and that was not done before it?",
    "next": "Can “{step}” be done next, without a mistake?",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """What the tasks' rows have, each its own part of it."""

    id: str
    label: str | bool
    session: str = ""
    group: str = ""
    task: str = ""
    procedure: str = ""
    step: str = ""
    start_s: float = 0.0
    end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Segment:
    segment: str
    start_time: float
    end_time: float
    step_name: str = ""


@dataclass(frozen=True, slots=True)
class _Take:
    procedure: str
    steps: dict[str, str]
    segments: list[_Segment]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Rows of one task of a release, in the split that is asked."""

    items: Items
    task: str
    footage: Footage

    def rows(self, split: str) -> list[_Row]:
        """Raises WozError where the task has none there, or the file was changed."""
        name = self.demand(f"{split}.jsonl")
        try:
            return [read(raw, _Row) for raw in lines_of(self.items.release.folder / name)]
        except (OSError, Unsound) as error:
            raise WozError(f"{name} of the release can't be read ({error}); get a whole copy of it.") from error

    def all_rows(self) -> Iterator[_Row]:
        head = f"tasks/{self.task}/"
        for name in self.items.release.manifest.files:
            if name.startswith(head) and name.endswith(".jsonl"):
                yield from self.rows(name.removeprefix(head).removesuffix(".jsonl"))

    def demand(self, name: str) -> str:
        release, path = self.items.release, f"tasks/{self.task}/{name}"
        if path not in release.manifest.files:
            where = f"{release.folder} has no task {self.task} in {self.items.split}"
            raise WozError(f"{where}; build a release with --task {self.task}.")
        demand_as_frozen(release.folder, release.manifest, [path])
        return path

    def line(self, row: _Row, question: str, options: Sequence[str], right: str) -> Line:
        """With what is seen and said in the row's time; of no time, in the whole session."""
        session, end_s = row.session or row.id, row.end_s or float("inf")
        return Line(
            f"{row.task}/{row.id}" if row.task else row.id,
            self.items.split,
            row.group or session,
            session,
            question,
            list(options),
            options.index(right),
            right,
            row.procedure,
            type=row.task or self.task,
            frames=list(self.footage.pictures(session, row.start_s, end_s)),
            context=self.footage.said(session, row.start_s, end_s),
        )


def task_items(items: Items, name: str) -> Items:
    """The rows of a task in the items' split. Raises WozError where the release has none there."""
    task = "understanding" if name in UNDERSTANDING else name
    reader = _Reader(items, task, Footage(items.release, items.lines.values()))
    lines = [line for line in ROWS[name](reader) if len(line.options) > 1]
    if not lines:
        raise WozError(f"{items.release.folder} has nothing to choose from in the task {task} in {items.split}.")
    return Items(items.release, items.split, {line.id: line for line in lines}, 0)


def _key_steps(reader: _Reader) -> Iterator[Line]:
    """A step among those of its procedure, of all splits."""
    classes = dict[str, set[str]]()
    for row in reader.all_rows():
        classes.setdefault(row.procedure, set()).add(str(row.label))
    for row in reader.rows(reader.items.split):
        options = sorted(classes[row.procedure])
        yield reader.line(row, "Which step is done here?", options, str(row.label))


def _mistakes(reader: _Reader) -> Iterator[Line]:
    for row in reader.rows(reader.items.split):
        yield reader.line(row, f"This is “{row.step}”. Is there a mistake in how it is done?", YES_NO, _yes(row))


def _levels(reader: _Reader) -> Iterator[Line]:
    levels = sorted({str(row.label) for row in reader.all_rows()})
    for row in reader.rows(reader.items.split):
        yield reader.line(row, "How skilled is the person who does this?", levels, str(row.label))


def _understood(level: str) -> Callable[[_Reader], Iterator[Line]]:
    def lines(reader: _Reader) -> Iterator[Line]:
        """Shown is what began before: at the level of instances, with the steps' names."""
        name = reader.demand(f"{level}/{reader.items.split}.json")
        try:
            takes = read_file(reader.items.release.folder / name, dict[str, _Take])
        except (OSError, Unsound) as error:
            raise WozError(f"{name} of the release can't be read ({error}); get a whole copy of it.") from error
        segments = {each.segment: (take, nr) for take in takes.values() for nr, each in enumerate(take.segments)}
        for row in reader.rows(reader.items.split):
            segment, _, step = row.id.partition("/")
            take, nr = segments[segment]
            own = take.segments[nr]
            timed = replace(row, start_s=own.start_time, end_s=own.end_time, procedure=take.procedure)
            asked = _ASKED[row.task].format(step=take.steps.get(step, step))
            yield reader.line(timed, "\n".join((*_known(take, nr), asked)), YES_NO, _yes(row))

    return lines


def _known(take: _Take, nr: int) -> Iterator[str]:
    yield f"Steps of “{take.procedure}”, in no order: {'; '.join(sorted(take.steps.values()))}."
    before = [each.step_name for each in take.segments[:nr] if each.step_name]
    if before:
        yield f"Done before: {'; '.join(before)}."
    if own := take.segments[nr].step_name:
        yield f"Done here: {own}."


def _yes(row: _Row) -> str:
    return YES_NO[0 if row.label is True else 1]


ROWS: dict[str, Callable[[_Reader], Iterator[Line]]] = {
    "keysteps": _key_steps,
    "mistakes": _mistakes,
    "demonstrator": _levels,
    **{name: _understood(level) for name, level in UNDERSTANDING.items()},
}
