"""One session's transcription, stage by stage; each stage's result is kept under all that it depends on.

leak and voice activity -> recognition -> alignment -> diarization -> attribution. Turns are built by the parent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from woz.errors import WozError
from woz.transcription.attribution import TurnSettings, grouped, voiced
from woz.transcription.cache import Cache, digest, model_key
from woz.transcription.engine import Engine, Part, Plain
from woz.transcription.faults import is_out_of_memory
from woz.transcription.guards import guarded
from woz.transcription.leak import LeakSettings, leak_only, muted
from woz.transcription.packing import Packing, Region, Samples, pack, sounding
from woz.transcription.steps import Steps
from woz.transcription.task import MIXED, Heard, Result, Span, Task, Track, Voice, VoiceResult
from woz.transcription.tracks import RATE, Sound, read_sound

Log = Callable[[str], None]

WINDOW_S = 30.0
"""What Whisper hears at once."""
SURE = 0.8
"""From this probability on, a language other than the one set is told."""


@dataclass
class Prepared:
    """A voice that was read: its sound without what others' leak filled, and where somebody speaks in it."""

    voice: Voice
    sound: Sound
    clean: Samples
    rejected: list[Region]
    speech: list[Region]
    key: str

    @cached_property
    def packed(self) -> tuple[Samples, Packing]:
        return pack(self.clean, RATE, self.speech)

    @property
    def speech_s(self) -> float:
        return sum(end - start for start, end in self.speech)


class Session:
    """The stages of one task, by an engine that outlives it."""

    def __init__(self, task: Task, engine: Engine, steps: Steps, log: Log) -> None:
        self._task, self._settings = task, task.settings
        self._engine, self._steps, self._log = engine, steps, log
        self._cache = Cache(Path(task.cache) if task.cache else None)
        self._faults: list[str] = []
        self._notes: list[str] = list(engine.notes)

    def run(self) -> Result:
        """Raises WozError where no voice can be read, or a model is missing."""
        self._engine.model_path()
        sounds = [(voice, self._read(voice)) for voice in self._task.voices]
        ready = [self._prepare(voice, sound) for voice, sound in sounds if sound]
        if not ready:
            raise WozError("; ".join(self._faults))
        language = self._language(ready)
        results = tuple(self._voice(one, language) for one in ready)
        return Result(results, language, self._engine.made_by, tuple(self._notes), tuple(self._faults))

    # reading, leak, voice activity

    def _read(self, voice: Voice) -> Sound | None:
        try:
            sound = read_sound(Path(voice.sound.path), voice.sound.track)
        except WozError as error:
            self._fault(f"the {voice.speaker}: {error}")
            return None
        if sound.fault:
            self._fault(f"the {voice.speaker}'s track: {sound.fault}")
        return sound

    def _prepare(self, voice: Voice, sound: Sound) -> Prepared:
        part = self._steps.begin("leak", voice.speaker)
        played = self._played(voice.played, sound) if voice.played else None
        if played is None:
            rejected, key = [], sound.content
        else:
            depends = (sound.content, hashlib.sha256(played.tobytes()).hexdigest(), asdict(LeakSettings()))
            rejected = self._kept("leak", lambda: leak_only(sound.samples, played, RATE), *depends)
            key = digest(*depends)
        clean = muted(sound.samples, rejected, RATE) if rejected else sound.samples
        part = self._steps.begin("voice activity", voice.speaker)
        speech = self._kept("speech", lambda: self._speech(clean, rejected, part), key)
        return Prepared(voice, sound, clean, _regions(rejected), _regions(speech), key)

    def _played(self, track: Track, sound: Sound) -> Samples | None:
        """What was played, laid on the microphone's time."""
        try:
            played = read_sound(Path(track.path), track.track)
        except WozError as error:
            self._notes.append(f"leak was not looked for: {error}")
            return None
        late = round((played.start_ns - sound.start_ns) * RATE / 1_000_000_000)
        laid = np.zeros(len(sound.samples), np.float32)
        first, last = max(0, late), min(len(laid), late + len(played.samples))
        laid[first : max(first, last)] = played.samples[first - late : max(first, last) - late]
        return laid

    def _speech(self, samples: Samples, rejected: Sequence[Region], part: Part) -> list[Region]:
        """The model is asked about sound only: digital silence and what was rejected cost nothing."""
        stretches = sounding(samples, RATE, rejected)
        found: list[Region] = []
        for i, (start, end) in enumerate(stretches):
            piece = samples[round(start * RATE) : round(end * RATE)]
            regions = self._careful(partial(self._engine.speech, piece, lambda _: None))
            found += [(start + a, start + b) for a, b in regions]
            part((i + 1) / len(stretches))
        return found

    # language

    def _language(self, ready: Sequence[Prepared]) -> str:
        """The language that is set, or that of the voice with most speech; one that seems wrong is told."""
        loudest = max(ready, key=lambda one: one.speech_s)
        if not loudest.speech:
            return self._settings.language or ""
        self._steps.begin("language", "")
        model = model_key(self._engine.model_path())
        found, sure = self._kept(
            "language",
            lambda: list(self._careful(lambda: self._engine.language(loudest.packed[0]))),
            loudest.key,
            model,
        )
        wanted = self._settings.language
        if wanted and found != wanted and sure > SURE:
            self._fault(f"the language was set to {wanted}, but it sounds like {found}; transcribe again with it")
        return wanted or str(found)

    # one voice

    def _voice(self, one: Prepared, language: str) -> VoiceResult:
        speaker = one.voice.speaker
        rejected_ns = round(sum(end - start for start, end in one.rejected) * 1e9)
        if not one.speech:
            return VoiceResult(speaker, (), 0, language, (), rejected_ns)
        segments = self._recognised(one, language)
        words = guarded(self._words(one, segments, language), one.clean, RATE)
        if speaker == MIXED or one.voice.bystanders:
            words = voiced(words, self._diarized(one), None if speaker == MIXED else speaker)
        translation: list[Span] = []
        if self._settings.translate and language != "en":
            translation = self._translated(one, words, language)
        by_ns = one.sound.start_ns
        return VoiceResult(
            speaker,
            tuple(_shifted(word, by_ns) for word in words),
            round(one.speech_s * 1e9),
            language,
            tuple(_shifted(span, by_ns) for span in translation),
            rejected_ns,
        )

    def _recognised(self, one: Prepared, language: str) -> list[Plain]:
        samples, packing = one.packed
        part = self._steps.begin("recognition", one.voice.speaker)
        chunks = packing.chunks(WINDOW_S)
        segments: list[Plain] = self._kept(
            "recognised",
            lambda: self._careful(lambda: self._engine.recognise(samples, chunks, language, "transcribe", part)),
            *self._recognised_key(one, language),
        )
        return segments

    def _recognised_key(self, one: Prepared, language: str) -> tuple[object, ...]:
        return one.key, one.speech, model_key(self._engine.model_path()), language, self._settings.beam

    def _translated(self, one: Prepared, words: Sequence[Heard], language: str) -> list[Span]:
        """To English, one stretch a turn."""
        samples, packing = one.packed
        part = self._steps.begin("translation", one.voice.speaker)
        groups = grouped(words, TurnSettings(longest_ns=round(WINDOW_S * 1e9)))
        chunks = [packing.forth(g[0].start_ns / 1e9, max(w.end_ns for w in g) / 1e9) for g in groups]
        segments = self._kept(
            "translated",
            lambda: self._careful(lambda: self._engine.recognise(samples, chunks, language, "translate", part)),
            *self._recognised_key(one, language),
            chunks,
        )
        return [_span(segment, packing) for segment in segments]

    def _words(self, one: Prepared, segments: list[Plain], language: str) -> list[Heard]:
        aligner = self._engine.aligner_path(language)
        samples, packing = one.packed
        part = self._steps.begin("alignment", one.voice.speaker)
        if segments and aligner is None:
            self._note(f"no alignment model for {language or 'this language'}: word times are spread over segments")
        elif segments:
            depends = (*self._recognised_key(one, language), model_key(aligner))
            segments = self._kept(
                "aligned",
                lambda: self._careful(lambda: self._engine.align(segments, samples, language, part)),
                *depends,
            )
        if aligner and any(not segment.get("words") for segment in segments):
            self._note("some segments could not be aligned: their words are spread over them")
        return [_mapped(word, packing) for segment in segments for word in words_of(segment, language)]

    def _diarized(self, one: Prepared) -> list[tuple[int, int, str]]:
        """Spans of each voice in ns of the track."""
        path = self._engine.diarizer_path()
        if path is None:
            self._fault(
                "voices were not told apart: pyannote's model is not here; woz models list says how to get it"
            )
            return []
        samples, packing = one.packed
        part = self._steps.begin("diarization", one.voice.speaker)
        voices = self._settings.voices if one.voice.speaker == MIXED else None
        spans = self._kept(
            "diarized",
            lambda: self._careful(lambda: self._engine.diarize(samples, voices, part)),
            one.key,
            one.speech,
            model_key(path),
            voices,
        )
        return [
            (round(a * 1e9), round(b * 1e9), label)
            for start, end, label in spans
            for a, b in packing.pieces_of(start, end)
        ]

    # helpers

    def _kept(self, stage: str, make: Callable[[], Any], *depends: object) -> Any:
        if self._cache.has(stage, *depends):
            self._log(f"{stage}: taken from what was kept")
        return self._cache.get(stage, make, *depends)

    def _careful(self, work: Callable[[], Any]) -> Any:
        """Do it with ever less memory until it fits. Raises what it raises for any other reason."""
        while True:
            try:
                return work()
            except Exception as error:
                smaller = self._engine.plan.smaller() if is_out_of_memory(error) else None
                if smaller is None:
                    raise
                text = f"not enough memory for {self._engine.plan}: going on with {smaller}"
            self._log(text)
            self._note(text)
            self._engine.adopt(smaller)

    def _fault(self, text: str) -> None:
        self._faults.append(text)
        self._log(text)

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)


def words_of(segment: Plain, language: str) -> list[Heard]:
    """Words in ns of the packed sound; those without times share the segment, or the time between neighbours."""
    if not segment.get("words"):
        return _spread(segment, language)
    found: list[Heard] = []
    at = float(segment["start"])
    for i, word in enumerate(segment["words"]):
        start = max(at, float(word.get("start", at)))
        later = (float(w["start"]) for w in segment["words"][i + 1 :] if "start" in w)
        at = max(start, float(word.get("end", next(later, segment["end"]))))
        found.append(Heard(word["word"], round(start * 1e9), round(at * 1e9), word.get("score")))
    return found


def _spread(segment: Plain, language: str) -> list[Heard]:
    text = segment["text"].strip()
    texts = [c for c in text if not c.isspace()] if language in ("ja", "zh") else text.split()
    edges = np.linspace(segment["start"], segment["end"], len(texts) + 1) * 1e9
    return [Heard(text, round(edges[i]), round(edges[i + 1])) for i, text in enumerate(texts)]


def _mapped(word: Heard, packing: Packing) -> Heard:
    start, end = packing.back(word.start_ns / 1e9, word.end_ns / 1e9)
    return Heard(word.text, round(start * 1e9), round(end * 1e9), word.confidence)


def _span(segment: Plain, packing: Packing) -> Span:
    pieces = packing.pieces_of(segment["start"], segment["end"])
    return Span(segment["text"].strip(), round(pieces[0][0] * 1e9), round(pieces[-1][1] * 1e9))


def _shifted(item: Any, by_ns: int) -> Any:
    return type(item)(**{**asdict(item), "start_ns": item.start_ns + by_ns, "end_ns": item.end_ns + by_ns})


def _regions(pairs: Sequence[Sequence[float]]) -> list[Region]:
    return [(float(start), float(end)) for start, end in pairs]
