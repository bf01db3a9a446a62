"""Steps and conversation states asked window by window over whole sessions, and scored as segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from woz.annotation.measures.segmentation_scores import SegmentationScores, segmentation_scores
from woz.dataset.evaluation.conditions import Condition, Shown
from woz.dataset.evaluation.footage import Footage
from woz.dataset.evaluation.request import Put
from woz.dataset.harness.released import prompt
from woz.dataset.measures.accuracy import Outcome
from woz.dataset.models.exchanges import Exchanges
from woz.dataset.models.replies import read_choice

NONE = "None of these"
RATE = 10.0
"""Samples a second of what is scored, where a task states none."""
CONDITIONS = (Condition.VIDEO, Condition.TRANSCRIPT, Condition.BOTH)
_UNREAD = "(unread)"


def window_id(session: str, start_s: float) -> str:
    """How exchanges name a window."""
    return f"{session}@{start_s:g}"


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
    """Of one kind: `known` segments and `ends` (s) by session, `labels` to choose from, `rate` (1/s) of what is
    scored.
    """

    kind: str
    question: str
    length_s: float
    footage: Footage
    labels: list[str] = field(default_factory=list)
    known: dict[str, list[Labelled]] = field(default_factory=dict)
    ends: dict[str, float] = field(default_factory=dict)
    rate: float = RATE

    def add(self, session: str, known: list[Labelled], end_s: float) -> None:
        self.known[session], self.ends[session] = known, end_s
        self.labels = sorted({*self.labels, *(each.label for each in known)})

    @property
    def choices(self) -> list[str]:
        """What a model chooses from."""
        return [*self.labels, NONE]

    def spans(self, session: str) -> Iterator[tuple[float, float]]:
        count = -(-self.ends[session] // self.length_s)
        for n in range(int(count)):
            yield n * self.length_s, min((n + 1) * self.length_s, self.ends[session])

    def puts(self, condition: str) -> Iterator[Put]:
        """A window without anything of the kind to show isn't asked."""
        for session in self.known:
            for start, end in self.spans(session):
                if shown := self._shown(Condition(condition), session, start, end):
                    yield Put(self.name(condition), window_id(session, start), shown)

    def pictures(self, session: str, start_s: float, end_s: float) -> tuple[str, ...]:
        """Names of those that are shown of a window."""
        return self.footage.pictures(session, start_s, end_s)

    def true_labels(self, session: str, start_s: float, end_s: float) -> list[str]:
        """What holds in a window, in the order in which it began."""
        inside = [each for each in self.known[session] if each.start_s < end_s and start_s < each.end_s]
        return list(dict.fromkeys(each.label for each in sorted(inside, key=lambda each: each.start_s)))

    def outcome(self, condition: str, session: str, start_s: float, end_s: float, found: Exchanges) -> Outcome:
        """Right where a reply names the label that holds at the window's end, which is what is asked."""
        each = found.get((self.name(condition), window_id(session, start_s)))
        if each is None or each.error is not None:
            return Outcome.MISSING if each is None else Outcome.FAILED
        label = self._named(each.reply)
        if label == _UNREAD:
            return Outcome.UNPARSED
        return Outcome.RIGHT if label == self._frames(session, start_s, end_s)[-1] else Outcome.WRONG

    def name(self, condition: str) -> str:
        """How exchanges name the condition."""
        return f"{self.kind}/{condition}"

    def score(self, condition: str, found: Exchanges) -> WindowsScore:
        """Frames of windows that have a reply, each session's one after the other."""
        unread, scored, failed, windows = 0, 0, 0, 0
        pairs = dict[str, tuple[list[str], list[str]]]()
        for session in self.known:
            reference, predicted = list[str](), list[str]()
            for start, end in self.spans(session):
                windows += 1
                each = found.get((self.name(condition), window_id(session, start)))
                if each is None or each.error is not None:
                    failed += each is not None
                    continue
                label, own = self._named(each.reply), self._frames(session, start, end)
                scored, unread = scored + 1, unread + (label == _UNREAD)
                reference += own
                predicted += [label] * len(own)
            if reference:
                pairs[session] = (reference, predicted)
        return WindowsScore(windows, scored, unread, failed, segmentation_scores(pairs, ("",)))

    def _named(self, reply: str | None) -> str:
        choice = read_choice(reply, self.choices).option
        return _UNREAD if choice is None else (*self.labels, "")[choice]

    def _shown(self, condition: Condition, session: str, start: float, end: float) -> Shown | None:
        pictures = self.footage.pictures(session, start, end) if condition.seen else ()
        said = self.footage.said(session, start, end) if condition.heard else []
        if (condition.seen and not pictures) or (condition.heard and not said):
            return None
        heard = ["Said:", *said, ""] if said else []
        return Shown("\n".join((*heard, prompt(self.question, self.choices))), pictures)

    def _frames(self, session: str, start: float, end: float) -> list[str]:
        """The label in the middle of each frame; where several overlap, of the one that began last."""
        frames = []
        for n in range(round(start * self.rate), max(round(start * self.rate) + 1, round(end * self.rate))):
            at = (n + 0.5) / self.rate
            on = [each for each in self.known[session] if each.start_s <= at < each.end_s]
            frames.append(max(on, key=lambda each: each.start_s).label if on else "")
        return frames
