"""A Whisper model that says with each window's text when each letter of it is said, by its own attention.

Only the worker process imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import faster_whisper
import numpy as np
import torch
import whisperx
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.letters import Said, timed_text
from woz.transcription.packing import Region
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]

WINDOW = 30 * RATE
FRAMES_A_SECOND = 100
SUPPRESSED = [-1]
"""Those that the model's own configuration names."""


class Recogniser:
    """One loaded model. `timed` says whether its attention can tell when words are said."""

    def __init__(self, path: str, plan: Plan, threads: int, timed: bool) -> None:
        self._model = faster_whisper.WhisperModel(
            path,
            device=plan.device,
            compute_type=plan.precision,
            cpu_threads=threads,
            local_files_only=True,
        )
        self._timed = timed

    @property
    def is_multilingual(self) -> bool:
        return bool(self._model.model.is_multilingual)

    def language(self, samples: Samples) -> tuple[str, float]:
        """The language of the first half minute, and its probability."""
        if not self.is_multilingual:
            return "en", 1.0
        encoded = self._model.encode(self._features([samples[:WINDOW]]))
        token, probability = self._model.model.detect_language(encoded)[0][0]
        return str(token[2:-2]), float(probability)

    def recognise(
        self, samples: Samples, windows: Sequence[Region], how: tuple[str, str], beam: int, batch: int, part: Part
    ) -> list[Plain]:
        """A segment for each window with any text; `how` is the language and "transcribe" or "translate"."""
        language, task = how
        tokenizer = Tokenizer(self._model.hf_tokenizer, self.is_multilingual, task=task, language=language)
        found: list[Plain] = []
        waiting = iter(windows)
        done = 0
        while some := list(islice(waiting, batch)):
            found += self._batch(samples, some, tokenizer, beam, self._timed and task == "transcribe")
            done += len(some)
            part(done / len(windows))
        return [segment for segment in found if segment["text"]]

    def _batch(
        self, samples: Samples, windows: Sequence[Region], tokenizer: Any, beam: int, timed: bool
    ) -> list[Plain]:
        sounds = [samples[int(start * RATE) : int(end * RATE)] for start, end in windows]
        encoded = self._model.encode(self._features(sounds))
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True)
        results = self._model.model.generate(
            encoded,
            [prompt] * len(windows),
            beam_size=beam,
            max_length=self._model.max_length,
            suppress_tokens=SUPPRESSED,
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [[t for t in result.sequences_ids[0] if t < tokenizer.eot] for result in results]
        words = self._words(encoded, sounds, tokens, tokenizer) if timed else [[] for _ in tokens]
        return [
            _segment(window, tokenizer.decode(said), timings, result)
            for window, said, timings, result in zip(windows, tokens, words, results, strict=True)
        ]

    def _words(
        self, encoded: Any, sounds: Sequence[Samples], tokens: Sequence[list[int]], tokenizer: Any
    ) -> list[list[Said]]:
        """What the attention says of each window's tokens, in seconds of the window."""
        frames = [max(2, len(sound) * FRAMES_A_SECOND // RATE) for sound in sounds]
        found: list[list[Said]] = [[] for _ in tokens]
        filled = [i for i, said in enumerate(tokens) if said]
        if not filled:
            return found
        if len(filled) < len(tokens):
            encoded = self._model.encode(self._features([sounds[i] for i in filled]))
        alignments = self._model.find_alignment(
            tokenizer, [tokens[i] for i in filled], encoded, [frames[i] for i in filled]
        )
        for i, alignment in zip(filled, alignments, strict=True):
            found[i] = [
                (item["word"], float(item["start"]), float(item["end"]), float(item["probability"]))
                for item in alignment
            ]
        return found

    def _features(self, sounds: Sequence[Samples]) -> NDArray[np.float32]:
        bands = self._model.feat_kwargs.get("feature_size") or 80
        mels = [
            whisperx.audio.log_mel_spectrogram(
                torch.from_numpy(sound), n_mels=bands, padding=WINDOW - len(sound)
            ).numpy()
            for sound in sounds
        ]
        return np.stack(mels)


def _segment(window: Region, text: str, said: Sequence[Said], result: Any) -> Plain:
    start, end = window
    length = len(result.sequences_ids[0])
    words = timed_text(text, [(t, start + a, min(end, start + b), p) for t, a, b, p in said])
    return {
        "text": text.strip(),
        "start": start,
        "end": end,
        "avg_logprob": float(result.scores[0]) * length / (length + 1),
        "no_speech": float(result.no_speech_prob),
        "words": words,
    }
