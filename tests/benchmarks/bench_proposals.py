"""How good woz's own proposers are on data with truth, as one table; it writes what they state of themselves.

    python -m tests.benchmarks.bench_proposals [--demo FOLDER ...] [--json] [--write]

States: real speech of two people, split onto two tracks, with and without a leak, and a spoken dialogue, recognised
with a real model, the smallest; with `--demo` the recordings of `woz demo FOLDER`, whose script is the truth, too.
Steps: CaptainCook4D's and HoloAssist's, by marks that are made up (`Marking`), or set as an instruction is given.
Models: a server that names the step of each picture rightly, or often, stands in for a model.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import numpy as np

from storage import Project
from tests.benchmarks.transcription.audio import Audio, data_folder, make
from tests.benchmarks.transcription.transcribers import How, ours
from tests.core.films import write_film
from tests.core.model_server import model_server
from tests.real_models import real_model
from woz.annotation.lag import ENOUGH, learnt_lag_ns
from woz.annotation.measures.agreement import Doubled
from woz.annotation.proposals.asking import Ask, Mark, Proposal
from woz.annotation.proposals.from_marks import LAG
from woz.annotation.proposals.known import loaded, proposer
from woz.annotation.proposals.quality import STATED, Stated, compared, quality
from woz.annotation.states import conversation_states
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release.clips import frame_times
from woz.lab.proposing import MODEL_BY, STATES_BY, STEPS_BY, Drafting, prepare
from woz.lab.proposing_by_model import ENDPOINT, PER_WINDOW, USUAL_BUDGET, windows_of
from woz.lab.transcribing import Wishes, transcribe_session
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION
from woz.model.people import Role
from woz.model.scheme import Label, TierType
from woz.model.transcript import Turn
from woz.transcription.references import Utterance
from woz.transcription.task import Settings

MADE = Made(Origin.MANUAL)
STATES = CONVERSATION.tier_types[0]
NEXT_WITHIN_NS = 10 * NS_PER_S
"""What begins so soon after an instruction is what it asks for."""


@dataclass(frozen=True, slots=True)
class Marking:
    """How somebody marks live: late by `lag_s` in the median (log-normal, `spread` of its logarithm), forgetting
    some. Assumed; nobody was measured.
    """

    lag_s: float = 1.0
    spread: float = 0.5
    forgotten: float = 0.05


@dataclass(frozen=True, slots=True)
class Steps:
    """A session's steps by time, as (start, end, label); `asked` has when an instruction was given (ns)."""

    name: str
    duration_ns: int
    steps: tuple[tuple[int, int, str], ...]
    asked: tuple[int, ...] = ()

    @property
    def truth(self) -> list[Annotation]:
        numbered = enumerate(self.steps)
        return [Annotation(AnnotationId(str(n)), TierId(""), a, b, LabelId(x), MADE) for n, (a, b, x) in numbered]

    @property
    def tier_type(self) -> TierType:
        return TierType("steps", labels=tuple(Label(LabelId(x), x) for x in sorted({x for _, _, x in self.steps})))

    def label_at(self, t_ns: int) -> str:
        return next((x for a, b, x in reversed(self.steps) if a <= t_ns < b), "none")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--demo", type=Path, nargs="+", default=[], help="folders that woz demo has recorded into")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    parser.add_argument("--write", action="store_true", help="write what woz states of its proposers")
    given = parser.parse_args()
    found = [*by_states(given.demo), *by_marks(), *by_model()]
    if given.write:
        text = msgspec.json.format(msgspec.json.encode(found), indent=2)
        STATED.write_bytes(text + b"\n")
    if given.json:
        sys.stdout.write(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{row(each)}\n" for each in found)
    return 0


def row(each: Stated) -> str:
    """Of a table in Markdown."""
    q = each.quality
    figures = (q.sessions, q.truths, q.proposals, q.time_agreement, q.f1_50, q.f1_25, q.starts_s, q.starts_p90_s)
    return "| " + " | ".join(map(str, (each.by, each.data, each.how, *figures))) + " |"


# states


def by_states(demos: Sequence[Path]) -> Iterator[Stated]:
    model = real_model("tiny")
    rooms = {
        "A call and two meetings": (("call", "ami_dev00", "ami_trn03"), "Real speech, a track a person."),
        "The call with a leak": (("call-leak",), "The expert is heard 15 dB lower in the trainee's track."),
        "A dialogue of two minutes": (("dialogue-en",), "Spoken by a synthesiser, with noise."),
    }
    for data, (names, how) in rooms.items():
        with tempfile.TemporaryDirectory() as folder:
            audios = [make(name, Path(folder), 2.0) for name in names]
            yield Stated(STATES_BY, data, how, quality([_states_of(audio, model) for audio in audios]))
    if demos:
        found = [_demo(folder, model) for folder in demos]
        count = f"woz demo, {len(found)} recording{'' if len(found) == 1 else 's'}"
        yield Stated(STATES_BY, count, "Two scripted people, recorded over a link.", quality(found))


def _states_of(audio: Audio, model: Path) -> Doubled:
    made = ours(audio, How(model))
    duration_ns = round(audio.seconds * NS_PER_S)
    turns = _turns(made.turns)
    truth = conversation_states(_turns(audio.spoken), duration_ns, TierId(""), MADE)
    return compared(audio.name, duration_ns, truth, _answer(STATES_BY, Ask(STATES, duration_ns, turns)))


def _turns(said: Sequence[Utterance]) -> tuple[Turn, ...]:
    return tuple(
        Turn(TurnId(str(n)), TranscriptId("t"), Role(u.speaker), _span(u), u.text or "") for n, u in enumerate(said)
    )


def _span(u: Utterance) -> Interval:
    return Interval(round(u.start_s * NS_PER_S), round(u.end_s * NS_PER_S))


def _demo(folder: Path, model: Path) -> Doubled:
    """The script's turns are the truth, in the trainee's time; the recorded sound is recognised anew."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(folder / "project", Path(place) / "project")
        with Project.open(Path(place) / "project", SystemClock()) as project:
            (session,) = project.sessions.all()
            scripted = prepare(project, session.id, Drafting(STATES_BY)).ask
            transcribe_session(project, session.id, Wishes(Settings(str(model), language="en")), lambda _: None)
            ask = prepare(project, session.id, Drafting(STATES_BY)).ask
    truth = conversation_states(scripted.turns, ask.duration_ns, TierId(""), MADE)
    return compared(session.id, ask.duration_ns, truth, _answer(STATES_BY, ask))


# steps


def by_marks() -> Iterator[Stated]:
    marking = Marking()
    how = (
        f"Marks made up: {marking.lag_s:.0f} s late in the median, {marking.forgotten:.0%} forgotten; "
        "the lag learnt from five corrections of other sessions."
    )
    for data, rooms in (("CaptainCook4D, 79 recordings", cooked()), ("HoloAssist, 41 sessions", assisted())):
        yield Stated(STEPS_BY, data, how, quality(_marked(rooms, marking, corrected=True)))
        late = f"The same marks with {LAG}=0."
        yield Stated(STEPS_BY, data, late, quality(_marked(rooms, marking, corrected=False)))
    some = [each for each in assisted() if each.asked]
    asked = "Marked as the instruction is given (real times), by whoever knows which step it is of."
    data = f"HoloAssist, {len(some)} sessions with instructions"
    yield Stated(STEPS_BY, data, asked, quality([_by(each, _instructed(each), 0) for each in some]))


def cooked() -> list[Steps]:
    path = data_folder() / "annotations" / "captaincook4d" / "error_annotations_recipes_1-6.json"
    found = []
    for each in json.loads(path.read_bytes()):
        done = [s for s in each["step_annotations"] if s["start_time"] >= 0]
        steps = sorted((_ns(s["start_time"]), _ns(s["end_time"]), str(s["step_id"])) for s in done)
        found.append(Steps(each["recording_id"], max(end for _, end, _ in steps), tuple(steps)))
    return found


def assisted() -> list[Steps]:
    found = []
    for path in sorted((data_folder() / "annotations" / "holoassist").glob("*.json")):
        data = json.loads(path.read_bytes())
        coarse = [e for e in data["events"] if e["label"] == "Coarse grained action"]
        named = [(e, f"{e['attributes'].get('Verb')} {e['attributes'].get('Noun')}") for e in coarse]
        steps = sorted((_ns(e["start"]), _ns(e["end"]), name) for e, name in named)
        asked = sorted(_ns(e["start"]) for e in data["events"] if _is_instruction(e))
        end = max(_ns(e["end"]) for e in data["events"])
        found.append(Steps(path.stem, end, tuple(steps), tuple(asked)))
    return found


def _is_instruction(event: Mapping[str, object]) -> bool:
    attributes = event["attributes"]
    assert isinstance(attributes, dict)
    return "high-level instruction" in str(attributes.get("Conversation Purpose", ""))


def _ns(seconds: float) -> int:
    return round(float(seconds) * NS_PER_S)


def _marked(rooms: Sequence[Steps], marking: Marking, corrected: bool) -> list[Doubled]:
    random = np.random.default_rng(3)
    marks = [_marks(each, marking, random) for each in rooms]
    lags = [[t - a for t, a, _ in each] for each in marks]
    found = []
    for number, (room, some) in enumerate(zip(rooms, marks, strict=True)):
        others = [lag for n, each in enumerate(lags) if n != number for lag in each][:ENOUGH]
        lag_ns = (learnt_lag_ns(others) or 0) if corrected else 0
        found.append(_by(room, [(t, label) for t, _, label in some], lag_ns))
    return found


def _marks(room: Steps, marking: Marking, random: np.random.Generator) -> list[tuple[int, int, str]]:
    """(When it was marked, when it began, label)."""
    kept = [step for step in room.steps if random.random() >= marking.forgotten]
    lags = np.exp(random.normal(np.log(marking.lag_s), marking.spread, len(kept)))
    return [(min(room.duration_ns, a + _ns(lag)), a, x) for (a, _, x), lag in zip(kept, lags, strict=True)]


def _instructed(room: Steps) -> list[tuple[int, str]]:
    """A step's mark at the last instruction before it begins, where one is near."""
    found = []
    for start, _, label in room.steps:
        before = [t for t in room.asked if t <= start and start - t <= NEXT_WITHIN_NS]
        found += [(max(before), label)] if before else []
    return found


def _by(room: Steps, marks: Sequence[tuple[int, str]], lag_ns: int) -> Doubled:
    told = tuple(Mark(t, label) for t, label in marks)
    ask = Ask(room.tier_type, room.duration_ns, marks=told, options={LAG: str(lag_ns / NS_PER_S)})
    return compared(room.name, room.duration_ns, room.truth, _answer(STEPS_BY, ask) if told else [])


def _answer(by: str, ask: Ask) -> list[Proposal]:
    return list(loaded(proposer(by).place)(ask, lambda _: None))


# by a model


def by_model() -> Iterator[Stated]:
    rooms = cooked()[::4]
    longest = max(each.duration_ns for each in rooms)
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mkv"
        write_film(
            film, "libx264", {"preset": "ultrafast"}, [1_000 * n for n in range(longest // NS_PER_S + 1)], 10, 0
        )
        for right in (1.0, 0.7):
            how = f"A stand-in that names {right:.0%} of the pictures rightly; no real model was tried."
            doubled = [_by_server(room, film, right) for room in rooms]
            yield Stated(MODEL_BY, f"CaptainCook4D, {len(rooms)} recordings", how, quality(doubled))


def _by_server(room: Steps, film: Path, right: float) -> Doubled:
    """It is asked window after window, so that it knows which pictures it is shown without a look at them."""
    random = np.random.default_rng(4)
    windows = iter(windows_of(room.duration_ns, USUAL_BUDGET))
    labels = [*(label.key for label in room.tier_type.labels), "none"]

    def answer(_: object) -> str:
        times = frame_times(next(windows), PER_WINDOW)
        keys = [room.label_at(t) if random.random() < right else str(random.choice(labels)) for t in times]
        return json.dumps({"keys": keys, "sure": right})

    with model_server(answer) as server:
        ask = Ask(room.tier_type, room.duration_ns, media=str(film), options={ENDPOINT: server.url})
        return compared(room.name, room.duration_ns, room.truth, _answer(MODEL_BY, ask))


if __name__ == "__main__":
    raise SystemExit(main())
