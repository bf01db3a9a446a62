"""One session's transcription, stage by stage; each stage's result is kept under all that it depends on.

leak and voice activity -> recognition -> alignment -> diarization -> attribution. Turns are built by the parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from woz.transcription.attribution import Voiced, voiced
from woz.transcription.cache import Cache, model_key
from woz.transcription.catalogue import ENCODER
from woz.transcription.cut_short import Tally, inside, marked
from woz.transcription.diarizers import title_of
from woz.transcription.engine import Engine, Plain
from woz.transcription.guards import guarded, guessed
from woz.transcription.known_languages import languages_of, not_known
from woz.transcription.listening import Prepared, prepared, read_all
from woz.transcription.placing import laid_out, placed
from woz.transcription.recognition import WINDOW_S, Recognition
from woz.transcription.second_hearing import left_over, taken
from woz.transcription.sentence_case import in_one_sentence
from woz.transcription.spoken_language import Sounding, sounding_of
from woz.transcription.steps import Steps
from woz.transcription.task import MIXED, Heard, Result, Span, Task, VoiceResult
from woz.transcription.tracks import RATE
from woz.transcription.trusted_times import by_segment, lie_far
from woz.transcription.turns import TurnSettings, grouped
from woz.transcription.wording import span_of, words_of
from woz.transcription.work import Log, Work

NOT_ALIGNED = "some segments could not be aligned"
FAR = "in some segments the alignment model's times lay far from where the recogniser heard the words"


class Session:
    """The stages of one task, by an engine that outlives it."""

    def __init__(self, task: Task, engine: Engine, steps: Steps, log: Log) -> None:
        self._task, self._settings = task, task.settings
        self._engine, self._log = engine, log
        self._told_apart_by: list[str] = []
        self._tally = Tally()
        engine.hotwords = self._settings.hotwords
        cache = Cache(Path(task.cache) if task.cache else None, engine.libraries)
        self._work = Work(engine, cache, steps, log)

    def note(self, text: str) -> None:
        """Besides what the stages tell: it stands in the log and in the result."""
        self._log(text)
        self._work.note(text)

    def run(self) -> Result:
        """Raises WozError where no voice can be read, a model is missing, or has not the language that was set."""
        self._demand_language()
        sounds = read_all(self._work, self._task.voices)
        read = {voice.sound: sound for voice, sound in sounds}
        ready = [prepared(self._work, voice, sound, read) for voice, sound in sounds]
        loudest = max(ready, key=lambda one: one.speech_s)
        sounding = sounding_of(self._work, ready, self._settings.language)
        language = self._settings.language or sounding.likeliest
        recognition = Recognition(self._work, language, self._settings)
        said = recognition.transcribed(sorted(ready, key=lambda one: one is not loudest))
        self._doubt_language(sounding)
        results = tuple(self._voice(one, recognition, said.get(one.key, []), language) for one in ready)
        self._tell_of_cuts()
        made_by = ", ".join([self._engine.made_by, *self._told_apart_by])
        return Result(results, language, made_by, tuple(self._work.notes), tuple(self._work.faults))

    def _demand_language(self) -> None:
        """Before any sound is read, as far as the model's folder tells by then."""
        folder, wanted = Path(self._engine.model_path()), self._settings.language
        if wanted and (known := languages_of(folder)) and wanted not in known:
            raise not_known(wanted)

    def _doubt_language(self, sounding: Sounding) -> None:
        """A language that was set, and seems wrong, is told."""
        wanted = self._settings.language
        if wanted and (spoken := sounding.instead_of(wanted)):
            self._work.fault(
                f"the language was set to {wanted}, but it sounds like {spoken}; "
                f"listen, and if so, transcribe again with the language {spoken}"
            )

    def _tell_of_cuts(self) -> None:
        if self._tally.note:
            self._work.note(self._tally.note)
        if self._tally.fault:
            self._work.fault(self._tally.fault)

    def _voice(self, one: Prepared, recognition: Recognition, segments: list[Plain], language: str) -> VoiceResult:
        speaker = one.voice.speaker
        rejected_ns = round(one.rejected_s * 1e9)
        if not one.speech:
            return VoiceResult(speaker, (), (), language, (), rejected_ns)
        words = self._attributed(one, self._all_words(one, recognition, segments, language))
        translation = self._translated(one, recognition, words, language)

        def at(seconds: float) -> int:
            return one.start_ns + round(seconds * 1e9)

        return VoiceResult(
            speaker,
            tuple(_shifted(word, one.start_ns) for word in words),
            tuple((at(start), at(end)) for start, end in one.speech),
            language,
            tuple(_shifted(span, one.start_ns) for span in translation),
            rejected_ns,
        )

    def _all_words(
        self, one: Prepared, recognition: Recognition, segments: list[Plain], language: str
    ) -> list[Heard]:
        """With flags, on the track's time; those of a second hearing of what the first one left without words,
        too, judged beside the others.
        """
        words, begun = self._words(one, recognition, segments, language)
        left = left_over(one, [*words, *self._heard(one, segments)]) if words else None
        again = taken(recognition.transcribed([left]).get(left.key, [])) if left else []
        if left and again:
            more, begun_again = self._words(left, recognition, again, language)
            words = sorted([*words, *more], key=lambda word: word.start_ns)
            begun = [*begun, *begun_again]
        if not one.voice.holds_others:
            words = in_one_sentence(words, begun)
        return guarded(words, one.clean, RATE)

    def _words(
        self, one: Prepared, recognition: Recognition, segments: list[Plain], language: str
    ) -> tuple[list[Heard], list[int]]:
        """Those of segments, on the track's time; those of a guess are flagged, and where text may be missing.

        With them the times (ns) of those that begin a segment's text.
        """
        self._tally.count(segments)
        laid = laid_out(one.speech, one.packing)
        heard = [
            word
            for segment in self._timed(one, recognition, segments, language)
            for word in words_of(segment, laid)
        ]
        words = placed(marked(guessed(heard, segments, laid), segments), one.speech, one.packing)
        return words, [words[i].start_ns for segment in segments for i in inside(heard, segment)[:1]]

    def _heard(self, one: Prepared, segments: Sequence[Plain]) -> list[Heard]:
        """Where the recogniser itself heard words, on the track's time, whatever an aligner says."""
        laid = laid_out(one.speech, one.packing)
        words = [word for segment in segments if segment.get("words") for word in words_of(segment, laid)]
        return placed(words, one.speech, one.packing)

    def _timed(self, one: Prepared, recognition: Recognition, segments: list[Plain], language: str) -> list[Plain]:
        """The segments with times of words: by the aligner, or else the recogniser's own, where it has them."""
        part = self._work.steps.begin("alignment", one.voice.speaker)
        aligner = self._engine.aligner_path(language)
        if aligner is None:
            self._work.note(self._without_aligner(language))
            return segments
        aligned: list[Plain] = self._work.kept(
            "aligned",
            lambda: self._engine.align(segments, one.packed, language, part) if segments else [],
            *recognition.key(one),
            model_key(aligner),
        )
        return self._trusted(segments, aligned)

    def _trusted(self, segments: Sequence[Plain], aligned: Sequence[Plain]) -> list[Plain]:
        """The aligner's sentences; in the place of those that it couldn't time, or not well, the segment itself."""
        found: list[Plain] = []
        for segment, sentences in zip(segments, by_segment(segments, aligned), strict=True):
            untimed = not sentences or not all(sentence.get("words") for sentence in sentences)
            if untimed or lie_far(segment, sentences):
                self._work.note(f"{NOT_ALIGNED if untimed else FAR}: {self._instead()}")
                found.append(segment)
            else:
                found += [{**each, "start": max(each["start"], segment["start"])} for each in sentences]
        return found

    def _without_aligner(self, language: str) -> str:
        return f"no alignment model for {language or 'this language'}: {self._instead()}"

    def _instead(self) -> str:
        if self._engine.times_words():
            return "words have the recogniser's own times"
        return "this model can't time words (no alignment heads), so they are spread over each stretch of speech"

    def _attributed(self, one: Prepared, words: list[Heard]) -> list[Heard]:
        """A track with one person's voice is that person's; other voices are told apart where they may be heard."""
        speaker = one.voice.speaker
        if not one.voice.holds_others:
            return words
        return voiced(words, self._diarized(one), None if speaker == MIXED else speaker)

    def _diarized(self, one: Prepared) -> list[Voiced]:
        path = self._engine.diarizer_path()
        if path is None:
            self._work.fault(
                "voices were not told apart: neither pyannote's model nor the voice encoder is here; run: "
                f"woz models fetch {ENCODER}"
            )
            return []
        self._told_apart_by = [f"voices told apart by {title_of(Path(path))}"]
        part = self._work.steps.begin("diarization", one.voice.speaker)
        voices = self._settings.voices if one.voice.speaker == MIXED else None
        packing = one.packing_for_voices
        spans = self._work.kept(
            "diarized",
            lambda: self._engine.diarize(one.laid(packing), voices, part),
            *(one.key, asdict(packing), model_key(path), voices),
        )
        return [
            (round(a * 1e9), round(b * 1e9), label)
            for start, end, label in spans
            for a, b in packing.pieces_of(start, end)
        ]

    def _translated(
        self, one: Prepared, recognition: Recognition, words: Sequence[Heard], language: str
    ) -> list[Span]:
        """To English where that is wished, one stretch a turn."""
        if not self._settings.translate or language == "en":
            return []
        part = self._work.steps.begin("translation", one.voice.speaker)
        groups = grouped(words, TurnSettings(longest_ns=round(WINDOW_S * 1e9)))
        windows = [one.packing.forth(g[0].start_ns / 1e9, max(w.end_ns for w in g) / 1e9) for g in groups]
        return [span_of(segment, one.packing) for segment in recognition.translated(one, windows, part)]


def _shifted(item: Any, by_ns: int) -> Any:
    return type(item)(**{**asdict(item), "start_ns": item.start_ns + by_ns, "end_ns": item.end_ns + by_ns})
