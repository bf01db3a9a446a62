"""Who speaks when in one mixed track, with the real voice encoder: ours beside two simple ways, as one table.

    python -m tests.benchmarks.bench_diarization --json FILE
    python -m tests.benchmarks.bench_diarization --audio two_person_call,dialogue-it

Each recording is one mono track. “One voice” gives all speech that the voice-activity stage finds to one person;
“fixed windows” cuts that speech into windows of 1.5 s, and clusters the same encoder's vectors of them; where the
number of voices is not given, at that threshold of a list which is the best, pooled. The error is the diarization
error rate without collar, overlap counted; pooled, each recording counts by its reference speech.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from tests.benchmarks.transcription.audio import data_folder
from tests.benchmarks.transcription.dialogues import dialogue
from tests.real_models import Unavailable, real_model
from woz.transcription.catalogue import ENCODER
from woz.transcription.listening import find_speech, for_voices
from woz.transcription.packing import Region, Samples, packed
from woz.transcription.references import Utterance, read_reference
from woz.transcription.task import Settings
from woz.transcription.tracks import RATE, read_voice

AUDIO = ("ami_dev00", "ami_trn03", "two_person_call", "three_speakers", "dialogue-en")
WINDOW_S = 1.5
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
DIALOGUE_S = 60.0


@dataclass(frozen=True)
class Recording:
    name: str
    samples: Samples
    reference: list[Utterance]

    @property
    def voices(self) -> int:
        return len({u.speaker for u in self.reference})

    @property
    def seconds(self) -> float:
        return sum(u.end_s - u.start_s for u in self.reference)


@dataclass(frozen=True)
class Row:
    audio: str
    by: str
    number_known: bool
    der: float
    voices: int
    true_voices: int
    reference_s: float
    seconds: float


def recording(name: str) -> Recording:
    speech = data_folder() / "speech"
    if name.startswith("dialogue-"):
        made = dialogue(name.removeprefix("dialogue-"), DIALOGUE_S)
        spoken = [Utterance(line.speaker, line.start_s, line.end_s, None) for line in made.spoken]
        return Recording(name, np.sum(list(made.tracks.values()), axis=0), spoken)
    samples = read_voice(speech / f"{name}.wav", 0)[0]
    if (speech / f"{name}.rttm").is_file():
        return Recording(name, samples, read_reference(speech / f"{name}.rttm"))
    data = json.loads((speech / f"{name}.json").read_text())["tests"]["diarization_tests"][0]["segments"]
    spoken = [Utterance(str(s["speaker_tag"]), s["start_sec"], s["end_sec"], None) for s in data]
    return Recording(name, samples, spoken)


Way = Callable[[Recording, list[Region], int | None], list[Utterance]]


def one_voice(_: Recording, speech: list[Region], __: int | None) -> list[Utterance]:
    return [Utterance("all", start, end, None) for start, end in speech]


class Models:
    """The product's engine, and the same encoder by itself."""

    def __init__(self, folder: Path, device: str) -> None:
        from woz.transcription.voice_encoder import VoiceEncoder
        from woz.transcription.whisperx_engine import WhisperXEngine

        self.engine = WhisperXEngine(Settings(diarizer=str(folder), device=device, threads=1))
        self._encoder = VoiceEncoder(folder / "pretrained.pt", device)

    def speech(self, one: Recording) -> list[Region]:
        return find_speech(self.engine, one.samples, [], lambda _: None)

    def ours(self, one: Recording, speech: list[Region], voices: int | None) -> list[Utterance]:
        packing = for_voices(speech, len(one.samples))
        spans = self.engine.diarize(packed(one.samples, RATE, packing), voices, lambda _: None)
        return [Utterance(who, a, b, None) for start, end, who in spans for a, b in packing.pieces_of(start, end)]

    def fixed_windows(self, threshold: float) -> Way:
        def way(one: Recording, speech: list[Region], voices: int | None) -> list[Utterance]:
            from woz.transcription.voice_clusters import clustered

            windows = [window for region in speech for window in _windows(region)]
            vectors = np.stack([self._encoder.embed(_cut(one.samples, window)) for window in windows])
            seconds = np.array([end - start for start, end in windows])
            labels = clustered(vectors, seconds, [], threshold, voices, 1.0)
            return [Utterance(str(who), *window, None) for who, window in zip(labels, windows, strict=True)]

        return way


def _windows(region: Region) -> list[Region]:
    edges = np.linspace(*region, max(1, round((region[1] - region[0]) / WINDOW_S)) + 1)
    return [(float(a), float(b)) for a, b in pairwise(edges)]


def _cut(samples: Samples, region: Region) -> Samples:
    return samples[round(region[0] * RATE) : round(region[1] * RATE)]


def measure(one: Recording, by: str, way: Way, speech: list[Region], known: bool) -> Row:
    from woz.transcription.scoring import figures

    begun = time.perf_counter()
    found = way(one, speech, one.voices if known else None)
    took = time.perf_counter() - begun
    der = figures(one.reference, found)["der"] or 0.0
    voices = len({u.speaker for u in found})
    return Row(one.name, by, known, der, voices, one.voices, one.seconds, took)


def rows(names: Sequence[str], models: Models) -> list[Row]:
    chosen: list[Row] = []
    heard = [(one, models.speech(one)) for one in map(recording, names)]
    for known in (False, True):
        for by, ways in _ways(models, known).items():
            tries: list[list[Row]] = [
                [measure(one, by, way, speech, known) for one, speech in heard] for way in ways
            ]
            best = min(tries, key=pooled)
            chosen += best
    return chosen


def _ways(models: Models, known: bool) -> dict[str, list[Way]]:
    thresholds = THRESHOLDS[:1] if known else THRESHOLDS
    windows = [models.fixed_windows(threshold) for threshold in thresholds]
    return {"one voice": [one_voice], "fixed windows": windows, "ours": [models.ours]}


def pooled(chosen: Sequence[Row]) -> float:
    return sum(row.der * row.reference_s for row in chosen) / sum(row.reference_s for row in chosen)


def table(found: Sequence[Row]) -> str:
    names = list(dict.fromkeys(row.audio for row in found))
    lines = [f"| number of voices | by | {' | '.join(names)} | pooled |", "|---" * (len(names) + 3) + "|"]
    for known in (False, True):
        for by in dict.fromkeys(row.by for row in found):
            own = [row for row in found if (row.by, row.number_known) == (by, known)]
            cells = [f"{row.der:.1%} ({row.voices} of {row.true_voices})" for row in own]
            given = "given" if known else "not given"
            lines.append(f"| {given} | {by} | {' | '.join(cells)} | {pooled(own):.1%} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audio", default=",".join(AUDIO), help=f"of {', '.join(AUDIO)}, dialogue-it …")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--json", type=Path, help="a file to keep the figures in")
    arguments = parser.parse_args()
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    try:
        models = Models(real_model(ENCODER), arguments.device)
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    found = rows(arguments.audio.split(","), models)
    print(table(found))
    ours = [row for row in found if row.by == "ours" and not row.number_known]
    print(f"\nOurs took {sum(row.seconds for row in ours):.1f} s, on one thread and {arguments.device}.")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in found], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
