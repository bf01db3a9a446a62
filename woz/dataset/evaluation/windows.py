"""Steps and conversation states asked window by window over whole sessions, and scored as segments."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from woz.annotation.measures.segmentation_scores import SegmentationScores, segmentation_scores
from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.dataset.evaluation.conditions import Condition, Shown
from woz.dataset.evaluation.items import Items
from woz.dataset.evaluation.request import Put
from woz.dataset.harness.released import Released
from woz.dataset.models.exchanges import Exchanges
from woz.dataset.models.replies import LETTERS, read_choice
from woz.dataset.release.checking import demand_as_frozen
from woz.dataset.release.session_pictures import SessionPictures, list_name
from woz.formats.transcripts.webvtt import read_turns
from woz.model.ids import TranscriptId

KINDS = {
    "steps": "Which step is the trainee doing at the end of this?",
    "states": "What is going on between trainee and expert at the end of this?",
}
NONE = "None of these"
RATE = 10
"""Samples a second of what is scored."""
MOST_PICTURES = 8
CONDITIONS = (Condition.VIDEO, Condition.TRANSCRIPT, Condition.BOTH)


@dataclass(frozen=True, slots=True)
class Labelled:
    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True)
class WindowsScore:
    """`scored` of `windows` had something to show and a reply; the figures are of these alone. `unread` of them
    named no label, and count as wrong.
    """

    windows: int
    scored: int
    unread: int
    failed: int
    figures: SegmentationScores


@dataclass(slots=True)
class Windows:
    """Of one kind, over the sessions of a split that have such annotations in the release."""

    kind: str
    length_s: float
    labels: list[str] = field(default_factory=list)
    known: dict[str, list[Labelled]] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    pictures: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    said: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Items, kind: str, length_s: float) -> Windows:
        """Raises WozError where no session of the split has such annotations, or a file was changed."""
        made = cls(kind, length_s)
        for session in sorted({line.session for line in items.lines.values()}):
            made._add(items, session)
        if not made.labels:
            raise WozError(
                f"{items.release.folder} has no {kind} in {items.split}; release tiers that are accepted."
            )
        return made

    def spans(self, session: str) -> Iterator[tuple[float, float]]:
        count = -(-self.ends[session] // self.length_s)
        for n in range(int(count)):
            yield n * self.length_s, min((n + 1) * self.length_s, self.ends[session])

    def puts(self, condition: str) -> Iterator[Put]:
        """A window without anything of the kind to show isn't asked."""
        for session in self.known:
            for start, end in self.spans(session):
                if shown := self._shown(Condition(condition), session, start, end):
                    yield Put(self.name(condition), f"{session}@{start:g}", shown)

    def name(self, condition: str) -> str:
        """How exchanges name the condition."""
        return f"{self.kind}/{condition}"

    def score(self, condition: str, found: Exchanges) -> WindowsScore:
        """Frames of windows that have a reply, each session's one after the other."""
        options, unread, scored, failed, windows = [*self.labels, NONE], 0, 0, 0, 0
        pairs = dict[str, tuple[list[str], list[str]]]()
        for session in self.known:
            reference, predicted = list[str](), list[str]()
            for start, end in self.spans(session):
                windows += 1
                each = found.get((self.name(condition), f"{session}@{start:g}"))
                if each is None or each.error is not None:
                    failed += each is not None
                    continue
                choice = read_choice(each.reply, options).option
                scored, unread = scored + 1, unread + (choice is None)
                own = self._frames(session, start, end)
                reference += own
                label = "(unread)" if choice is None else "" if choice == len(self.labels) else self.labels[choice]
                predicted += [label] * len(own)
            if reference:
                pairs[session] = (reference, predicted)
        return WindowsScore(windows, scored, unread, failed, segmentation_scores(pairs, ("",)))

    def _add(self, items: Items, session: str) -> None:
        release = items.release
        name, spoken = f"annotations/{session}.{self.kind}.csv", f"transcripts/{session}.turns.vtt"
        if name not in release.manifest.files:
            return
        there = [each for each in (name, spoken) if each in release.manifest.files]
        demand_as_frozen(release.folder, release.manifest, there)
        known = _labelled((release.folder / name).read_text(encoding="utf-8-sig"))
        if not known:
            return
        turns = read_turns(release.folder / spoken, TranscriptId("")) if spoken in there else []
        self.said[session] = [(turn.interval.end_ns / 1e9, f"{turn.speaker}: {turn.text}") for turn in turns]
        self.known[session] = known
        self.ends[session] = max(each.end_s for each in known)
        self.labels = sorted({*self.labels, *(each.label for each in known)})
        lines = [line for line in items.lines.values() if line.session == session]
        taken = {t: name for line in lines for t, name in zip(line.frame_times_s, line.frames, strict=False)}
        self.pictures[session] = sorted((taken | _of_whole_session(release, session)).items())

    def _shown(self, condition: Condition, session: str, start: float, end: float) -> Shown | None:
        pictures = [name for t, name in self.pictures[session] if condition.seen and start <= t < end]
        said = [text for t, text in self.said[session] if condition.heard and start < t <= end]
        if (condition.seen and not pictures) or (condition.heard and not said):
            return None
        listed = [f"{letter}. {text}" for letter, text in zip(LETTERS, self._options(), strict=False)]
        how = "Answer with the letter of one option alone."
        if len(listed) < len(self._options()):
            listed, how = self._options(), "Answer with the text of one option alone."
        heard = ["Said:", *said, ""] if said else []
        return Shown("\n".join((*heard, KINDS[self.kind], *listed, how)), tuple(pictures[-MOST_PICTURES:]))

    def _options(self) -> list[str]:
        return [*self.labels, NONE]

    def _frames(self, session: str, start: float, end: float) -> list[str]:
        """The label in the middle of each sample; where several overlap, of the one that began last."""
        frames = []
        for n in range(max(1, round((end - start) * RATE))):
            at = start + (n + 0.5) / RATE
            on = [each for each in self.known[session] if each.start_s <= at < each.end_s]
            frames.append(max(on, key=lambda each: each.start_s).label if on else "")
        return frames


def _of_whole_session(release: Released, session: str) -> dict[float, str]:
    """The pictures at a stated rate, where the release has such."""
    name = list_name(session)
    if name not in release.manifest.files:
        return {}
    demand_as_frozen(release.folder, release.manifest, [name])
    try:
        found = read_file(release.folder / name, SessionPictures)
    except (OSError, Unsound) as error:
        raise WozError(
            f"{release.folder / name} can't be read ({error}); get a whole copy of the release."
        ) from error
    return dict(zip(found.times_s, found.names, strict=False))


def _labelled(text: str) -> list[Labelled]:
    """Of the file's first tier."""
    rows = list(csv.DictReader(io.StringIO(text)))
    first = rows[0]["tier"] if rows else ""
    found = [
        Labelled(float(r["start_s"]), float(r["end_s"]), r["label"])
        for r in rows
        if r["tier"] == first and r["end_s"]
    ]
    return sorted((each for each in found if each.end_s > each.start_s), key=lambda each: each.start_s)
