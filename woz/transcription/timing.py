"""In the child: a text's words, timed by the sound of the stretch they are said in."""

from __future__ import annotations

from pathlib import Path

from woz.annotation.word_times import retimed
from woz.annotation.words import words_in
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.transcript import Word
from woz.transcription.engine import Engine
from woz.transcription.task import Timing
from woz.transcription.tracks import RATE, read_part
from woz.transcription.wording import words_of


def timed(timing: Timing, engine: Engine) -> list[Interval]:
    """A time for each word, in order, within the stretch. Raises WozError where there is no model, or no sound."""
    if not timing.language or engine.aligner_path(timing.language) is None:
        language = timing.language or "xx"
        raise WozError(
            f"There is no alignment model for the language “{language}” here; woz models fetch aligner-{language} "
            "gets one, where there is one."
        )
    span = Interval(timing.start_ns, timing.end_ns)
    samples, start_ns = read_part(Path(timing.sound.path), timing.sound.track, span)
    segment = {"text": timing.text, "start": 0.0, "end": len(samples) / RATE}
    aligned = engine.align([segment], samples, timing.language, lambda part: None)
    if not any(found.get("words") for found in aligned):
        raise WozError("The model did not find these words in the sound; is the text in the transcript's language?")
    heard = [word for found in aligned for word in words_of(found)]
    known = [Word(w.text, Interval(start_ns + w.start_ns, start_ns + w.end_ns)) for w in heard]
    return [word.interval for word in retimed(known, words_in(timing.text), span)]
