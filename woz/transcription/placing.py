"""Words of packed speech on the track's time: each inside one stretch of voice activity, in order.

A recogniser's attention, and an aligner less so, lets a word begin where the last one ended: across a pause it
begins too early, while its end is where it should be. So a word belongs to the stretch that holds its last part.
But a sentence's last word, which may take the pause after it for its own, stays where it began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from woz.annotation.word_times import spread
from woz.base.interval import Interval
from woz.transcription.packing import Packing, Region
from woz.transcription.task import Heard

USUAL_NS = 150_000_000
USUAL_LETTER_NS = 70_000_000
"""A word takes about so long, and so much more for each letter."""
LONGEST = 3
"""A word that seems to take so many times as long began later."""
ONSET_NS = 300_000_000
"""A first word this near the beginning of its stretch begins with it."""
FADE_NS = 500_000_000
"""A last word this near the end of its stretch ends with it."""
SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
LEAST_PART = 0.3
"""Of its usual length, so much of a sentence's last word lies before the pause, or it is said after it."""
BEYOND_NS = 150_000_000
"""A sentence's first word that ends so long after a stretch belongs to the next one."""
SHORTEST_NS = 40_000_000


def placed(words: Sequence[Heard], speech: Sequence[Region], packing: Packing) -> list[Heard]:
    """Words of the packed sound (ns) on the track's time. `speech` is where anybody speaks, in s of the track."""
    stretches = [_ns(region) for region in speech]
    laid = laid_out(speech, packing)
    owners = _owners(words, laid)
    found: list[Heard] = []
    for i, group in groupby(zip(words, owners, strict=True), key=lambda pair: pair[1]):
        shift = stretches[i].start_ns - laid[i].start_ns
        found += _within([_moved(word, shift) for word, _ in group], stretches[i])
    return found


def laid_out(speech: Sequence[Region], packing: Packing) -> list[Interval]:
    """Where the stretches of speech lie in the packed sound."""
    return [_ns(packing.forth(*region)) for region in speech]


def _owners(words: Sequence[Heard], laid: Sequence[Interval]) -> list[int]:
    """The stretch of each word; none lies before that of the word before it.

    A mark lies with the word before it; one before all words lies with the first of them.
    """
    owners: list[int] = []
    marks = next((i for i, word in enumerate(words) if _spoken(word.text)), 0)
    for i, word in enumerate(words[marks:], start=marks):
        first = owners[-1] if owners else 0
        if owners and not _spoken(word.text):
            owners.append(first)
            continue
        beyond = max(first, bisect_right(laid, word.end_ns, key=lambda span: span.start_ns))
        candidates = range(first, min(len(laid), beyond + 1))
        begins, ends = i > 0 and ends_sentence(words, i - 1), ends_sentence(words, i)
        owners.append(_owner(word, laid, candidates, begins and not ends, ends and not begins))
    return owners[:1] * marks + owners


def _owner(word: Heard, laid: Sequence[Interval], candidates: range, begins: bool, ends: bool) -> int:
    """`begins` and `ends`: the word is a sentence's first, or its last, and not both."""
    if ends and (before := _left_before(word, laid, candidates)) is not None:
        return before
    core = Interval(max(word.start_ns, word.end_ns - usual_ns(word.text)), word.end_ns)
    nearest = _nearest(core, laid, candidates)
    goes_on = begins and word.end_ns - laid[nearest].end_ns >= BEYOND_NS
    return nearest + 1 if goes_on and nearest + 1 in candidates else nearest


def _left_before(word: Heard, laid: Sequence[Interval], candidates: range) -> int | None:
    """The stretch in which a sentence's last word begins and has time enough, though it seems to last beyond it."""
    least = LEAST_PART * usual_ns(word.text)
    whole = Interval(word.start_ns, max(word.start_ns, word.end_ns))
    return next((i for i in candidates if (whole & laid[i]).duration_ns >= least), None)


def ends_sentence(words: Sequence[Heard], i: int) -> bool:
    """Whether a sentence ends with word number `i`, or with a mark that is a word of its own after it."""
    after = words[i + 1].text if i + 1 < len(words) and not _spoken(words[i + 1].text) else ""
    return (words[i].text + after).rstrip("\"'”’»)").endswith(SENTENCE_ENDS)


def _spoken(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _nearest(core: Interval, laid: Sequence[Interval], candidates: range) -> int:
    return max(candidates, key=lambda i: (_closeness(core, laid[i]), -i))


def _closeness(one: Interval, other: Interval) -> int:
    """How much two spans share, or, below zero, how far they are apart."""
    return min(one.end_ns, other.end_ns) - max(one.start_ns, other.start_ns)


def usual_ns(text: str) -> int:
    return USUAL_NS + USUAL_LETTER_NS * len(text)


def _within(words: Sequence[Heard], stretch: Interval) -> list[Heard]:
    """In order, without overlap, inside the stretch, whose edges are those of a first and a last word near them."""
    found: list[Heard] = []
    at = stretch.start_ns
    for word in words:
        end = min(max(word.end_ns, at), stretch.end_ns)
        start = min(max(word.start_ns, at, end - LONGEST * usual_ns(word.text)), end)
        found.append(replace(word, start_ns=start, end_ns=end))
        at = end
    if found[0].start_ns - stretch.start_ns <= ONSET_NS:
        found[0] = replace(found[0], start_ns=stretch.start_ns)
    if stretch.end_ns - found[-1].end_ns <= FADE_NS:
        found[-1] = replace(found[-1], end_ns=stretch.end_ns)
    return _roomy(found, stretch)


def _roomy(words: Sequence[Heard], stretch: Interval) -> list[Heard]:
    """Words with no time of their own share that of their neighbours, by their letters."""
    found = list(words)
    i = 0
    while i < len(found):
        if found[i].end_ns - found[i].start_ns >= SHORTEST_NS:
            i += 1
            continue
        first, last = _crowd(found, i, stretch)
        found[first:last] = _shared(found[first:last], stretch)
        i = last
    return found


def _crowd(words: Sequence[Heard], i: int, stretch: Interval) -> tuple[int, int]:
    """The fewest words around the one that have time enough between them."""
    first, last = i, i + 1
    while _room(words, first, last, stretch) < SHORTEST_NS * (last - first) and (first > 0 or last < len(words)):
        if last < len(words):
            last += 1
        else:
            first -= 1
    return first, last


def _room(words: Sequence[Heard], first: int, last: int, stretch: Interval) -> int:
    return words[last - 1].end_ns - words[first].start_ns


def _shared(words: Sequence[Heard], stretch: Interval) -> list[Heard]:
    whole = Interval(words[0].start_ns, words[-1].end_ns)
    if len(words) == 1:
        start = max(stretch.start_ns, min(whole.start_ns, whole.end_ns - SHORTEST_NS))
        return [replace(words[0], start_ns=start)]
    times = spread([word.text for word in words], whole)
    return [
        replace(word, start_ns=time.interval.start_ns, end_ns=time.interval.end_ns)
        for word, time in zip(words, times, strict=True)
    ]


def _moved(word: Heard, by_ns: int) -> Heard:
    return replace(word, start_ns=word.start_ns + by_ns, end_ns=word.end_ns + by_ns)


def _ns(region: Region) -> Interval:
    return Interval(round(region[0] * 1e9), round(region[1] * 1e9))
