"""What a release shows of whole sessions: its pictures and what was said, by session time."""

from __future__ import annotations

from collections.abc import Iterable

from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.dataset.harness.released import Line, Released
from woz.dataset.release.checking import demand_as_frozen
from woz.dataset.release.session_pictures import SessionPictures, list_name
from woz.formats.transcripts.webvtt import read_turns
from woz.model.ids import TranscriptId

MOST_PICTURES = 8


class Footage:
    """`lines` are question sets whose clips' pictures are shown too. Times are in s. Raises WozError where a file
    of the release was changed.
    """

    def __init__(self, release: Released, lines: Iterable[Line] = ()) -> None:
        self._release = release
        self._lines = list(lines)
        self._taken: dict[str, list[tuple[float, str]]] = {}
        self._spoken: dict[str, list[tuple[float, str]]] = {}

    def pictures(self, session: str, start_s: float, end_s: float) -> tuple[str, ...]:
        """At most `MOST_PICTURES` names, evenly over those from start to end; the last one is among them."""
        if session not in self._taken:
            self._taken[session] = sorted((self._of_clips(session) | self._of_session(session)).items())
        names = [name for t, name in self._taken[session] if start_s <= t < end_s]
        count = min(len(names), MOST_PICTURES)
        return tuple(names[(n + 1) * len(names) // count - 1] for n in range(count))

    def said(self, session: str, start_s: float, end_s: float) -> list[str]:
        """As "role: text", what ended after the start, and by the end."""
        if session not in self._spoken:
            self._spoken[session] = self._turns(session)
        return [text for t, text in self._spoken[session] if start_s < t <= end_s]

    def _of_clips(self, session: str) -> dict[float, str]:
        mine = [line for line in self._lines if line.session == session]
        return {t: name for line in mine for t, name in zip(line.frame_times_s, line.frames, strict=False)}

    def _of_session(self, session: str) -> dict[float, str]:
        """The pictures at a stated rate, where the release has such."""
        name, release = list_name(session), self._release
        if name not in release.manifest.files:
            return {}
        demand_as_frozen(release.folder, release.manifest, [name])
        try:
            found = read_file(release.folder / name, SessionPictures)
        except (OSError, Unsound) as error:
            raise WozError(
                f"{release.folder / name} can't be read ({error}); get a whole copy of the release."
            ) from error
        return dict(zip(found.times_s, found.names, strict=False))

    def _turns(self, session: str) -> list[tuple[float, str]]:
        name, release = f"transcripts/{session}.turns.vtt", self._release
        if name not in release.manifest.files:
            return []
        demand_as_frozen(release.folder, release.manifest, [name])
        turns = read_turns(release.folder / name, TranscriptId(""))
        return [(turn.interval.end_ns / 1e9, f"{turn.speaker}: {turn.text}") for turn in turns]
