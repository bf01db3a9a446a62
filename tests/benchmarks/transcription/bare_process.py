"""whisperx, or faster-whisper, as its own documentation runs it, on each track by itself: a process of its own.

    python -m tests.benchmarks.transcription.bare_process JSON

JSON is an object of "which", "model", "aligner", "language", "threads", "device", "precision", "batch", "tracks";
`tracks` maps speakers to files. Writes {"turns": [[speaker, start, end, text, [[word, start], …]], …], "cpu_s",
"peak_mb"}.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
os.environ["HF_HUB_OFFLINE"] = "1"

TURN_PAUSE_S = 0.5
Turn = tuple[str, float, float, str, list[tuple[str, float]]]


def whisperx_turns(asked: dict[str, Any]) -> list[Turn]:
    """Its segments, and, where an aligner is given, its aligned sentences with their words."""
    import torch
    import whisperx

    from woz.transcription.forced_alignment import provide_sentence_data

    torch.set_num_threads(asked["threads"])
    keep = provide_sentence_data(Path(tempfile.gettempdir()))
    asr = whisperx.load_model(
        asked["model"],
        asked["device"],
        compute_type=asked["precision"],
        language=asked["language"],
        threads=asked["threads"],
    )
    turns: list[Turn] = []
    for speaker, path in asked["tracks"].items():
        audio = whisperx.load_audio(path)
        segments = asr.transcribe(audio, batch_size=asked["batch"], language=asked["language"])["segments"]
        if asked["aligner"]:
            model, metadata = whisperx.load_align_model(
                asked["language"], asked["device"], model_name=asked["aligner"], model_cache_only=True
            )
            segments = whisperx.align(segments, model, metadata, audio, asked["device"])["segments"]
        for s in segments:
            words = [(w["word"], float(w["start"])) for w in s.get("words", ()) if "start" in w]
            turns.append((speaker, float(s["start"]), float(s["end"]), s["text"], words))
    del keep
    return turns


def faster_whisper_turns(asked: dict[str, Any]) -> list[Turn]:
    """Its words by their own times, cut at a pause."""
    import faster_whisper

    if asked["device"] == "cuda":
        import torch  # noqa: F401 - CTranslate2 finds cuBLAS where torch has loaded its own

    model = faster_whisper.WhisperModel(
        asked["model"],
        device=asked["device"],
        compute_type=asked["precision"],
        cpu_threads=asked["threads"],
    )
    turns: list[Turn] = []
    for speaker, path in asked["tracks"].items():
        segments, _ = model.transcribe(path, language=asked["language"], word_timestamps=True, vad_filter=True)
        turns += _by_pauses(speaker, [word for segment in segments for word in segment.words or ()])
    return turns


def _by_pauses(speaker: str, words: list[Any]) -> list[Turn]:
    groups: list[list[Any]] = []
    for word in words:
        if groups and word.start - groups[-1][-1].end < TURN_PAUSE_S:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        (speaker, g[0].start, g[-1].end, "".join(w.word for w in g), [(w.word, w.start) for w in g]) for g in groups
    ]


def main() -> None:
    asked = json.loads(sys.argv[1])
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    turns = (whisperx_turns if asked["which"] == "whisperx" else faster_whisper_turns)(asked)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    own.write(json.dumps({"turns": turns, "cpu_s": time.process_time(), "peak_mb": peak_mb}))


if __name__ == "__main__":
    main()
