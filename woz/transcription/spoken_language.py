"""The language of a session: what its voices sound like in their first half minutes, taken together.

One voice alone in some ten seconds of speech is easily taken for another language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from woz.transcription.cache import model_key
from woz.transcription.listening import Prepared
from woz.transcription.packing import Region, Samples
from woz.transcription.recognition import WINDOW_S
from woz.transcription.tracks import RATE
from woz.transcription.work import Work

ASKED = 2
"""So many windows are asked; each costs a run of the model's encoder."""


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


def language_of(work: Work, voices: Sequence[Prepared]) -> str:
    """By the engine of `work`; none where nobody speaks."""
    asked = asked_of(voices)
    if not asked:
        return ""
    work.steps.begin("language", "")
    found, _ = work.kept(
        "language",
        lambda: list(pooled([(part.speech_s, work.engine.languages(part.sound)) for part in asked])),
        *(part.key for part in asked),
        model_key(work.engine.model_path()),
    )
    return str(found)


def asked_of(voices: Sequence[Prepared]) -> list[Asked]:
    """The first window of each voice, those with most speech first, then the second ones; at most ASKED."""
    numbered = [
        (number, Asked(one, window, _speech_s(one, window)))
        for one in voices
        for number, window in enumerate(one.packing.chunks(WINDOW_S))
    ]
    numbered.sort(key=lambda item: (item[0], -item[1].speech_s))
    return [part for _, part in numbered[:ASKED]]


def pooled(heard: Sequence[tuple[float, Mapping[str, float]]]) -> tuple[str, float]:
    """The likeliest language and its probability: the mean over what was heard, weighted by seconds of speech.

    `heard` has the seconds, more than none together, and each language's probability.
    """
    sums: dict[str, float] = defaultdict(float)
    for speech_s, likely in heard:
        for language, probability in likely.items():
            sums[language] += speech_s * probability
    best = max(sums, key=lambda language: sums[language])
    return best, sums[best] / sum(speech_s for speech_s, _ in heard)


def _speech_s(one: Prepared, window: Region) -> float:
    laid = [one.packing.forth(*region) for region in one.speech]
    return sum(max(0.0, min(end, window[1]) - max(start, window[0])) for start, end in laid)
