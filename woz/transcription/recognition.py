"""What the voices of a session say: windows of half a minute, those of several short tracks at once.

A decoder that works on several windows reads its weights once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from woz.transcription.cache import model_key
from woz.transcription.engine import Part, Plain
from woz.transcription.listening import Prepared
from woz.transcription.packing import Region
from woz.transcription.task import Settings
from woz.transcription.tracks import RATE
from woz.transcription.work import Work

WINDOW_S = 30.0
"""What Whisper hears at once."""
HALVINGS = 2
"""Three tokens a letter and twelve letters a second are too many for a decoder in half of a window, too."""
LEAST_S = 5.0
"""A shorter window holds less than a decoder writes."""

Window = tuple[Prepared, Region]
"""A stretch of a voice's packed sound (s)."""


class Recognition:
    """By the engine of `work`, in one language; a voice is recognised anew where nothing was kept of it."""

    def __init__(self, work: Work, language: str, settings: Settings) -> None:
        self._work = work
        self._language = language
        self._settings = settings

    def key(self, one: Prepared) -> tuple[object, ...]:
        """What the segments of a voice depend on."""
        model, settings = model_key(self._work.engine.model_path()), self._settings
        how = (settings.beam, settings.precision, settings.hotwords)
        return one.key, asdict(one.packing), model, self._language, *how

    def transcribed(self, voices: Sequence[Prepared]) -> dict[str, list[Plain]]:
        """The segments with any text of each voice, by its key; times are those of the packed sound."""
        found: dict[str, list[Plain]] = {}
        for group in _groups([one for one in voices if one.speech], self._work.engine.plan.batch):
            found |= self._of_group(group)
        return found

    def translated(self, one: Prepared, windows: Sequence[Region], part: Part) -> list[Plain]:
        """To English, the segments with any text of each window."""
        made: list[Plain] = self._work.kept(
            "translated",
            lambda: [s for found in self._segments([(one, w) for w in windows], "translate", part) for s in found],
            *self.key(one),
            windows,
        )
        return [segment for segment in made if segment["text"]]

    def _of_group(self, group: Sequence[Prepared]) -> dict[str, list[Plain]]:
        part = self._work.steps.begin("recognition", group[0].voice.speaker)

        def make(lacking: Sequence[int]) -> list[list[Plain]]:
            windows = [(group[i], window) for i in lacking for window in _windows(group[i])]
            found = iter(self._segments(windows, "transcribe", part))
            return [[segment for _ in _windows(group[i]) for segment in next(found)] for i in lacking]

        found = self._work.kept_each("recognised", make, [self.key(one) for one in group])
        for one in group[1:]:
            self._work.steps.begin("recognition", one.voice.speaker)
        said = [[segment for segment in segments if segment["text"]] for segments in found]
        return {one.key: segments for one, segments in zip(group, said, strict=True)}

    def _segments(
        self, windows: Sequence[Window], task: str, part: Part, halvings: int = HALVINGS
    ) -> list[list[Plain]]:
        """Of each window one segment; or those of its halves, where its text was cut."""
        found = [[segment] for segment in self._heard(windows, task, part)]
        cut = [i for i, (segment,) in enumerate(found) if halvings and _can_be_halved(segment)]
        if not cut:
            return found
        halves = [(one, half) for one, window in (windows[i] for i in cut) for half in one.packing.halves(*window)]
        again = iter(self._segments(halves, task, lambda done: None, halvings - 1))
        for i in cut:
            _, window = windows[i]
            found[i] = [{**segment, "part_of": list(window)} for segment in (*next(again), *next(again))]
        return found

    def _heard(self, windows: Sequence[Window], task: str, part: Part) -> list[Plain]:
        clips = [one.packed[int(start * RATE) : int(end * RATE)] for one, (start, end) in windows]
        found = self._work.engine.recognise(clips, self._language, task, part)
        return [_later(segment, window) for segment, (_, window) in zip(found, windows, strict=True)]


def _can_be_halved(segment: Plain) -> bool:
    return bool(segment.get("cut")) and segment["end"] - segment["start"] >= LEAST_S


def _windows(one: Prepared) -> list[Region]:
    return one.packing.chunks(WINDOW_S)


def _groups(voices: Sequence[Prepared], most: int) -> Iterator[list[Prepared]]:
    """Voices next to each other with at most so many windows together, or one that has more."""
    group: list[Prepared] = []
    for one in voices:
        if group and sum(len(_windows(other)) for other in [*group, one]) > most:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _later(segment: Plain, window: Region) -> Plain:
    """The segment of a clip on the time that the clip was cut from."""
    start, end = window
    words = [
        {**word, "start": word["start"] + start, "end": min(end, word["end"] + start)}
        for word in segment.get("words", ())
    ]
    return {**segment, "start": start, "end": end, "words": words}
