"""Where one person speaks on a track of their own, words or none: what is a silence, and how far a turn reaches."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

from woz.base.interval import Interval
from woz.transcription.task import VoiceResult

LEFT_OUT_NS = 2_000_000_000
"""So much speech without words may belong to a turn; where there is more, it may be noise, or somebody else."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Stretches of speech in ns of the track, in order; none where nothing is known of them."""

    stretches: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, voice: VoiceResult) -> Floor:
        """Nothing is known of a track with several voices: its speech may be anybody's."""
        return cls(() if any(word.voice for word in voice.words) else voice.speech)

    def silence_ns(self, start_ns: int, end_ns: int) -> int:
        """How much of a gap between two words is silent; all of a long one."""
        if end_ns - start_ns > LEFT_OUT_NS:
            return end_ns - start_ns
        spoken = 0
        for start, end in self.stretches[bisect_right(self.stretches, start_ns, key=itemgetter(1)) :]:
            if start >= end_ns:
                break
            spoken += max(0, min(end_ns, end) - max(start_ns, start))
        return end_ns - start_ns - spoken

    def reach(self, words: Interval, after_ns: int | None, before_ns: int | None, breath_ns: int) -> Interval:
        """From the words to the edges of their stretches, and over others no further than a breath away.

        Stretches that begin before `after_ns` or end after `before_ns` belong to other turns, too.
        """
        free = [
            (start, end)
            for start, end in self.stretches
            if (after_ns is None or start >= after_ns) and (before_ns is None or end <= before_ns)
        ]
        start_ns, end_ns = words.start_ns, words.end_ns
        for start, end in free:
            if start - end_ns <= breath_ns and end_ns < end <= words.end_ns + LEFT_OUT_NS:
                end_ns = end
        for start, end in reversed(free):
            if start_ns - end <= breath_ns and start_ns > start >= words.start_ns - LEFT_OUT_NS:
                start_ns = start
        return Interval(start_ns, end_ns)
