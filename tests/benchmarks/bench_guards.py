"""What real models invent where nobody speaks, how much of it the guards flag, and what they flag of real speech.

    python -m tests.benchmarks.bench_guards --models tiny,base --json FILE

Ten minutes each of silence, of faint noise, of a hum, of chords, of a tune and of real kitchen sound go through the
whole program: turns with a word that no guard flags are counted. Then half minutes of the same are recognised all
the same, as if they had been taken for speech: the words that come are all invented, and those flagged are the
guards' hits. Last, real recordings of speech go through the whole program: words flagged there are false alarms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.transcription.audio import data_folder, make
from tests.benchmarks.transcription.no_speech import Samples, sounds
from tests.benchmarks.transcription.transcribers import How as Run
from tests.benchmarks.transcription.transcribers import ours
from tests.real_models import WHISPERS, Unavailable, real_model
from tests.transcription.sounds import write_wav
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.transcription.engine import Plan
from woz.transcription.guards import guarded, guessed
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.recogniser import TRANSCRIBE, How, Recogniser
from woz.transcription.task import Heard, Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE
from woz.transcription.turns import Placed, turns_of
from woz.transcription.wording import words_of

WINDOW = 30 * RATE
SPEECH = ("call", "call-leak", "call-mono", "channels", "jfk", "ami_dev00", "ami_trn03")
"""Real recordings."""


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


@dataclass(frozen=True)
class Alarms:
    """`flagged` of the words of a recording in which people speak."""

    model: str
    audio: str
    words: int
    flagged: int


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
        for name, samples in sounds(minutes, data_folder()):
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


def alarms(model: Path, names: Sequence[str], threads: int) -> list[Alarms]:
    """Of each recording of speech; all words were said, or stand for some that were."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            made = ours(make(name, Path(folder)), Run(model, threads=threads))
            found.append(Alarms(model.name, name, sum(map(len, made.words.values())), made.flagged))
            print(found[-1], file=sys.stderr, flush=True)
    return found


def table(rows: Sequence[Row]) -> str:
    titles = ("model", "sound", "speech found", "turns", "unflagged", "words forced", "flagged", "missed")
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for row in rows:
        cells = [row.model, row.sound, f"{row.speech_s:.1f} s", row.turns, row.unflagged]
        cells += [f"{row.invented} in {row.windows} half minutes", row.flagged, row.missed or "-"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def alarm_words(found: Sequence[Alarms]) -> str:
    lines = []
    for model in dict.fromkeys(one.model for one in found):
        own = [one for one in found if one.model == model]
        words, flagged = sum(one.words for one in own), sum(one.flagged for one in own)
        lines.append(f"{model}: {flagged} of {words} words of real speech flagged, in {len(own)} recordings")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(WHISPERS), help=f"of {', '.join(WHISPERS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each sound")
    parser.add_argument(
        "--windows", type=int, default=4, help="half minutes of each that are recognised all the same"
    )
    parser.add_argument("--speech", default=",".join(SPEECH), help=f"of {', '.join(SPEECH)}")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rows: list[Row] = []
    false: list[Alarms] = []
    speech = [name for name in arguments.speech.split(",") if name]
    try:
        for name in arguments.models.split(","):
            model = real_model(name)
            rows += measured(model, arguments.minutes, arguments.windows, arguments.threads)
            false += alarms(model, speech, arguments.threads)
    except Unavailable as error:
        print(f"The benchmark needs real models: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        data = {"sounds": [asdict(row) for row in rows], "speech": [asdict(one) for one in false]}
        arguments.json.write_text(json.dumps(data, indent=1), encoding="utf-8")
    print(f"{table(rows)}\n\n{alarm_words(false)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
