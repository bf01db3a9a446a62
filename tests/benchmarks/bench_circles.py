"""What a lower limit would cost by which a text is taken to go round in circles, and what it would win.

    python -m tests.benchmarks.bench_circles                       references alone: seconds, no model
    python -m tests.benchmarks.bench_circles --models base --json FILE

Of references: how many windows of what people really said shrink more than each limit, though they are right, and
how many of circles that are made of them. Of models: each window is recognised once without a limit, and again with
each one that its text exceeds, as the program would; fewer or more errors say whether that was right.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.transcription.audio import NAMES, Audio, data_folder, make
from tests.benchmarks.transcription.circles import (
    Caught,
    Shrinking,
    Window,
    caught,
    holoassist,
    shrinking,
    windows_of,
)
from tests.benchmarks.transcription.declaration import ARTICLE_1
from tests.benchmarks.transcription.limits import Heard, Summary, summaries
from tests.benchmarks.transcription.measures import UNSPACED
from tests.real_models import Unavailable, real_model
from woz.transcription import recogniser as settings
from woz.transcription.engine import Plain, Plan
from woz.transcription.packing import packed
from woz.transcription.recogniser import TRANSCRIBE, How, Recogniser
from woz.transcription.references import read_reference
from woz.transcription.repetition import repetition
from woz.transcription.scoring import normalised
from woz.transcription.tracks import RATE, read_voice

LIMITS = (2.4, 2.3, 2.2, 2.1, 2.0, 1.9, 1.8)
AUDIO = tuple(name for name in NAMES if not name.startswith("ami") and name != "call-mono")
"""With reference texts, a track a person."""


def of_references(limits: Sequence[float]) -> tuple[list[Shrinking], list[Caught]]:
    speech = data_folder() / "speech"
    call = read_reference(speech / "two_person_call.stm")
    tracks = list(holoassist(data_folder() / "annotations" / "holoassist"))
    tracks += [[u for u in call if u.speaker == who] for who in sorted({u.speaker for u in call})]
    texts = [window.text for said in tracks for window in windows_of(said, max(u.end_s for u in said) + 5)[1]]
    rows = [shrinking("what instructor and student say, and the call", texts, limits)]
    rows += [shrinking(f"article 1, {language}", [text], limits) for language, text in ARTICLE_1.items()]
    return rows, caught(texts, limits)


def of_audio(audio: Audio, recogniser: Recogniser, model: str, limits: Sequence[float]) -> list[Heard]:
    found = []
    for speaker, path in audio.tracks.items():
        samples, _ = read_voice(path, 0)
        own = [u for u in audio.said if u.speaker == speaker]
        packing, windows = windows_of(own, len(samples) / RATE, "" if audio.language == "zh" else " ")
        sound = packed(samples, RATE, packing)
        for window in windows:
            start, end = window.span
            texts = _texts(sound[int(start * RATE) : int(end * RATE)], audio.language, recogniser, limits)
            found.append(_heard(audio, model, window, texts, recogniser))
            print(found[-1], file=sys.stderr, flush=True)
    return found


def _texts(
    clip: NDArray[np.float32], language: str, recogniser: Recogniser, limits: Sequence[float]
) -> dict[float, Plain]:
    """The segment without a limit, under infinity, and with each one that its text exceeds."""

    def recognised(limit: float) -> Plain:
        with _limit(limit):
            return recogniser.recognise([clip], How(language, TRANSCRIBE, 5), 1, lambda part: None)[0]

    first = recognised(np.inf)
    return {np.inf: first, **{limit: recognised(limit) for limit in limits if repetition(first["text"]) > limit}}


def _heard(audio: Audio, model: str, window: Window, texts: dict[float, Plain], recogniser: Recogniser) -> Heard:
    first = texts[np.inf]
    said = _units(window.text, audio.language)
    errors = {limit: _errors(said, _units(found["text"], audio.language)) for limit, found in texts.items()}
    return Heard(
        model=model,
        audio=audio.name,
        seconds=window.span[1] - window.span[0],
        reference_ratio=repetition(window.text),
        ratio=repetition(first["text"]),
        tokens=len(recogniser._model.hf_tokenizer.encode(first["text"], add_special_tokens=False).ids),
        logprob=first["avg_logprob"],
        cut=first["cut"],
        words=len(said.split()),
        errors=errors.pop(np.inf),
        text=first["text"],
        by_limit=errors,
    )


@contextmanager
def _limit(limit: float) -> Iterator[None]:
    before = settings.REPETITIVE
    settings.REPETITIVE = limit
    try:
        yield
    finally:
        settings.REPETITIVE = before


def _units(text: str, language: str) -> str:
    """Words, or the signs of a script without spaces, as errors are counted."""
    plain = normalised(text)
    return " ".join(plain.replace(" ", "")) if language in UNSPACED else plain


def _errors(said: str, found: str) -> int:
    import jiwer

    if not said:
        return len(found.split())
    out = jiwer.process_words(said, found)
    return int(out.substitutions + out.deletions + out.insertions)


def reference_tables(rows: Sequence[Shrinking], circles: Sequence[Caught], limits: Sequence[float]) -> str:
    heads = [f"over {limit}" for limit in limits]
    lines = [f"| {' | '.join(['source', 'windows', 'median', 'most', *heads])} |", "|---" * (4 + len(heads)) + "|"]
    for row in rows:
        cells = [row.source, row.windows, f"{row.median:.2f}", f"{row.most:.2f}", *(row.over[at] for at in limits)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", f"| {' | '.join(['circles in place of', 'made', *heads])} |", "|---" * (2 + len(heads)) + "|"]
    for one in circles:
        cells = [
            f"{one.part:.0%} of the text",
            one.circles,
            *(f"{one.over[at] / one.circles:.0%}" for at in limits),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def model_table(found: Sequence[Summary]) -> str:
    titles = ("model", "limit", "windows", "decoded anew", "reference repeats", "better", "worse", "errors")
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    lines += [f"| {' | '.join(str(value) for value in asdict(one).values())} |" for one in found]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="", help="as tiny,base; none: references alone")
    parser.add_argument("--audio", default=",".join(AUDIO), help=f"of {', '.join(AUDIO)}")
    parser.add_argument("--minutes", type=float, default=2.0, help="of each dialogue")
    parser.add_argument("--limits", default=",".join(map(str, LIMITS)))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    limits = [float(limit) for limit in arguments.limits.split(",")]
    rows, circles = of_references(limits)
    print(reference_tables(rows, circles, limits))
    heard: list[Heard] = []
    try:
        for name in [name for name in arguments.models.split(",") if name]:
            heard += _of_model(name, arguments, limits)
    except Unavailable as error:
        print(f"The benchmark needs real models: {error}", file=sys.stderr)
        return 1
    found = summaries(heard, limits)
    if heard:
        print(f"\n{model_table(found)}")
    if arguments.json:
        data: dict[str, Sequence[Any]] = {"references": rows, "circles": circles, "windows": heard, "limits": found}
        plain = {name: [asdict(one) for one in some] for name, some in data.items()}
        arguments.json.write_text(json.dumps(plain, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


def _of_model(name: str, arguments: argparse.Namespace, limits: Sequence[float]) -> list[Heard]:
    """tiny knows English alone."""
    recogniser = Recogniser(str(real_model(name)), Plan("cpu", "int8", 1), arguments.threads, timed=False)
    heard: list[Heard] = []
    with tempfile.TemporaryDirectory() as folder:
        for audio in arguments.audio.split(","):
            made = make(audio, Path(folder), arguments.minutes)
            if made.language == "en" or recogniser.is_multilingual:
                heard += of_audio(made, recogniser, name, limits)
    return heard


if __name__ == "__main__":
    sys.exit(main())
