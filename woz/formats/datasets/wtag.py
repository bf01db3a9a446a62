"""Watch, Talk and Guide's annotations, a folder a video.

`Video/VideoMpegTiming.txt` has two lines, the ticks at which the video starts and ends; a tick is 100 ns, counted
from the year 1. `StepDetection/StepDetection.txt` has a line a step, `TextASR/UserAnnotations_intent.txt` and
`TextASR/InstructorAnnotations_intent.txt` one an utterance: start tick, end tick, text, intentions, with tabs
between them. (The programs that read them: src/pipeline.py of sled-group/Watch-Talk-and-Guide.)

An utterance becomes an annotation and a turn, as HoloAssist's; the recipe, where `recipe_NAME.txt` lies near the
folder `..._NAME`, the procedure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.datasets.lending import lending
from woz.formats.datasets.loans import labelled, steps_as
from woz.formats.datasets.losing import usual_losses
from woz.formats.datasets.making import (
    FILE,
    REST,
    Making,
    about_file,
    demand_tiers,
    in_file_order,
    scheme_for,
    with_rest,
)
from woz.formats.datasets.remains import restored
from woz.formats.datasets.utterances import SAYS, said_by
from woz.formats.datasets.wtag_rows import (
    INSTRUCTOR,
    MOST_NS,
    NONE,
    NS_PER_TICK,
    STEPS,
    USER,
    is_spoken,
    line_of,
    row_of,
    step_of,
    step_text,
    utterance_cells,
    utterance_of,
)
from woz.formats.format import Format, OutFile, Writing
from woz.formats.parts import Begin, Lost, Part
from woz.formats.passes import passes
from woz.formats.reading import Reading
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.procedure import Procedure
from woz.model.tier import Tier
from woz.model.transcript import Turn
from woz.procedures.recipes import RECIPE

SCHEME = "wtag"
TIMING = "Video/VideoMpegTiming.txt"
FILES = {
    STEPS: "StepDetection/StepDetection.txt",
    INSTRUCTOR: "TextASR/InstructorAnnotations_intent.txt",
    USER: "TextASR/UserAnnotations_intent.txt",
}
SPEAKERS = {USER: Role.TRAINEE, INSTRUCTOR: Role.EXPERT}
EPOCH_TICKS = 621_355_968_000_000_000
"""Ticks from the year 1 to 1970."""
_MOST_RECIPE_BYTES = 1_000_000
_MOST_TIMING_LINES = 100


def read(reading: Reading) -> Iterator[Part]:
    videos = [reading.path] if _is_video(reading.path) else _videos(reading.path)
    if not videos:
        raise WozError(
            f"{reading.path} is no folder of WTaG, with {TIMING}; choose a video's folder, or that of all."
        )
    scheme = scheme_for(reading, SCHEME)
    for folder, each in zip(videos, passes(reading, len(videos)), strict=True):
        yield from _Video(each, Making.of(reading, scheme), folder).parts()


def _is_video(folder: Path) -> bool:
    return (folder / TIMING).is_file()


def _videos(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if _is_video(each)) if folder.is_dir() else []


class _Video:
    def __init__(self, reading: Reading, making: Making, folder: Path) -> None:
        self._reading = reading
        self._making = making
        self._folder = folder
        self._files = [(kind, folder / file) for kind, file in FILES.items() if (folder / file).is_file()]
        timing, *self._passes = passes(reading, 1 + len(self._files))
        self._timing = _timing(timing, folder)
        self._first = int(self._timing[0])
        self._recipe = _recipe(folder)

    def parts(self) -> Iterator[Part]:
        making, name = self._making, self._folder.name
        first, last = self._first, int(self._timing[1])
        yield Begin(
            name,
            making.session_id,
            making.transcript_id,
            name,
            (making.scheme,),
            self._recipe,
            _sensible((last - first) * NS_PER_TICK),
            _sensible((first - EPOCH_TICKS) * NS_PER_TICK, 4),
            self._reading.language or "en",
            name,
        )
        yield from self._about()
        for (kind, path), reading in zip(self._files, self._passes, strict=True):
            yield from self._file(reading, kind, path)

    def _about(self) -> Iterator[Part]:
        tier = self._making.tier(FILE)
        values = {"video": self._folder.name, "first tick": self._timing[0], "last tick": self._timing[1]}
        made = self._making.annotation(tier, FILE, values=values)
        yield tier
        yield with_rest(made, {"lines": self._timing}, {"lines": self._timing[:2]})

    def _file(self, reading: Reading, kind: str, path: Path) -> Iterator[Part]:
        tier = self._making.tier(kind, subject=SPEAKERS[kind].value if kind in SPEAKERS else "")
        yield tier
        for nr, line in enumerate(reading.lines(path)):
            if not line:
                continue
            row = row_of(line, f"Line {nr + 1} of {path}")
            if kind == STEPS:
                yield step_of(self._making, tier, row, nr, self._first, self._recipe)
                continue
            made = utterance_of(self._making, tier, row, nr, self._first)
            yield made
            if is_spoken(made, row):
                key = TurnId(reading.new_id())
                turn = Turn(key, self._making.transcript_id, SPEAKERS[kind], made.interval, row.cells[0])
                yield turn
                yield self._making.link(SAYS, made, turn)


def _sensible(ns: int, times: int = 1) -> int | None:
    return ns if 0 < ns <= times * MOST_NS else None


def _timing(reading: Reading, folder: Path) -> list[str]:
    path = folder / TIMING
    lines: list[str] = []
    for line in reading.lines(path):
        lines.append(line)
        if len(lines) > _MOST_TIMING_LINES:
            break
    plain = [line.strip().removeprefix("-") for line in lines[:2]]
    if len(plain) < 2 or not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in plain):
        raise WozError(f"{path} must have the video's start and end in ticks, a line each; get a whole copy.")
    return lines


def _recipe(folder: Path) -> Procedure | None:
    """None where none lies near."""
    name = f"recipe_{folder.name.rpartition('_')[2]}.txt"
    for place in (folder, folder.parent, folder.parent / "assets", folder.parent.parent / "assets"):
        try:
            raw = (place / name).read_bytes()
            return RECIPE.read(raw, folder.name)[0] if len(raw) < _MOST_RECIPE_BYTES else None
        except (OSError, WozError, UnicodeError):
            continue
    return None


def write(bundles: Sequence[SessionBundle], _: Writing) -> Iterable[OutFile]:
    demand_tiers(bundles, SCHEME, "WTaG", tuple(FILES), "steps")
    return [file for bundle in bundles for file in _Session(bundle).files()]


def losses(bundles: Sequence[SessionBundle]) -> Iterator[Lost]:
    for bundle in bundles:
        yield from usual_losses(bundle, SCHEME, (SAYS,))
        others = sum(turn.speaker not in SPEAKERS.values() for turn in bundle.turns)
        if others:
            yield Lost("turns of others than user and instructor", others)


class _Session:
    def __init__(self, bundle: SessionBundle) -> None:
        self._bundle = bundle
        self._tiers: dict[TierId, Tier] = {
            tier.id: tier for tier in bundle.tiers_of(SCHEME) if tier.tier_type in FILES
        }
        self._mine = [each for each in bundle.annotations if each.tier_id in self._tiers]
        utterances = [each for each in self._mine if self._kind(each) in SPEAKERS]
        self._said, self._free = said_by(bundle, utterances, lambda each: SPEAKERS[self._kind(each)])
        self._about = about_file(bundle, SCHEME)
        tick = self._about.value("first tick") if self._about else None
        self._first = EPOCH_TICKS + bundle.session.start_utc_ns // NS_PER_TICK if tick is None else int(str(tick))

    def files(self) -> Iterator[OutFile]:
        name = str(self._about.value("video")) if self._about else str(self._bundle.session.id)
        folder = "".join(each if each.isalnum() or each in "_-" else "_" for each in name)[:80] or "video"
        yield OutFile(f"{folder}/{TIMING}", [f"{line}\n" for line in self._timing()])
        kinds = {tier.tier_type for tier in self._tiers.values()} | {self._speaks(turn) for turn in self._free}
        for kind, file in FILES.items():
            if kind in kinds:
                yield OutFile(f"{folder}/{file}", self._lines(kind))

    def _timing(self) -> list[str]:
        if self._about:
            lines = [str(self._about.value("first tick")), str(self._about.value("last tick"))]
            return [str(line) for line in restored({"lines": lines}, self._about.value(REST))["lines"]]
        last = self._first - -(self._bundle.session.duration_ns or 0) // NS_PER_TICK
        return [str(self._first), str(last)]

    def _lines(self, kind: str) -> Iterator[str]:
        free = {AnnotationId(f"turn {turn.id}"): turn for turn in self._free if self._speaks(turn) == kind}
        every = [each for each in self._mine if self._kind(each) == kind]
        for each in in_file_order([*every, *(_unsaid(key, turn) for key, turn in free.items())]):
            turn = free.get(each.id)
            cells = (turn.text,) if turn else self._cells(each, kind)
            yield line_of(each, self._first, cells)

    def _cells(self, annotation: Annotation, kind: str) -> tuple[str, ...]:
        label = self._bundle.tier_type(self._tiers[annotation.tier_id]).label(annotation.label).key
        if kind == STEPS:
            return (step_text(annotation, label, self._bundle.procedure),)
        return utterance_cells(annotation, label, self._said.words.get(annotation.id, ""))

    def _kind(self, annotation: Annotation) -> str:
        return self._tiers[annotation.tier_id].tier_type

    def _speaks(self, turn: Turn) -> str:
        return next((kind for kind, role in SPEAKERS.items() if role == turn.speaker), "")


def _unsaid(key: AnnotationId, turn: Turn) -> Annotation:
    """A turn of which nobody said what it is for, as if somebody had said just that."""
    return Annotation(key, TierId(""), turn.interval.start_ns, turn.interval.end_ns, NONE, Made(Origin.IMPORTED))


FORMATS = (
    lending(
        Format(
            "wtag",
            "Watch, Talk and Guide's annotations, a folder a video",
            "wtag",
            ("user's and instructor's intentions", "turns", "steps", "mistakes"),
            ("words' times", "translations", "tiers of other schemes", "notes", "confidence"),
            "sled-group/Watch-Talk-and-Guide, src/pipeline.py",
            read,
            write,
            losses,
            SCHEME,
        ),
        steps_as(SCHEME, STEPS, labelled()),
    ),
)
