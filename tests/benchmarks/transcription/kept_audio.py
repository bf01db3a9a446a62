"""Audio of the benchmark in a folder: made on one machine, it can be used on another without espeak-ng."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import av
import numpy as np

from tests.benchmarks.transcription.audio import Audio
from tests.benchmarks.transcription.dialogues import SpokenWord
from woz.transcription.references import Utterance
from woz.transcription.tracks import RATE, read_voice

BLOCK = 4096


def keep(audio: Audio, folder: Path) -> None:
    """A JSON file with what was said, and a FLAC file a track."""
    folder.mkdir(parents=True, exist_ok=True)
    tracks = {}
    for speaker, path in audio.tracks.items():
        tracks[str(speaker)] = f"{audio.name}-{speaker}.flac"
        _write_flac(folder / tracks[str(speaker)], path)
    data = {**asdict(audio), "tracks": tracks}
    (folder / f"{audio.name}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def kept(name: str, folder: Path, minutes: float | None = None) -> Audio | None:
    """As `make` gives it; None where it isn't there, or is longer than `minutes`."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    audio = Audio(**data)
    if minutes and name.startswith("dialogue-") and audio.seconds > minutes * 60 + 1:
        return None
    return replace(
        audio,
        tracks={speaker: folder / file for speaker, file in data["tracks"].items()},
        said=[Utterance(**u) for u in data["said"]],
        spoken=[Utterance(**u) for u in data["spoken"]],
        words={speaker: [SpokenWord(**w) for w in some] for speaker, some in data["words"].items()},
    )


def _write_flac(path: Path, sound: Path) -> None:
    samples, _ = read_voice(sound, 0)
    pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)[None]
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        for at in range(0, pcm.shape[1], BLOCK):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, at : at + BLOCK]), "s16", "mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
