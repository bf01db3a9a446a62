"""Frame-wise labels as action segmentation reads them: groundTruth, mapping.txt, lists of splits.

Facts of the format: how https://github.com/yabufarha/ms-tcn loads its data. A line a frame, each ended, without
blanks; a line "number label" of mapping.txt for each label; a file name a line in a list of a split.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError
from woz.formats.bundle import SessionBundle
from woz.formats.format import Format, OutFile, Writing
from woz.formats.frames import FrameRate
from woz.formats.losses import told, uncarried
from woz.formats.parts import Begin, Lost, Part
from woz.formats.reading import Progress, Reading
from woz.formats.segmentation.frame_labels import labelled, runs
from woz.formats.vocabulary import Vocabulary
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId, TierId, TranscriptId
from woz.model.tier import Tier

BACKGROUND = "background"
"""The label of frames that no segment covers."""
ACTIONS = "actions"
NO_RATE = "These labels are of frames; name the video's frame rate with --frame-rate."
MOST_FRAMES = 10**8


def _read(reading: Reading) -> Iterator[Part]:
    if not reading.frame_rate:
        raise WozError(NO_RATE)
    rate = FrameRate.of(reading.frame_rate)
    root, files = _files(reading.path)
    words = Vocabulary("ms-tcn", "Frame labels", reading.scheme)
    words.tier_type(ACTIONS)
    for label in _mapping(reading.standing(), root):
        words.label(ACTIONS, label)
    for each in _each_of(reading, files, 0):
        for label, first, last in runs(_labels(each)):
            if label != BACKGROUND:
                words.label(ACTIONS, label)
                words.note(ACTIONS, each.path.name, rate.begin_ns(first), rate.begin_ns(last))
    for each in _each_of(reading, files, 1):
        yield from _session(each, words, rate)
    splits = len(list((root / "splits").glob("*.bundle")))
    if splits:
        yield Lost("lists of splits", splits)


def _files(path: Path) -> tuple[Path, list[Path]]:
    """The data set's folder, and its files of labels: of a folder, or the one that was named."""
    if path.is_file():
        return path.parent.parent, [path]
    folder = next((each for each in (path / "groundTruth", path) if each.is_dir()), path)
    files = sorted(each for each in folder.glob("*.txt") if each.name != "mapping.txt")
    if not files:
        raise WozError(
            f"{path} has no groundTruth/*.txt; choose the folder that holds groundTruth and mapping.txt."
        )
    return path if folder != path else path.parent, files


def _each_of(reading: Reading, files: Sequence[Path], turn: int) -> Iterator[Reading]:
    """A reading of each file, with a progress over all of them, twice over."""

    def part(n: int) -> Progress:
        return lambda done: reading.progress((turn + (n + done) / len(files)) / 2)

    for n, path in enumerate(files):
        yield replace(reading, path=path, progress=part(n))


def _labels(reading: Reading) -> Iterator[str]:
    """A label a frame. Raises WozError for a file of anything else."""
    blank = 0
    for n, line in enumerate(reading.lines(), 1):
        label = line.strip()
        if not label:
            blank = blank or n
        elif blank or len(label.split()) > 1 or len(label) > 500:
            at = blank or n
            raise WozError(f"{reading.path} is no file of frame labels: line {at} holds no single label.")
        else:
            yield label


def _mapping(reading: Reading, root: Path) -> Iterator[str]:
    path = root / "mapping.txt"
    for n, line in enumerate(reading.lines(path), 1) if path.is_file() else ():
        words = line.split()
        if not words:
            continue
        if len(words) != 2 or not words[0].isdecimal():
            raise WozError(f"{path} can't be read: line {n} is no number with a label.")
        if words[1] != BACKGROUND:
            yield words[1]


def _session(reading: Reading, words: Vocabulary, rate: FrameRate) -> Iterator[Part]:
    session_id = SessionId(reading.new_id())
    count = sum(1 for _ in _labels(reading.standing()))
    if count > MOST_FRAMES:
        raise WozError(f"{reading.path} has more than {MOST_FRAMES} frames; it is no such file.")
    key, transcript_id = reading.path.stem, TranscriptId(reading.new_id())
    yield Begin(key, session_id, transcript_id, key, words.schemes, duration_ns=rate.begin_ns(count))
    place = words.fit(ACTIONS)
    scheme = place.scheme
    tier_id = TierId(reading.new_id())
    yield Tier(tier_id, session_id, scheme.id, scheme.version, place.tier_type.key, ACTIONS, reading.made)
    for label, first, last in runs(_labels(reading)):
        if label != BACKGROUND:
            span = rate.begin_ns(first), rate.begin_ns(last)
            yield Annotation(AnnotationId(reading.new_id()), tier_id, *span, place.label(label), reading.made)


def _write(bundles: Sequence[SessionBundle], writing: Writing) -> Iterable[OutFile]:
    if not writing.frame_rate:
        raise WozError(NO_RATE)
    rate = FrameRate.of(writing.frame_rate)
    return list(_out_files(bundles, rate))


def _out_files(bundles: Sequence[SessionBundle], rate: FrameRate) -> Iterator[OutFile]:
    for kind, tiers in _by_type(bundles).items():
        folder = f"ms-tcn/{word(kind)}"
        names = [f"{name}.txt" for name, _, _ in tiers]
        for name, (_, bundle, tier) in zip(names, tiers, strict=True):
            yield OutFile(f"{folder}/groundTruth/{name}", _frame_lines(bundle, tier, rate))
        yield OutFile(f"{folder}/mapping.txt", _mapping_lines(tiers, rate))
        yield OutFile(f"{folder}/splits/train.split1.bundle", (f"{name}\n" for name in names))


def _by_type(bundles: Sequence[SessionBundle]) -> dict[str, list[tuple[str, SessionBundle, Tier]]]:
    """The tiers of each type with a name for the video: a session's second tier of a type is one of its own."""
    found: dict[str, list[tuple[str, SessionBundle, Tier]]] = {}
    for bundle in bundles:
        count = Counter[str]()
        for tier in bundle.tiers:
            if any(each.end_ns is not None for each in bundle.in_tier(tier)):
                count[tier.tier_type] += 1
                n = count[tier.tier_type]
                name = bundle.session.id if n == 1 else f"{bundle.session.id}-{n}"
                found.setdefault(tier.tier_type, []).append((name, bundle, tier))
    return found


def word(text: str) -> str:
    return "_".join(text.replace("/", "_").split()) or "_"


def _count(bundle: SessionBundle, tier: Tier, rate: FrameRate) -> int:
    """How many frames a session has: as long as it is, else until its last segment's end."""
    ends = [each.end_ns for each in bundle.in_tier(tier) if each.end_ns is not None]
    length = bundle.session.duration_ns or max(ends, default=0)
    return min(MOST_FRAMES, max(0, round(length * rate.rate / 10**9)))


def _frame_lines(bundle: SessionBundle, tier: Tier, rate: FrameRate) -> Iterator[str]:
    names: dict[str | None, str] = {None: BACKGROUND}
    for label in labelled(bundle.in_tier(tier), _count(bundle, tier, rate), rate).labels:
        if label is not None and label not in names:
            names[label] = word(bundle.label_name(tier, label))
        yield names[label] + "\n"


def _mapping_lines(tiers: Sequence[tuple[str, SessionBundle, Tier]], rate: FrameRate) -> Iterator[str]:
    names: dict[str, None] = {}
    for _, bundle, tier in tiers:
        if None in labelled(bundle.in_tier(tier), _count(bundle, tier, rate), rate).labels:
            names = {BACKGROUND: None, **names}
        for label in bundle.tier_type(tier).offered:
            names[word(label.name())] = None
        for each in bundle.in_tier(tier):
            names[word(bundle.label_name(tier, each.label))] = None
    yield from (f"{n} {name}\n" for n, name in enumerate(names))


def _losses(bundles: Sequence[SessionBundle]) -> Iterable[Lost]:
    """As far as they don't depend on the frame rate."""
    lost = uncarried(bundles)
    for bundle in bundles:
        for tier in bundle.tiers:
            until = 0
            for each in bundle.in_tier(tier):
                lost["blanks in names of labels"] += word(name := bundle.label_name(tier, each.label)) != name
                if each.start_ns is not None and each.end_ns is not None:
                    lost["segments that overlap one before: its label ends there"] += each.start_ns < until
                    until = max(until, each.end_ns)
    return told(lost)


FORMATS = (
    Format(
        "ms-tcn",
        "a label a frame, MS-TCN",
        "txt",
        ("labels of frames", "the list of labels"),
        ("what overlaps", "points", "attributes", "turns", "links", "lists of splits"),
        "https://github.com/yabufarha/ms-tcn",
        read=_read,
        write=_write,
        losses=_losses,
    ),
)
