"""The language of a session: what its voices sound like in their first half minutes, taken together.

One voice alone in some ten seconds of speech is easily taken for another language. While what was asked doesn't
tell, further windows are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from woz.transcription.cache import model_key
from woz.transcription.listening import Prepared
from woz.transcription.packing import Region, Samples
from woz.transcription.recognition import WINDOW_S
from woz.transcription.tracks import RATE
from woz.transcription.work import Work

ASKED, MOST = 2, 6
"""So many windows are asked at once, and so many at most; each costs a run of the model's encoder."""
CLEAR = {1: 0.8, 2: 0.5}
"""By how many windows tell something: a language that is likelier may be what is spoken instead of the one set."""
AGAINST_THE_SET = 4.0
"""It must be so many times as likely as that."""
FAINT, FAINT_AGAINST_THE_SET, FAINT_FROM_S = 0.4, 10.0, 15.0
"""The same bounds where two windows with so much speech, or more, leave next to nothing for the one set: a voice
that isn't clear spreads its probability over others, and seldom takes all from what it speaks."""
TELLING_S = 3.0
"""Less speech than that in a window tells nothing of its own."""
ONE_SPOKEN = (("no", "nn"), ("hi", "ur"), ("hr", "bs", "sr"), ("id", "ms"))
"""Languages that are written apart and hardly told apart by ear: one of them is no doubt about another."""


@dataclass(frozen=True)
class Asked:
    """A window of a voice's packed sound, and the seconds of speech in it."""

    one: Prepared
    window: Region
    speech_s: float

    @property
    def sound(self) -> Samples:
        start, end = self.window
        return self.one.packed[int(start * RATE) : int(end * RATE)]

    @property
    def key(self) -> tuple[object, ...]:
        """What the sound depends on."""
        return self.one.key, asdict(self.one.packing), self.window


@dataclass(frozen=True)
class Sounding:
    """How likely a session is in each language, by how many windows that tell, and the seconds of speech in all."""

    likely: Mapping[str, float]
    windows: int
    speech_s: float

    @property
    def likeliest(self) -> str:
        """Empty where nobody speaks."""
        return max(self.likely, key=lambda language: self.likely[language], default="")

    def instead_of(self, wanted: str) -> str:
        """The language that is spoken instead of the one that was set; empty where there is none."""
        return self.likeliest if self._is_clear(wanted) or self._is_faint(wanted) else ""

    def tells(self, wanted: str | None) -> bool:
        """Whether further windows are of no use; a faint doubt may go by them."""
        if wanted:
            return self.likeliest in ("", *_spoken_alike(wanted)) or self._is_clear(wanted)
        return not self.likely or self.likely[self.likeliest] > CLEAR[2]

    def _is_clear(self, wanted: str) -> bool:
        return self._outdoes(wanted, CLEAR[min(self.windows, 2)], AGAINST_THE_SET)

    def _is_faint(self, wanted: str) -> bool:
        enough = self.windows > 1 and self.speech_s >= FAINT_FROM_S
        return enough and self._outdoes(wanted, FAINT, FAINT_AGAINST_THE_SET)

    def _outdoes(self, wanted: str, least: float, times: float) -> bool:
        """Whether another language is likelier than `least`, and than so many times the one that was set."""
        found, own = self.likeliest, _spoken_alike(wanted)
        of_set = sum(self.likely.get(language, 0.0) for language in own)
        return found not in ("", *own) and self.likely[found] > max(least, times * of_set)


def sounding_of(work: Work, voices: Sequence[Prepared], wanted: str | None) -> Sounding:
    """By the engine of `work`; `wanted` is the language that was set, None where it is to be found out."""
    windows = windows_of(voices)
    heard = list[tuple[float, Mapping[str, float]]]()
    for first in range(0, len(windows), ASKED):
        heard += _heard(work, windows[first : first + ASKED])
        found = sounding(heard)
        if found.tells(wanted):
            return found
    return sounding(heard)


def windows_of(voices: Sequence[Prepared]) -> list[Asked]:
    """The first window of each voice, those with most speech first, then the second ones; at most MOST."""
    numbered = [
        (number, Asked(one, window, _speech_s(one, window)))
        for one in voices
        for number, window in enumerate(one.packing.chunks(WINDOW_S)[:MOST])
    ]
    numbered.sort(key=lambda item: (item[0], -item[1].speech_s))
    return [part for _, part in numbered[:MOST]]


def sounding(heard: Iterable[tuple[float, Mapping[str, float]]]) -> Sounding:
    """Of windows with so many seconds of speech, and each language's probability in them.

    The probability is the mean, weighted by the seconds of speech.
    """
    sums: dict[str, float] = defaultdict(float)
    lengths = list[float]()
    for speech_s, likely in heard:
        lengths.append(speech_s)
        for language, probability in likely.items():
            sums[language] += speech_s * probability
    whole_s = sum(lengths)
    likely = {language: share / whole_s for language, share in sums.items()}
    return Sounding(likely, max(1, sum(speech_s >= TELLING_S for speech_s in lengths)), whole_s)


def _heard(work: Work, asked: Sequence[Asked]) -> list[tuple[float, Mapping[str, float]]]:
    """Of each window its seconds of speech, and how likely it is in each language."""
    work.steps.begin("language", "")
    found = work.kept(
        "languages",
        lambda: [(part.speech_s, work.engine.languages(part.sound)) for part in asked],
        *(part.key for part in asked),
        model_key(work.engine.model_path()),
    )
    return [(speech_s, likely) for speech_s, likely in found]


def _spoken_alike(language: str) -> tuple[str, ...]:
    """The language, and those that are told from it in writing alone."""
    return next((several for several in ONE_SPOKEN if language in several), (language,))


def _speech_s(one: Prepared, window: Region) -> float:
    laid = [one.packing.forth(*region) for region in one.speech]
    return sum(max(0.0, min(end, window[1]) - max(start, window[0])) for start, end in laid)
