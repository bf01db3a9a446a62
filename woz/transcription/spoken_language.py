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
CLEAR = {1: 0.8, 2: 0.5}
"""By how many windows were asked: a language that is likelier may be what is spoken instead of the one set."""
AGAINST_THE_SET = 4.0
"""It must be so many times as likely as that."""
TELLING_S = 3.0
"""Less speech than that in a window tells nothing of its own."""


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


def languages_of(work: Work, voices: Sequence[Prepared]) -> dict[str, float]:
    """How likely the session is in each language, by the engine of `work`; empty where nobody speaks."""
    asked = asked_of(voices)
    if not asked:
        return {}
    work.steps.begin("language", "")
    found: dict[str, float] = work.kept(
        "languages",
        lambda: pooled([(part.speech_s, work.engine.languages(part.sound)) for part in asked]),
        *(part.key for part in asked),
        model_key(work.engine.model_path()),
    )
    return found


def likeliest(likely: Mapping[str, float]) -> str:
    """Empty of none."""
    return max(likely, key=lambda language: likely[language], default="")


def spoken_instead(wanted: str, likely: Mapping[str, float], asked: int) -> str:
    """The language that is clearly spoken instead of the one that was set; empty where there is none.

    `asked` is how many windows told it, one to ASKED.
    """
    found = likeliest(likely)
    if found in ("", wanted):
        return ""
    clear = likely[found] > max(CLEAR[asked], AGAINST_THE_SET * likely.get(wanted, 0.0))
    return found if clear else ""


def asked_of(voices: Sequence[Prepared]) -> list[Asked]:
    """The first window of each voice, those with most speech first, then the second ones; at most ASKED."""
    numbered = [
        (number, Asked(one, window, _speech_s(one, window)))
        for one in voices
        for number, window in enumerate(one.packing.chunks(WINDOW_S))
    ]
    numbered.sort(key=lambda item: (item[0], -item[1].speech_s))
    return [part for _, part in numbered[:ASKED]]


def telling(asked: Sequence[Asked]) -> int:
    """How many of these windows tell something of their own; one where none does."""
    return max(1, sum(part.speech_s >= TELLING_S for part in asked))


def pooled(heard: Sequence[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Each language's probability: the mean over what was heard, weighted by seconds of speech.

    `heard` has the seconds, more than none together, and each language's probability.
    """
    sums: dict[str, float] = defaultdict(float)
    for speech_s, likely in heard:
        for language, probability in likely.items():
            sums[language] += speech_s * probability
    whole_s = sum(speech_s for speech_s, _ in heard)
    return {language: share / whole_s for language, share in sums.items()}


def _speech_s(one: Prepared, window: Region) -> float:
    laid = [one.packing.forth(*region) for region in one.speech]
    return sum(max(0.0, min(end, window[1]) - max(start, window[0])) for start, end in laid)
