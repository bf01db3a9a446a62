"""A Whisper model that says with each window's text when each letter of it is said, by its own attention.

Only the worker process imports this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ctranslate2
import faster_whisper
import numpy as np
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.transcription.decoder_context import DecoderContext
from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.known_languages import not_known
from woz.transcription.letters import Said, timed_text
from woz.transcription.repetition import repetition
from woz.transcription.spoken_language import MOST
from woz.transcription.tracks import RATE
from woz.transcription.windows import FRAMES_A_SECOND, LONGEST, batches, frames_of

Samples = NDArray[np.float32]

TRANSCRIBE = "transcribe"
WINDOW = LONGEST // FRAMES_A_SECOND * RATE
SILENCE = RATE // 5
"""So much of it is heard in full."""
SUPPRESSED = [-1]
"""Those that the model's own configuration names."""

REPETITIVE = 2.4
"""A text that repeats itself more goes round in circles, as OpenAI's own program has it."""
GUESSED = -1.0
"""Below this mean logarithm of the probability a text is a mere guess."""
CHANCES: tuple[Mapping[str, Any], ...] = ({"no_repeat_ngram_size": 5}, {"no_repeat_ngram_size": 3, "beam_size": 1})
"""Ways to search again, one after another, for a window whose text failed."""
REMEMBERED = MOST
"""Of so many windows that were asked for their language the encoder's output is kept until they are recognised."""
BROKEN, LETTER = "\ufffd", 4
"""What stands for a letter of which tokens lack, and how many of them a letter has at most."""


@dataclass(frozen=True, slots=True)
class How:
    """`task` is TRANSCRIBE or "translate"; of `hotwords` the model is told as if they had been said before."""

    language: str
    task: str
    beam: int
    hotwords: str = ""


@dataclass(frozen=True, slots=True)
class _Decoded:
    """`full`: the text's room was filled before the model ended it."""

    tokens: list[int]
    text: str
    logprob: float
    no_speech: float
    ratio: float
    full: bool

    @property
    def failed(self) -> bool:
        return self.ratio > REPETITIVE or self.logprob < GUESSED

    @property
    def cut(self) -> bool:
        """Whether there may be more to write; a text that fails fills any room."""
        return self.full and not self.failed


class Recogniser:
    """One loaded model. `timed` says whether its attention can tell when words are said."""

    def __init__(self, path: str, plan: Plan, threads: int, timed: bool) -> None:
        self._model = _loaded(path, plan, threads)
        self._timed = timed
        self._remembered: dict[bytes, NDArray[np.float32]] = {}

    @property
    def is_multilingual(self) -> bool:
        return bool(self._model.model.is_multilingual)

    def languages(self, samples: Samples) -> dict[str, float]:
        """How likely at most half a minute is in each language."""
        if not self.is_multilingual:
            return {"en": 1.0}
        encoded = self._model.encode(self._features([samples]))
        self._remember(samples, encoded)
        (found,) = self._model.model.detect_language(encoded)
        return {str(token[2:-2]): float(probability) for token, probability in found}

    def recognise(self, clips: Sequence[Samples], how: How, batch: int, part: Part) -> list[Plain]:
        """A segment for each clip. Raises WozError for a language that the model hasn't."""
        if self.is_multilingual and self._model.hf_tokenizer.token_to_id(f"<|{how.language}|>") is None:
            raise not_known(how.language)
        tokenizer = Tokenizer(self._model.hf_tokenizer, self.is_multilingual, task=how.task, language=how.language)
        found: dict[int, Plain] = {}
        for some in batches([len(clip) for clip in clips], batch):
            made = self._batch([clips[i] for i in some], tokenizer, how)
            found.update(zip(some, made, strict=True))
            part(len(found) / len(clips))
        return [found[i] for i in range(len(clips))]

    def _batch(self, clips: Sequence[Samples], tokenizer: Any, how: How) -> list[Plain]:
        """Of clips in windows of one length."""
        encoded = self._encoded(clips)
        decoded = self._decoded(encoded, len(clips), tokenizer, how, {})
        self._decode_again(encoded, clips, decoded, tokenizer, how)
        self._decode_whole(encoded, clips, decoded, tokenizer, how)
        timed = self._timed and how.task == TRANSCRIBE
        tokens = [found.tokens for found in decoded]
        words = self._words(encoded, clips, tokens, tokenizer) if timed else [[] for _ in clips]
        return [
            _segment(len(clip) / RATE, found, said) for clip, found, said in zip(clips, decoded, words, strict=True)
        ]

    def _decoded(
        self, encoded: Any, count: int, tokenizer: Any, how: How, other: Mapping[str, Any], whole: bool = False
    ) -> list[_Decoded]:
        """The text of each of `count` windows; `other` settings of the search take the place of the usual ones.

        `whole`: a text may fill all the room there is, not half of it.
        """
        prompt, context = self._prompt(tokenizer, how)
        longest = context.whole if whole else context.usual
        usual = {
            "beam_size": how.beam,
            "max_length": context.max_length(longest),
            "suppress_tokens": SUPPRESSED,
        }
        results = self._model.model.generate(
            encoded, [prompt] * count, return_scores=True, return_no_speech_prob=True, **{**usual, **other}
        )
        return [_decoded_of(result, tokenizer, longest) for result in results]

    def _prompt(self, tokenizer: Any, how: How) -> tuple[list[int], DecoderContext]:
        """What the model is told before a text, and the room beside it."""
        hotwords = how.hotwords if how.task == TRANSCRIBE else ""
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True, hotwords=hotwords or None)
        return prompt, DecoderContext(self._model.max_length, len(prompt), len(tokenizer.sot_sequence))

    def _decode_again(
        self, encoded: Any, sounds: Sequence[Samples], decoded: list[_Decoded], tokenizer: Any, how: How
    ) -> None:
        """Windows whose text goes round in circles, or is a mere guess, get other chances; the best is kept."""
        for other in CHANCES:
            failed = [i for i, found in enumerate(decoded) if found.failed]
            if not failed:
                return
            some = self._some(encoded, sounds, failed)
            for i, found in zip(failed, self._decoded(some, len(failed), tokenizer, how, other), strict=True):
                if not found.failed or found.ratio < decoded[i].ratio:
                    decoded[i] = found

    def _decode_whole(
        self, encoded: Any, sounds: Sequence[Samples], decoded: list[_Decoded], tokenizer: Any, how: How
    ) -> None:
        """Texts that half the decoder's room doesn't hold get all of it; what fails then stays as it was.

        Not at once: a search goes on until as many texts as its beam is wide have ended, and some go round instead.
        """
        cut = [i for i, found in enumerate(decoded) if found.cut]
        _, context = self._prompt(tokenizer, how)
        if not cut or context.whole <= context.usual:
            return
        some = self._some(encoded, sounds, cut)
        for i, found in zip(cut, self._decoded(some, len(cut), tokenizer, how, {}, whole=True), strict=True):
            if not found.failed:
                decoded[i] = found

    def _words(
        self, encoded: Any, sounds: Sequence[Samples], tokens: Sequence[list[int]], tokenizer: Any
    ) -> list[list[Said]]:
        """What the attention says of each window's tokens, in seconds of the window."""
        frames = [max(2, len(sound) * FRAMES_A_SECOND // RATE) for sound in sounds]
        found: list[list[Said]] = [[] for _ in tokens]
        filled = [i for i, said in enumerate(tokens) if said]
        if not filled:
            return found
        alignments = self._model.find_alignment(
            tokenizer,
            [tokens[i] for i in filled],
            self._some(encoded, sounds, filled),
            [frames[i] for i in filled],
        )
        for i, alignment in zip(filled, alignments, strict=True):
            found[i] = [
                (item["word"], float(item["start"]), float(item["end"]), float(item["probability"]))
                for item in alignment
            ]
        return found

    def _remember(self, sound: Samples, encoded: Any) -> None:
        """What was made of one window; on a GPU it can't be laid beside what is made of others, and is let go."""
        if encoded.device == "cpu":
            self._remembered[_mark(sound)] = np.array(encoded)[0]
            for oldest in list(self._remembered)[:-REMEMBERED]:
                del self._remembered[oldest]

    def _encoded(self, sounds: Sequence[Samples]) -> Any:
        """What the encoder makes of sounds in windows of one length, or made of them when they were asked."""
        marks = [_mark(sound) for sound in sounds] if self._remembered else []
        known = {i: self._remembered.pop(mark) for i, mark in enumerate(marks) if mark in self._remembered}
        if not known:
            return self._model.encode(self._features(sounds))
        lacking = [i for i in range(len(sounds)) if i not in known]
        made = self._model.encode(self._features([sounds[i] for i in lacking])) if lacking else ()
        rows = {**known, **dict(zip(lacking, np.asarray(made), strict=True))}
        return ctranslate2.StorageView.from_array(np.stack([rows[i] for i in range(len(sounds))]))

    def _some(self, encoded: Any, sounds: Sequence[Samples], chosen: Sequence[int]) -> Any:
        """What was made of the chosen windows; on a GPU made anew, since it can't be cut there."""
        if len(chosen) == len(sounds):
            return encoded
        if encoded.device != "cpu":
            return self._model.encode(self._features([sounds[i] for i in chosen]))
        return ctranslate2.StorageView.from_array(np.ascontiguousarray(np.asarray(encoded)[list(chosen)]))

    def _features(self, sounds: Sequence[Samples]) -> NDArray[np.float32]:
        """Of sounds in windows of one length."""
        return np.stack([self._mels(sound) for sound in sounds])

    def _mels(self, sound: Samples) -> NDArray[np.float32]:
        """Mel bands of a window; after the sound there is silence, which sounds the same in every frame.

        A window cut by rounded times may have a sample too many.
        """
        heard = sound[:WINDOW]
        part = np.pad(heard, (0, min(WINDOW - len(heard), SILENCE)))
        mels = np.asarray(self._model.feature_extractor(part, padding=0), np.float32)
        return np.pad(mels, ((0, 0), (0, frames_of(len(sound)) - mels.shape[1])), mode="edge")


def _loaded(path: str, plan: Plan, threads: int) -> faster_whisper.WhisperModel:
    """Raises WozError for a precision that this machine doesn't compute in."""
    known = ctranslate2.get_supported_compute_types(plan.device)
    if plan.precision not in known:
        raise WozError(
            f"The {'GPU' if plan.device == 'cuda' else 'CPU'} here doesn't compute in {plan.precision}; leave "
            f"--precision out, or choose one of {', '.join(sorted(known))}."
        )
    return faster_whisper.WhisperModel(
        path, device=plan.device, compute_type=plan.precision, cpu_threads=threads, local_files_only=True
    )


def _mark(sound: Samples) -> bytes:
    """Tells a sound from any other."""
    return hashlib.sha256(sound.tobytes()).digest()


def _decoded_of(result: Any, tokenizer: Any, longest: int) -> _Decoded:
    """`longest`: at so many tokens the search ended a text that the model did not."""
    length = len(result.sequences_ids[0])
    full = length >= longest
    tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
    tokens = _whole_letters(tokens, tokenizer) if full else tokens
    logprob = float(result.scores[0]) * length / (length + 1)
    text = str(tokenizer.decode(tokens))
    return _Decoded(tokens, text, logprob, float(result.no_speech_prob), repetition(text), full)


def _whole_letters(tokens: list[int], tokenizer: Any) -> list[int]:
    """Without the tokens of a last letter that lacks some."""
    for left in range(len(tokens), max(0, len(tokens) - LETTER), -1):
        if not str(tokenizer.decode(tokens[:left])).endswith(BROKEN):
            return tokens[:left]
    return tokens


def _segment(length_s: float, found: _Decoded, said: Sequence[Said]) -> Plain:
    words = timed_text(found.text, [(t, a, min(length_s, b), p) for t, a, b, p in said])
    return {
        "text": found.text.strip(),
        "start": 0.0,
        "end": length_s,
        "avg_logprob": found.logprob,
        "no_speech": found.no_speech,
        "cut": found.cut,
        "words": words,
    }
