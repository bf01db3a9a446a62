"""A clip of each question, or of each annotation of a tier type, with the frames' own times and the sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import av

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.batch.items import Item
from woz.batch.kind import SESSIONS, PassedOver, Place, Planned, Result
from woz.batch.kinds.session_files import each, hidden, lacks_film, shown_files
from woz.batch.kinds.taking import derived
from woz.batch.stored import StoredFiles
from woz.dataset.release.clips import ENCODER, Cut, cut_clip, frame_times
from woz.lab.ports import Project
from woz.lab.releasing import timed_film
from woz.model.annotation import Annotation
from woz.model.ids import SessionId
from woz.model.kinds import Item as Annotated
from woz.model.question import Question
from woz.model.tier import Tier
from woz.recording.folder.session_folder import SessionFolder

QUESTIONS = "questions"
MOST_PICTURES = 64


@dataclass(frozen=True, slots=True)
class Parameters:
    """`of` is "questions", or a tier type's key; `pictures` are taken of each clip, at equal distances."""

    of: str = QUESTIONS
    pictures: int = 0


class Clips:
    name: ClassVar[str] = "clips"
    says: ClassVar[str] = "a clip of each question, or of each annotation of a tier type"
    parameters: ClassVar[type[Any]] = Parameters

    def tools(self, parameters: Any) -> dict[str, str]:
        """Raises WozError for a number of pictures that can't be."""
        if not 0 <= parameters.pictures <= MOST_PICTURES:
            raise WozError(f"A clip has 0 to {MOST_PICTURES} pictures, not {parameters.pictures}.")
        return {"clips": "1", "av": av.__version__, **{f"clip_{name}": said for name, said in ENCODER.items()}}

    def roots(self, project: Project, parameters: Any) -> dict[str, Path]:
        return {SESSIONS: project.sessions_dir}

    def plan(
        self, project: Project, sessions: Sequence[SessionId], parameters: Any
    ) -> Iterator[Planned | PassedOver]:
        """Of the approved blurred copy, where the project asks for that."""
        stored = StoredFiles(project)

        def planned(folder: SessionFolder) -> Iterator[Planned | PassedOver]:
            session = SessionId(folder.path.name)
            if why := lacks_film(folder, stored) or hidden(project, folder):
                yield PassedOver(session, why)
                return
            files, spans = (
                shown_files(project, folder),
                list(_spans(project.annotations.load(session), parameters.of)),
            )
            if not spans:
                yield PassedOver(session, f"it has no {parameters.of}")
            for name, cut in spans:
                yield Planned(f"{session}-{name}", files, {"session": session, **cut})

        return each(project, sessions, planned)

    def work(self, item: Item, place: Place) -> Sequence[str]:
        said = item.parameters
        film = timed_film(place.input(item, 0), SessionFolder(place.roots[SESSIONS] / said["session"]).frames)
        span = Interval(said["start_ns"], said["end_ns"])
        cut = Cut(span, said["silent_from_ns"], said["pictures"])
        name = item.id.removeprefix(f"{said['session']}-")
        pictures = [place.out / f"{name}-{n:02d}.jpg" for n in range(said["pictures"])]
        taken = cut_clip(film, cut, place.out / f"{name}.mp4", pictures)
        wanted = frame_times(span, said["pictures"])
        missing = counted(len(wanted) - len(taken), "picture is missing", "pictures are missing")
        return () if len(taken) == len(wanted) else (missing,)

    def collect(self, project: Project, results: Iterator[Result], taken: Callable[[Result], None]) -> str:
        count = sum(1 for _ in derived(project, results, taken, "clips"))
        return (
            f"{counted(count, 'clip is', 'clips are')} in their sessions' folders derived/clips." if count else ""
        )


def _spans(items: Sequence[Annotated], of: str) -> Iterator[tuple[str, dict[str, int]]]:
    """The id of what is cut, and from when to when (ns); a question's clip has no sound of its answer."""
    tiers = {item.id for item in items if isinstance(item, Tier) and item.tier_type == of}
    for item in items:
        if of == QUESTIONS and isinstance(item, Question):
            yield item.id, _cut(item.clip, item.answered.start_ns)
        elif isinstance(item, Annotation) and item.tier_id in tiers and item.end_ns and item.interval.duration_ns:
            yield item.id, _cut(item.interval, item.interval.end_ns)


def _cut(span: Interval, silent_from_ns: int) -> dict[str, int]:
    return {"start_ns": span.start_ns, "end_ns": span.end_ns, "silent_from_ns": silent_from_ns}
