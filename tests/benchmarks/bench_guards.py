"""What real models invent where nobody speaks, and how much of it the guards flag.

    python -m tests.benchmarks.bench_guards --models tiny,base --json FILE

Ten minutes each of faint noise, of a hum, of chords and of real kitchen sound go through the whole program: turns
with a word that no guard flags are counted. Then half minutes of the same are recognised all the same, as if they
had been taken for speech: the words that come are all invented, and those flagged are the guards' hits.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.transcription.audio import data_folder
from tests.real_models import WHISPERS, Unavailable, real_model
from tests.transcription.sounds import write_wav
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.transcription.engine import Plan
from woz.transcription.guards import guarded, guessed
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.recogniser import TRANSCRIBE, How, Recogniser
from woz.transcription.task import Heard, Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE, read_voice
from woz.transcription.turns import Placed, turns_of
from woz.transcription.wording import words_of

Samples = NDArray[np.float32]

KITCHENS = ("measurement_error.mp4", "technique_error_1.mp4")
WINDOW = 30 * RATE


@dataclass(frozen=True)
class Row:
    """`unflagged` are turns of the whole program with a word that no guard flags; the rest is of forced windows."""

    model: str
    sound: str
    speech_s: float
    turns: int
    unflagged: int
    windows: int
    invented: int
    flagged: int
    missed: str


def sounds(minutes: float) -> dict[str, Samples]:
    """In -1..1 at 16 kHz."""
    count = round(minutes * 60 * RATE)
    t = np.arange(count) / RATE
    hum = sum(0.1 / k * np.sin(2 * np.pi * 50 * k * t) for k in (1, 2, 3, 5))
    notes = (220.0, 277.2, 329.6, 440.0)
    chords = sum(
        0.05 * np.sin(2 * np.pi * f * 2 ** (np.floor(t * 2) % 5 / 12) * t) * np.exp(-((t * 2) % 1) * 3)
        for f in notes
    )
    kitchen = np.concatenate([read_voice(data_folder() / "video" / name, 0)[0] for name in KITCHENS])
    made = {
        "faint noise": np.random.default_rng(0).normal(0, 3e-4, count),
        "hum": hum,
        "chords": chords,
        "kitchen": np.resize(kitchen, count),
    }
    return {name: np.asarray(sound, np.float32) for name, sound in made.items()}


def forced(recogniser: Recogniser, windows: Sequence[Samples]) -> list[Heard]:
    """The words of windows that nobody speaks in, with the guards' flags."""
    found: list[Heard] = []
    for window in windows:
        segments = recogniser.recognise([window], How("en", TRANSCRIBE, 5), 1, lambda part: None)
        words = guessed([word for segment in segments for word in words_of(segment)], segments)
        found += guarded(words, window, RATE)
    return found


def measured(model: Path, minutes: float, count: int, threads: int) -> list[Row]:
    """A row a sound. Raises SystemExit where recognition fails."""
    recogniser = Recogniser(str(model), Plan("cpu", "int8", 1), threads, timed=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, samples in sounds(minutes).items():
            result = _whole(model, write_wav(Path(folder) / f"{name}.wav", samples), threads)
            starts = range(0, len(samples) - WINDOW + 1, max(1, (len(samples) - WINDOW) // max(1, count - 1)))[
                :count
            ]
            words = forced(recogniser, [samples[at : at + WINDOW] for at in starts])
            rows.append(_row(model.name, name, result, len(starts), words))
            print(rows[-1], file=sys.stderr, flush=True)
    return rows


def _row(model: str, sound: str, result: Result, windows: int, words: Sequence[Heard]) -> Row:
    turns = turns_of(result, TranscriptId("t"), {Role.TRAINEE: Placed(lambda span: span)})
    open_turns = [turn for turn in turns if not all(word.flag for word in turn.words)]
    missed = [word.text for word in words if not word.flag]
    speech_s = sum(voice.speech_ns for voice in result.voices) / 1e9
    flagged = len(words) - len(missed)
    return Row(model, sound, speech_s, len(turns), len(open_turns), windows, len(words), flagged, " ".join(missed))


def _whole(model: Path, track: Path, threads: int) -> Result:
    settings = Settings(str(model), models=str(model.parent), language="en", threads=threads, device="cpu")
    for news in Queue([Task((Voice(Role.TRAINEE, Track(str(track))),), settings)]).run():
        match news:
            case Failed(_, sentence):
                raise SystemExit(sentence)
            case Done(_, result):
                return result
    raise SystemExit("The queue ended without a word.")


def table(rows: Sequence[Row]) -> str:
    titles = ("model", "sound", "speech found", "turns", "unflagged", "words forced", "flagged", "missed")
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for row in rows:
        cells = [row.model, row.sound, f"{row.speech_s:.1f} s", row.turns, row.unflagged]
        cells += [f"{row.invented} in {row.windows} half minutes", row.flagged, row.missed or "-"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(WHISPERS), help=f"of {', '.join(WHISPERS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each sound")
    parser.add_argument(
        "--windows", type=int, default=4, help="half minutes of each that are recognised all the same"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows: list[Row] = []
    try:
        for name in arguments.models.split(","):
            rows += measured(real_model(name), arguments.minutes, arguments.windows, arguments.threads)
    except Unavailable as error:
        print(f"The benchmark needs real models: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
