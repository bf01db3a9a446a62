"""Dialogues scored: ProAssist's measures, published and mended; PAUC where replies were graded; useful windows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.dataset.evaluation.dialogues import Dialogue, Utterance
from woz.dataset.measures.proactive import WindowScores, pauc, window_scores
from woz.dataset.measures.talk_matching import Likeness, Matching, Said, TalkScores, match, on_frames, talk_scores
from woz.dataset.texts import words_of

OMEGAS = (0.0, 0.5, 1.0)
WORDS, GIVEN = "cosine of words", "cosine of the embeddings given"
Pairs = Sequence[tuple[Dialogue, Dialogue]]


@dataclass(frozen=True, slots=True)
class DialogueScores:
    """`mended` by a dense assignment; `published` as ProAssist's code gives it, None where that code fails.
    `pauc` by omega, over the spans of the reference with predictions that were graded.
    """

    videos: int
    frame_rate: float
    window_s: tuple[float, float]
    likeness: str
    mended: TalkScores
    published: TalkScores | None
    windows: WindowScores | None
    pauc: dict[str, float] | None
    talk_per_minute: float | None
    warnings: list[str]


def score_dialogues(
    pairs: Pairs, window_s: tuple[float, float] | None = None, frame_rate: float = 2
) -> DialogueScores:
    """`window_s` (before, after) bounds where a prediction's reference may be; where it is None, it follows
    from the reference as ProAssist's do: after is half the mean interval between utterances, before half of that.

    Raises WozError where it can't be known, or embeddings differ in length.
    """
    if not 0 < frame_rate <= 1000:
        raise WozError(f"A frame rate lies between 0 and 1000 a second, which {frame_rate:g} does not.")
    window_s = window_s or usual_window(pairs)
    before, after = (int(each * frame_rate) for each in window_s)
    if before > 0 or after < 0:
        raise WozError("A window begins at 0 s or before, and ends at 0 s or later: --window=-2,4, say.")
    name, likeness = _likeness(pairs)
    mended, published = (
        [_match(pair, (before, after), frame_rate, likeness, flawed) for pair in pairs] for flawed in (False, True)
    )
    whole = [each for each in published if each is not None]
    return DialogueScores(
        len(pairs),
        frame_rate,
        window_s,
        name,
        talk_scores([each for each in mended if each is not None], frame_rate),
        talk_scores(whole, frame_rate) if len(whole) == len(published) else None,
        _windows(pairs),
        _pauc(pairs),
        _per_minute(pairs),
        _warnings(pairs, name, len(whole) < len(published)),
    )


def usual_window(pairs: Pairs) -> tuple[float, float]:
    """Raises WozError where no reference has two utterances."""
    spoken = [sorted(u.time for u in reference.utterances) for reference, _ in pairs]
    gaps = [b - a for times in spoken for a, b in pairwise(times)]
    if not gaps:
        raise WozError(
            "No dialogue of the reference has two utterances to take a window from; give --window=-2,4, say."
        )
    after = fmean(gaps) / 2
    return -after / 2, after


def _match(
    pair: tuple[Dialogue, Dialogue], window: tuple[int, int], frame_rate: float, likeness: Likeness, published: bool
) -> Matching | None:
    reference, predicted = (on_frames([(u.time, u.text) for u in each.utterances], frame_rate) for each in pair)
    return match(
        predicted, reference, window, likeness, _frames(pair[0], frame_rate, reference, predicted), published
    )


def _frames(dialogue: Dialogue, frame_rate: float, *said: Sequence[Said]) -> int | None:
    """How many the video has, no fewer than something is said on; None where its length isn't known."""
    if dialogue.duration is None:
        return None
    return max(math.ceil(dialogue.duration * frame_rate), *(each[-1].frame + 1 for each in said if each), 0)


def _likeness(pairs: Pairs) -> tuple[str, Likeness]:
    """By embeddings where every utterance has one, else by words."""
    said = [u for pair in pairs for each in pair for u in each.utterances]
    if not said or any(u.embedding is None for u in said):
        return WORDS, by_words
    vectors = {u.text: u.embedding or [] for u in said}
    if len({len(each) for each in vectors.values()}) > 1:
        raise WozError("The embeddings have several lengths; take all of them from one model.")
    return GIVEN, lambda one, other: _cosine(dict(enumerate(vectors[one])), dict(enumerate(vectors[other])))


def by_words(one: str, other: str) -> float:
    return _cosine(Counter(words_of(one)), Counter(words_of(other)))


def _cosine(
    one: Mapping[str, float] | Mapping[int, float], other: Mapping[str, float] | Mapping[int, float]
) -> float:
    if one == other:
        return 1.0 if one else 0.0
    lengths = math.sqrt(math.fsum(a * a for a in one.values())) * math.sqrt(
        math.fsum(b * b for b in other.values())
    )
    shared = math.fsum(value * other[key] for key, value in one.items() if key in other)  # type: ignore[index]
    return shared / lengths if lengths else 0.0


def _windows(pairs: Pairs) -> WindowScores | None:
    """Of all videos together, laid one behind the other; None where the reference has no windows."""
    if not any(_bounded(u) for reference, _ in pairs for u in reference.utterances):
        return None
    spans, times, silences, at = list[tuple[float, float, float]](), list[float](), list[tuple[float, float]](), 0.0
    for reference, predicted in pairs:
        bounded = [u for u in reference.utterances if _bounded(u)]
        spans += [(at + (u.earliest or 0), at + u.time, at + (u.latest or 0)) for u in bounded]
        times += [at + u.time for u in predicted.utterances]
        silences += [(at + a, at + b) for a, b in reference.silence]
        at = max([at, *times, *(b for _, b in silences), *(late for _, _, late in spans)]) + 1
    return window_scores(spans, times, silences)


def _bounded(utterance: Utterance) -> bool:
    return utterance.earliest is not None and utterance.latest is not None


def _pauc(pairs: Pairs) -> dict[str, float] | None:
    """The mean over the reference's spans; None where nothing was graded."""
    if not any(u.grade is not None for _, predicted in pairs for u in predicted.utterances):
        return None
    spans = [
        (u.earliest or 0, u.latest or 0, predicted)
        for reference, predicted in pairs
        for u in reference.utterances
        if _bounded(u) and (u.latest or 0) > (u.earliest or 0)
    ]
    if not spans:
        return None
    return {
        f"{omega:g}": fmean(
            pauc(start, end, _graded(predicted, start, end), omega) for start, end, predicted in spans
        )
        for omega in OMEGAS
    }


def _graded(predicted: Dialogue, start: float, end: float) -> list[tuple[float, int]]:
    return [(u.time, u.grade) for u in predicted.utterances if u.grade is not None and start <= u.time <= end]


def _per_minute(pairs: Pairs) -> float | None:
    """None unless every video's length is known."""
    lengths = [reference.duration for reference, _ in pairs]
    total = sum(each or 0 for each in lengths)
    if None in lengths or not total:
        return None
    return 60 * sum(len(predicted.utterances) for _, predicted in pairs) / total


def _warnings(pairs: Pairs, likeness: str, failed: bool) -> list[str]:
    found = []
    if likeness == WORDS:
        found.append(
            "Texts are compared by their words, not by all-mpnet-base-v2 as ProAssist does; give embeddings."
        )
    silent = [reference.video for reference, _ in pairs if not reference.utterances]
    if silent:
        found.append(f"The reference of {', '.join(silent[:5])} holds no utterance: all said there is redundant.")
    if failed:
        found.append("The published code would end with an error on these data: no figures of it.")
    part = [u for _, predicted in pairs for u in predicted.utterances]
    graded = sum(u.grade is not None for u in part)
    if 0 < graded < len(part):
        found.append(f"PAUC rests on {graded} of {counted(len(part), 'utterance')} that were graded.")
    return found
